"""Bad input costs little, says what is wrong, and never stops the server for anybody else."""
import http.client
import io
import json
import os
import socket
import struct
import time

import pytest

import client
from mayfly import change_settings, poll

MIB = 1 << 20
BODY_TOO_LARGE = "The request body is too large"
LIMIT_SECONDS = 2


@pytest.fixture(autouse=True)
def still_alive(server, issuer):
    """After each test the same process still issues."""
    yield
    assert server.process.poll() is None, server.log()[-2000:]
    assert client.sign_v2(server.url, issuer.token()).status == 200


class Raw:
    """A connection on which every byte is ours."""

    def __init__(self, server, seconds=20):
        self.socket = socket.create_connection((server.host, server.port), timeout=seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass                        # answered and closed before all was sent
        return self

    def answer(self):
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        return client.Answer(answer.status, answer.headers, answer.read())

    def rest(self):
        """Everything until the server closes."""
        data = b""
        try:
            while part := self.socket.recv(65536):
                data += part
        except ConnectionResetError:
            pass
        return data

    def reset(self):
        """Leaves like a client whose cable was pulled."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def check_error(answer, status, code, message=None):
    """API-61: one shape for every error."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body["code"] == code and isinstance(body["message"], str) and isinstance(body["details"], list)
    if message is not None:
        assert body["message"] == message


def head(path=client.SIGNING_V2, method="POST", **headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: mayfly"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(server, body, path=client.SIGNING_V2, **headers):
    return client.send(server.url, "POST", path, body, **headers)


# Sizes.

def test_body_of_five_mebibytes_is_refused(server):
    """API-18, with the status that HTTP has for it."""
    with Raw(server) as raw:
        answer = raw.send(head(Content_Length=5 * MIB) + b" " * (5 * MIB)).answer()
    check_error(answer, 413, 3, BODY_TOO_LARGE)


def test_chunked_body_of_five_mebibytes_is_refused(server):
    """API-18: the limit needs no Content-Length."""
    with Raw(server) as raw:
        raw.send(head(Transfer_Encoding="chunked"))
        for _ in range(5):
            raw.send(b"100000\r\n" + b" " * MIB + b"\r\n")
        answer = raw.send(b"0\r\n\r\n").answer()
    check_error(answer, 413, 3, BODY_TOO_LARGE)


def test_body_just_below_the_limit_is_read(server, issuer):
    """API-18."""
    body = client.body_v2(issuer.token(), client.generate())
    assert post(server, body + b" " * (4 * MIB - len(body))).status == 200


def test_expectation_of_a_large_body_costs_no_bandwidth(server):
    """A client that asks first (RFC 9110 §10.1.1) is told before it sends."""
    with Raw(server) as raw:
        raw.send(head(Content_Length=5 * MIB, Expect="100-continue"))
        assert raw.socket.recv(65536).split(b" ")[1] in (b"400", b"413", b"417", b"100")


@pytest.mark.parametrize("body", [
    b'{"credentials":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"[" * 1_000_000, b'{"a":' * 100_000,
], ids=["closed", "open", "objects"])
def test_deep_json_is_refused_quickly(server, body):
    """API-67."""
    begin = time.monotonic()
    check_error(post(server, body), 400, 3)
    assert time.monotonic() - begin < 2


def test_wide_json_is_refused_or_read_quickly(server):
    members = ",".join(f'"x{n}":[]' for n in range(200_000)).encode()
    begin = time.monotonic()
    check_error(post(server, b"{" + members + b"}"), 400, 3)
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("token", ["." * MIB, "a." * (MIB // 2), "a" * (3 * MIB)], ids=["dots", "parts", "letters"])
def test_monstrous_token_is_refused_quickly(server, token):
    """OIDC-20, GHSA-f83f-xpx7-ffpw."""
    begin = time.monotonic()
    check_error(post(server, client.body_v2(token, client.generate())), 400, 3, client.TOKEN_REFUSED)
    assert time.monotonic() - begin < 2


def test_monstrous_number_in_a_token_is_refused(server, issuer):
    answer = client.sign_v2(server.url, issuer.token(exp=10 ** 4000))
    check_error(answer, 400, 3, client.TOKEN_REFUSED)


@pytest.mark.parametrize("data", [
    head(X_Padding="a" * (2 * MIB)), head(**{f"X_{n}": "a" for n in range(50_000)}),
    b"GET /" + b"a" * (2 * MIB) + b" HTTP/1.1\r\nHost: mayfly\r\n\r\n", b"a" * (2 * MIB),
], ids=["one header", "many headers", "path", "no line"])
def test_monstrous_header_is_refused(server, data):
    with Raw(server) as raw:
        answer = raw.send(data).rest()
    # 501 is for a method of two million letters (RFC 9110 §9.1).
    assert answer == b"" or int(answer.split(b" ", 2)[1]) in (400, 414, 431, 501)


# Text that is no request.

@pytest.mark.parametrize("body", [
    b"{", b"nonsense", b'{"credentials":1}', b'{"publicKeyRequest":[]}', b'{"a":1,"a":2}', b"\xff\xfe{}", b"{\"a\":\"\xff\"}",
    b'{"certificateSigningRequest":"!"}', b'{"publicKeyRequest":{},"certificateSigningRequest":"QQ=="}', b"[]", b'"text"',
    b'{"credentials":{"oidcIdentityToken":"\\ud800"}}',
])
def test_malformed_json_is_the_callers_fault(server, body):
    """API-14, API-67: a parse error and its place, never the token check."""
    check_error(post(server, body), 400, 3)


@pytest.mark.parametrize("version, body", [("v2", b""), ("v2", b"{}"), ("v2", b"null")])
def test_empty_request_lacks_a_token(server, version, body):
    """API-17, API-24: the token comes first."""
    answer = post(server, body, f"/api/{version}/signingCert")
    assert answer.status == 400 and answer.headers["WWW-Authenticate"] is None
    if body != b"null":
        check_error(answer, 400, 3, client.TOKEN_REFUSED)


def test_v1_request_with_neither_key_nor_request_lacks_a_key(server):
    """API-53: checked before the token."""
    check_error(post(server, b"{}", client.SIGNING_V1), 400, 3, client.KEY_UNREADABLE)


# 1.12: what is looked at first.

def weak_key():
    return client.rsa.generate_private_key(65537, 1024)


def unreadable(body):
    return json.dumps(body | {"publicKeyRequest": body["publicKeyRequest"] | {"publicKey": {"content": "no key"}}})


@pytest.mark.parametrize("name, message", [
    ("bad token, no key", client.TOKEN_REFUSED), ("bad token, weak key", client.TOKEN_REFUSED),
    ("bad token, bad request", client.TOKEN_REFUSED), ("no key", client.KEY_UNREADABLE),
    ("unreadable key, bad proof", client.KEY_UNREADABLE), ("weak key, bad proof", client.KEY_WEAK),
    ("bad proof", client.PROOF_REFUSED), ("unreadable request", client.CSR_UNREADABLE),
    ("weak request", client.KEY_WEAK), ("damaged request", client.PROOF_REFUSED),
])
def test_first_fault_in_the_order_of_evaluation_is_named(server, issuer, name, message):
    """fulcio-spec 1.12, API-63, POP-18."""
    good, bad, key = issuer.token(), "x.y.z", client.generate()
    token = bad if name.startswith("bad token") else good
    proof_wrong = json.loads(client.body_v2(token, key, "somebody else"))
    no_key = {"credentials": {"oidcIdentityToken": token}}
    damaged = bytearray(client.request_pem(key))
    damaged[-60] = ord("A") if damaged[-60] != ord("A") else ord("B")
    body = {
        "bad token, no key": lambda: no_key, "no key": lambda: no_key,
        "bad token, weak key": lambda: json.loads(client.body_v2(token, weak_key())),
        "bad token, bad request": lambda: no_key | {"certificateSigningRequest": "QQ=="},
        "unreadable key, bad proof": lambda: json.loads(unreadable(proof_wrong)),
        "weak key, bad proof": lambda: json.loads(client.body_v2(token, weak_key(), "somebody else")),
        "bad proof": lambda: proof_wrong,
        "unreadable request": lambda: no_key | {"certificateSigningRequest": "QQ=="},
        "weak request": lambda: json.loads(client.csr_body_v2(token, weak_key())),
        "damaged request": lambda: no_key | {"certificateSigningRequest": client.base64_text(bytes(damaged))},
    }[name]()
    check_error(post(server, json.dumps(body).encode()), 400, 3, message)


def test_refusal_never_repeats_the_token(server, issuer):
    """API-66 and promise 6."""
    token = issuer.token(aud="another")
    answer = client.sign_v2(server.url, token)
    check_error(answer, 400, 3, client.TOKEN_REFUSED)
    assert token.split(".")[1].encode() not in answer.body


# Methods and paths.

@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "BREW", "TRACE"])
@pytest.mark.parametrize("path", [client.SIGNING_V1, client.SIGNING_V2])
def test_wrong_method_is_not_implemented(server, method, path):
    """API-36, API-62."""
    check_error(client.send(server.url, method, path), 501, 12, "Method Not Allowed")


@pytest.mark.parametrize("path", ["/", "/api", "/api/v3/signingCert", "/api/v2/signingCert/", "/api/v2/signingCert/x",
                                  "/..", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "/%ff", "/" + "a/" * 3000, "//"])
def test_unknown_path_is_not_found(server, path):
    """API-5, API-36."""
    check_error(client.send(server.url, "GET", path), 404, 5, "Not Found")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
def test_content_type_is_not_looked_at(server, issuer, kind):
    """API-15."""
    body = client.body_v2(issuer.token(), client.generate())
    assert post(server, body, Content_Type=kind).status == 200


def test_method_override_is_not_honoured(server):
    """API-68: a quirk that is left out."""
    answer = post(server, b"{}", Content_Type="application/x-www-form-urlencoded", X_HTTP_Method_Override="GET")
    check_error(answer, 400, 3, client.TOKEN_REFUSED)


# Clients that are slow, idle, gone, or two at once.

def drip(server, first):
    """Sends a byte four times a second until the server closes; the seconds that took."""
    begin = time.monotonic()
    with Raw(server, 0.25) as raw:
        raw.send(first)
        while time.monotonic() - begin < 10 * LIMIT_SECONDS:
            try:
                raw.socket.sendall(b"a")
                if raw.socket.recv(4096) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - begin


SLOW = {"request line": b"POST ", "header": head()[:-2] + b"X-Slow: ", "body": head(Content_Length=1000),
        "second request": b"GET /healthz HTTP/1.1\r\nHost: mayfly\r\n\r\nPOST "}


@pytest.mark.parametrize("where", SLOW)
def test_slow_sender_is_closed_at_the_limit(deployment, issuer, where):
    """API-71: a byte now and then gains nothing."""
    directory = deployment.init()
    change_settings(directory, lambda settings: settings.update({"limits": {"request-seconds": LIMIT_SECONDS}}))
    hurried = deployment.serve(directory, issuer.settings())
    assert LIMIT_SECONDS - 1 < drip(hurried, SLOW[where]) < LIMIT_SECONDS + 2


def test_thousand_idle_connections_leave_room_for_another(server, issuer):
    idle = [Raw(server) for _ in range(1000)]
    try:
        begin = time.monotonic()
        assert client.sign_v2(server.url, issuer.token()).status == 200
        assert time.monotonic() - begin < 2
    finally:
        for raw in idle:
            raw.socket.close()


def test_thousand_begun_requests_leave_room_for_another(server, issuer):
    begun = [Raw(server).send(head(Content_Length=100) + b"{") for _ in range(1000)]
    try:
        assert client.sign_v2(server.url, issuer.token()).status == 200
    finally:
        for raw in begun:
            raw.reset()


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def test_clients_that_leave_are_forgotten(server, issuer):
    client.sign_v2(server.url, issuer.token())
    poll(lambda: descriptors(server) < 100, 60, "the end of old connections")
    before = descriptors(server)
    whole = client.body_v2(issuer.token(), client.generate())
    for number in range(200):
        raw = Raw(server).send(head(Content_Length=len(whole)))
        raw.send(whole if number % 2 else whole[:len(whole) // 2])
        raw.reset()
    poll(lambda: descriptors(server) <= before + 5, 30, "the closing of 200 abandoned connections")


# HTTP request smuggling (RFC 9112 §6, §11.2): a second request must never be seen inside the first.

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: mayfly\r\n\r\n"
POST = b"POST /api/v2/signingCert HTTP/1.1\r\nHost: mayfly\r\n"
SMUGGLED = {
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HEALTH) + HEALTH,
    "list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(HEALTH) + HEALTH,
    "length and chunked": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HEALTH,
    "chunked and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + HEALTH,
    "chunked not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HEALTH,
    "unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HEALTH,
    "space before colon": POST + b"Content-Length : %d\r\n\r\n" % len(HEALTH) + HEALTH,
    "signed length": POST + b"Content-Length: +0\r\n\r\n" + HEALTH,
    "negative length": POST + b"Content-Length: -1\r\n\r\n" + HEALTH,
    "hexadecimal length": POST + b"Content-Length: 0x0\r\n\r\n" + HEALTH,
    "huge length": POST + b"Content-Length: 18446744073709551617\r\n\r\n" + HEALTH,
    "bad chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HEALTH,
    "huge chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n" + HEALTH,
    "folded header": POST + b"X-A: b\r\n Content-Length: 0\r\nContent-Length: 0, 1\r\n\r\n" + HEALTH,
    "zero byte in header": POST + b"X-A: \0\r\nContent-Length: 0\r\n\r\n" + HEALTH,
    "line feed in name": POST + b"X\nContent-Length: 0\r\n\r\n" + HEALTH,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_no_second_request_is_smuggled(server, name):
    with Raw(server, 5) as raw:
        raw.send(SMUGGLED[name])
        raw.socket.shutdown(socket.SHUT_WR)
        try:
            received = raw.rest()
        except TimeoutError:
            pytest.fail("the connection stays open")
    assert b"SERVING" not in received
    if received:
        answer = client.http.client.HTTPResponse(Replay(received))
        answer.begin()
        assert 400 <= answer.status < 500


class Replay:
    """Received bytes as if they were a socket."""

    def __init__(self, data):
        self.data = data

    def makefile(self, *_):
        return io.BytesIO(self.data)


def test_two_requests_in_one_packet_get_two_answers(server):
    """Pipelining (RFC 9112 §9.3.2): the counterpart that shows the test above can see a second answer."""
    with Raw(server, 5) as raw:
        raw.send(HEALTH + HEALTH)
        raw.socket.shutdown(socket.SHUT_WR)
        assert raw.rest().count(b"SERVING") == 2

"""The timestamp authority, judged by OpenSSL, by rfc3161-client and by sigstore-python's own client."""
import base64
import datetime
import hashlib
import json
import urllib.request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import decode_timestamp_response
from sigstore._internal.timestamp import TimestampAuthorityClient, TimestampError

import authorities
import client
import mayfly
import stampers
from stampers import PATH, REPLY, TIME_STAMPING

POLICY = "1.3.6.1.4.1.57264.2"
MESSAGE = b"the bytes of a signature"


@pytest.fixture(scope="module")
def chain(server):
    return x509.load_pem_x509_certificates((server.directory / "tsa/chain.pem").read_bytes())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "message").write_bytes(MESSAGE)
    return tmp_path


def serve(deployment, issuer, made, **options):
    """A server with a timestamp authority of the tests'."""
    directory = deployment.init()
    stampers.use(directory, made, **options)
    return deployment.serve(directory, issuer.settings())


def metric(server, name):
    text = urllib.request.urlopen(server.url + "/metrics").read().decode()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


# What clients send, and what verifies


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("nonce", [True, False])
@pytest.mark.parametrize("certificates", [True, False])
@pytest.mark.parametrize("policy", [True, False])
def test_openssl_accepts_every_kind_of_answer(server, chain, folder, digest, nonce, certificates, policy):
    options = ["-" + digest] + ["-no_nonce"] * (not nonce) + ["-cert"] * certificates
    query = stampers.openssl_query(folder, *options, *(["-tspolicy", POLICY] if policy else []))
    answer = stampers.ask(server.url, query)
    assert (answer.status, answer.headers["Content-Type"]) == (200, REPLY)
    said = stampers.openssl_verify(folder, answer.body, chain)
    assert said.returncode == 0 and "Verification: OK" in said.stdout, said.stderr
    assert (len(answer.body) > 900) == certificates, "the certificate is there when it was asked for"
    text = stampers.openssl_text(folder, answer.body)
    assert f"Policy OID: {POLICY}" in text and "Accuracy: 0x01 seconds" in text and "Ordering: no" in text
    assert ("Nonce: unspecified" in text) == (not nonce)


def test_openssl_refuses_the_answer_to_another_request(server, chain, folder):
    """The counterpart: the judge looks at nonce and digest."""
    answer = stampers.ask(server.url, stampers.openssl_query(folder, "-sha256"))
    stampers.openssl_query(folder, "-sha256")
    assert stampers.openssl_verify(folder, answer.body, chain).returncode != 0
    (folder / "message").write_bytes(b"other bytes")
    stampers.openssl_query(folder, "-sha256", "-no_nonce")
    assert stampers.openssl_verify(folder, answer.body, chain).returncode != 0


def test_sigstore_python_gets_timestamps_that_verify(server, chain):
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    response = TimestampAuthorityClient(server.url + PATH).request_timestamp(MESSAGE)
    read = stampers.verify(chain, response.as_bytes(), MESSAGE)
    assert before <= read.tst_info.gen_time <= datetime.datetime.now(datetime.timezone.utc)
    assert read.tst_info.policy.dotted_string == POLICY
    with pytest.raises(Exception):
        stampers.verify(chain, response.as_bytes(), b"other bytes")


def test_what_cosign_sends_is_answered(server, chain):
    """The recorded request: no nonce, certReq left out. The bundle then has no certificate; the trust root has it."""
    query = bytes.fromhex("30360201013031300d060960864801650304020105000420") + hashlib.sha256(MESSAGE).digest()
    answer = stampers.ask(server.url, query)
    read = stampers.verify(chain, answer.body, MESSAGE)
    assert read.tst_info.nonce is None and not read.signed_data.certificates


def test_chain_is_served_with_the_authority_first(server, chain):
    with urllib.request.urlopen(server.url + PATH + "/certchain") as answer:
        assert answer.headers["Content-Type"] == "application/pem-certificate-chain"
        assert x509.load_pem_x509_certificates(answer.read()) == chain
    assert len(chain) == 2
    usage = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical and list(usage.value) == [TIME_STAMPING]


def test_a_timestamp_is_never_older_than_the_certificate(server, issuer):
    leaf = server.issue(issuer)[0]
    answer = stampers.ask(server.url, stampers.request(MESSAGE))
    assert decode_timestamp_response(answer.body).tst_info.gen_time >= leaf.not_valid_before_utc


def test_serial_numbers_are_positive_long_and_unique(server):
    found = {decode_timestamp_response(stampers.ask(server.url, stampers.request(MESSAGE)).body).tst_info.serial_number
             for _ in range(20)}
    assert len(found) == 20 and all(1 << 64 < number < 1 << 159 for number in found)


# Sigstore's JSON


def json_request(message=MESSAGE, digest="sha256", **members):
    hashed = hashlib.new(digest, message).digest()
    return json.dumps({"artifactHash": base64.b64encode(hashed).decode(), "hashAlgorithm": digest} | members).encode()


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_json_requests_are_answered(server, chain, digest):
    nonce = 0xFEDCBA9876543210FEDCBA9876543210
    body = json_request(digest=digest, certificates=True, nonce=nonce, tsaPolicyOID=POLICY)
    answer = stampers.ask(server.url, body, "application/json; charset=utf-8")
    assert (answer.status, answer.headers["Content-Type"]) == (200, REPLY)
    read = stampers.verify(chain, answer.body, MESSAGE)
    assert read.tst_info.nonce == nonce and read.signed_data.certificates


@pytest.mark.parametrize("body,reason,failure", [
    (json_request(digest="sha1"), "TIMESTAMP_REFUSED", "badAlg"),
    (json_request(hashAlgorithm="sha512"), "TIMESTAMP_REFUSED", "badDataFormat"),
    (json_request(tsaPolicyOID="1.2.3.4"), "TIMESTAMP_REFUSED", "unacceptedPolicy"),
    (b"{", "BODY_UNPARSABLE", None),
    (json_request(nonce=1.5), "BODY_UNPARSABLE", None),
])
def test_json_requests_are_refused_in_json(server, body, reason, failure):
    answer = stampers.ask(server.url, body, "application/json")
    assert answer.status == 400
    detail = answer.json()["details"][0]
    assert detail["reason"] == reason and detail["metadata"].get("failure") == failure


# Requests that get no timestamp


@pytest.mark.parametrize("options,failure", [
    (["-sha1"], "unrecognized or unsupported algorithm identifier"),
    (["-sha3-256"], "unrecognized or unsupported algorithm identifier"),
    (["-sha256", "-tspolicy", "1.2.3.4"], "the requested TSA policy is not supported by the TSA"),
])
def test_der_requests_are_refused_in_the_protocol(server, folder, options, failure):
    answer = stampers.ask(server.url, stampers.openssl_query(folder, *options))
    assert (answer.status, answer.headers["Content-Type"]) == (200, REPLY)
    text = stampers.openssl_text(folder, answer.body)
    assert "Status: Rejected." in text and f"Failure info: {failure}" in text and "Not included." in text


def test_bytes_after_the_request_are_refused(server, folder):
    answer = stampers.ask(server.url, stampers.request(MESSAGE) + b"\0")
    assert "Failure info: the data submitted has the wrong format" in stampers.openssl_text(folder, answer.body)


@pytest.mark.parametrize("body,content_type,status,reason", [
    (b"", stampers.QUERY, 400, "BODY_UNPARSABLE"),
    (b"garbage", stampers.QUERY, 400, "BODY_UNPARSABLE"),
    (stampers.request(MESSAGE)[:-1], stampers.QUERY, 400, "BODY_UNPARSABLE"),
    (b"\x30\x82\x10\x00" + b"\0" * 4096, stampers.QUERY, 413, "BODY_TOO_LARGE"),
    (json_request(nonce=10**1000), "application/json", 413, "BODY_TOO_LARGE"),
    (stampers.request(MESSAGE), "application/octet-stream", 415, "MEDIA_TYPE_UNSUPPORTED"),
    (stampers.request(MESSAGE), "", 415, "MEDIA_TYPE_UNSUPPORTED"),
])
def test_unreadable_requests_are_http_errors(server, body, content_type, status, reason):
    answer = stampers.ask(server.url, body, content_type)
    assert answer.status == status and answer.json()["details"][0]["reason"] == reason


def test_results_are_counted_and_not_logged(server):
    granted, refused = (metric(server, f'mayfly_timestamps_total{{result="{name}"}}') for name in ("granted", "badAlg"))
    lines = len(server.lines)
    for _ in range(5):
        assert stampers.ask(server.url, stampers.request(MESSAGE)).status == 200
    stampers.ask(server.url, json_request(digest="sha1"), "application/json")
    assert metric(server, 'mayfly_timestamps_total{result="granted"}') == granted + 5
    assert metric(server, 'mayfly_timestamps_total{result="badAlg"}') == refused + 1
    assert len(server.lines) == lines
    assert 1094 < metric(server, "mayfly_tsa_days_left") <= 1095


# Chains and keys of one's own; the names of the rows of matrix-tsa-trustroot stand in the ids


@pytest.mark.parametrize("make", [
    pytest.param(lambda: ec.generate_private_key(ec.SECP384R1()), id="TSA key p384"),
    pytest.param(lambda: ec.generate_private_key(ec.SECP521R1()), id="TSA key p521"),
    pytest.param(lambda: rsa.generate_private_key(65537, 2048), id="TSA key rsa"),
    pytest.param(lambda: rsa.generate_private_key(65537, 4096), id="TSA key rsa4096"),
])
def test_other_keys_sign(deployment, issuer, folder, make):
    made = stampers.leaf(stampers.root(), make())
    server = serve(deployment, issuer, made)
    answer = stampers.ask(server.url, stampers.openssl_query(folder, "-sha512", "-cert"))
    assert stampers.openssl_verify(folder, answer.body, made.chain).returncode == 0
    stampers.verify(made.chain, answer.body, MESSAGE)


def test_chain_with_an_intermediate(deployment, issuer, folder):
    """Row "TSA intermediate"; the key is encrypted here."""
    middle = authorities.authority("Tests TSA Intermediate", stampers.root(), code_signing=False)
    made = stampers.leaf(middle)
    directory = deployment.init()
    stampers.use(directory, made, passphrase=b"words")
    (directory / "words").write_bytes(b"words\n")
    mayfly.change_settings(directory, lambda settings: settings["timestamping"].update(
        {"passphrase-file": "words", "policy": "1.2.3.4"}))
    server = deployment.serve(directory, issuer.settings())
    answer = stampers.ask(server.url, stampers.openssl_query(folder, "-sha256", "-tspolicy", "1.2.3.4"))
    assert stampers.openssl_verify(folder, answer.body, made.chain).returncode == 0
    assert stampers.verify(made.chain, answer.body, MESSAGE).tst_info.policy.dotted_string == "1.2.3.4"


def alone(made):
    return authorities.Authority(made.key, made.chain[:1])


def other_key(made):
    return authorities.Authority(ec.generate_private_key(ec.SECP256R1()), made.chain)


@pytest.mark.parametrize("make,rule", [
    pytest.param(lambda: stampers.leaf(stampers.root(), ed25519.Ed25519PrivateKey.generate()), "sigstore-python",
                 id="TSA key ed25519"),
    pytest.param(lambda: stampers.leaf(stampers.root(), critical=False), "critical", id="EKU not critical"),
    pytest.param(lambda: stampers.leaf(stampers.root(), usages=(TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)),
                 "only extended key usage", id="EKU extra codeSigning"),
    pytest.param(lambda: stampers.leaf(stampers.root(), usages=(TIME_STAMPING, x509.ObjectIdentifier("1.2.3.4"))),
                 "only extended key usage", id="EKU extra, unknown"),
    pytest.param(lambda: stampers.leaf(stampers.root(), usages=()), "only extended key usage", id="no EKU"),
    pytest.param(lambda: stampers.leaf(stampers.root(), is_ca=True), "is a CA", id="leaf is a CA"),
    pytest.param(lambda: stampers.leaf(stampers.root(), key_usages=("key_agreement",)), "digitalSignature",
                 id="no digitalSignature"),
    pytest.param(lambda: alone(stampers.leaf(stampers.root())), "not followed by its root",
                 id="trust root TSA chain without root"),
    pytest.param(lambda: stampers.leaf(authorities.authority("Code", stampers.root())), "excludes", id="not nested"),
    pytest.param(lambda: other_key(stampers.leaf(stampers.root())), "another key", id="other key"),
    pytest.param(lambda: stampers.leaf(stampers.root(), seconds=-1), "has expired", id="genTime +1h"),
    pytest.param(lambda: stampers.leaf(stampers.root(), start=3600), "not valid yet", id="genTime -1h"),
])
def test_what_clients_cannot_verify_is_refused_at_start(deployment, issuer, make, rule):
    directory = deployment.init()
    stampers.use(directory, make())
    with pytest.raises(mayfly.NotReady) as refused:
        deployment.serve(directory, issuer.settings())
    assert refused.value.code == 1 and rule in refused.value.text, refused.value.text
    assert "timestamping" in refused.value.text or "tsa/chain.pem" in refused.value.text


@pytest.mark.parametrize("change,error", [
    (lambda section: section.pop("key"), "timestamping.key"),
    (lambda section: section.update(policy="sigstore"), "timestamping.policy: must be an object identifier"),
    (lambda section: section.update(polcy="1.2.3"), "did you mean 'policy'"),
    (lambda section: section.update(chain="tsa/none.pem"), "tsa/none.pem: it doesn't exist"),
])
def test_settings_are_refused_by_name(deployment, issuer, change, error):
    directory = deployment.init()
    mayfly.change_settings(directory, lambda settings: change(settings["timestamping"]))
    with pytest.raises(mayfly.NotReady) as refused:
        deployment.serve(directory, issuer.settings())
    assert error in refused.value.text, refused.value.text


def test_an_older_directory_is_served_without(deployment, issuer):
    directory = deployment.init()
    mayfly.change_settings(directory, lambda settings: settings.pop("timestamping"))
    server = deployment.serve(directory, issuer.settings())
    for answer in (stampers.ask(server.url, stampers.request(MESSAGE)),
                   client.Connection(server.url).send("GET", PATH + "/certchain")):
        assert answer.status == 404
    assert server.issue(issuer)


def test_an_expired_certificate_signs_nothing_and_says_so(deployment, issuer):
    made = stampers.leaf(stampers.root(), seconds=4)
    server = serve(deployment, issuer, made)
    ready = client.Connection(server.url).send("GET", "/readyz")
    assert ready.status == 200 and ready.json()["warnings"][0]["part"] == "timestamping"
    assert stampers.ask(server.url, stampers.request(MESSAGE)).status == 200
    expired = mayfly.poll(lambda: (answer := stampers.ask(server.url, stampers.request(MESSAGE))).status != 200 and answer)
    assert expired.status == 500 and expired.json()["details"][0]["reason"] == "TIMESTAMPING_EXPIRED"
    ready = client.Connection(server.url).send("GET", "/readyz")
    assert ready.status == 503 and "expired" in ready.json()["problems"][0]["problem"]
    with pytest.raises(TimestampError):
        TimestampAuthorityClient(server.url + PATH).request_timestamp(MESSAGE)
    assert server.issue(issuer), "certificates are issued all the same"

"""The log as outsiders read it: nothing issued that is not in it, nothing in it that does not hold."""
import gzip
import socket

import pytest
from cryptography.hazmat.primitives import hashes, serialization

import client
from load import in_parallel, send_all
from transparency import embedded_scts, read_leaf_index, tile_path

REQUESTS, CONNECTIONS = 4000, 64


def pair(chain):
    return chain[0].public_bytes(serialization.Encoding.DER), chain[1].public_key()


def test_new_log_begins_with_an_entry_of_its_own(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    assert server.auditor().audit().size == 1


def test_origin_is_the_one_given(deployment, issuer):
    server = deployment.serve(deployment.init("--origin", "log.example.com/2026"), issuer.settings())
    assert client.get(server.url, "/ct/checkpoint").body.startswith(b"log.example.com/2026\n1\n")


def test_certificate_is_in_the_log_before_it_is_delivered(server, issuer):
    auditor = server.auditor()
    for _ in range(20):
        auditor.audit([pair(server.issue(issuer))])


def test_refused_request_leaves_no_entry(server, issuer):
    before = server.auditor().audit().size
    assert client.sign_v2(server.url, issuer.token(), challenge="another").status == 400
    assert server.auditor().audit().size == before


def test_four_thousand_requests_at_once_are_all_logged_once(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    token = issuer.token()
    bodies = [client.body_v2(token, client.generate()) for _ in range(REQUESTS)]
    answers = send_all(server.url, bodies, CONNECTIONS)
    assert [a.status for a in answers] == [200] * REQUESTS
    chains = [answer.certificates() for answer in answers]
    assert len({chain[0].serial_number for chain in chains}) == REQUESTS
    indexes = {read_leaf_index(embedded_scts(pair(chain)[0])[0].extensions) for chain in chains}
    assert indexes == set(range(1, REQUESTS + 1))
    assert server.auditor().audit([pair(chain) for chain in chains]).size == REQUESTS + 1


def test_log_is_the_same_after_a_restart(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    auditor = server.auditor()
    pairs = [pair(chain) for chain in in_parallel(8, lambda _: server.issue(issuer))]
    first = auditor.audit(pairs)
    assert server.stop() == 0
    server = deployment.serve(directory, issuer.settings())
    auditor.source = server.auditor().source
    assert auditor.audit(pairs).root == first.root
    assert auditor.audit([pair(server.issue(issuer))]).size == first.size + 1


@pytest.mark.parametrize("path", [
    "get-entries", "get-entries?start=5&end=3", "get-entries?start=-1&end=3", "get-entries?start=x&end=3",
    "get-entries?start=99999999&end=99999999", "get-entries?start=0&end=18446744073709551616",
    "get-sth-consistency?first=5&second=2", "get-sth-consistency?first=1&second=99999999",
    "get-proof-by-hash?hash=AAAA&tree_size=1", "get-proof-by-hash?hash=%ff&tree_size=1",
    "get-proof-by-hash?hash=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&tree_size=1",
    "get-entry-and-proof?leaf_index=1&tree_size=1", "get-entry-and-proof?leaf_index=0&tree_size=99999999",
])
def test_senseless_question_is_the_askers_fault(server, path):
    """RFC 6962 §4: HTTP 4xx, never 5xx and never an answer."""
    assert 400 <= client.get(server.url, "/ct/v1/" + path).status < 500


@pytest.mark.parametrize("path", [
    tile_path(0, 77), tile_path("data", 77), "tile/0/000.p/256", "tile/0/000.p/0", "tile/0/0", "tile/64/000",
    "tile/0/x000/000", "tile/-1/000", "tile/data/../../mayfly.db", "tile/data/%2e%2e/%2e%2e/mayfly.db",
    "issuer/" + "0" * 64, "issuer/nothex", "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
])
def test_tile_that_does_not_exist_is_not_found(server, path):
    assert 400 <= client.get(server.url, "/ct/" + path).status < 500


def test_full_tile_may_be_cached_for_ever_and_a_checkpoint_not(deployment, issuer):
    """static-ct-api: tiles are immutable, the checkpoint is not."""
    server = deployment.serve(deployment.init(), issuer.settings())
    token = issuer.token()
    send_all(server.url, [client.body_v2(token, client.generate()) for _ in range(260)], 16)
    tile = client.get(server.url, "/ct/" + tile_path(0, 0))
    assert tile.status == 200 and len(tile.body) == 256 * 32
    assert "immutable" in (tile.headers["Cache-Control"] or "")
    checkpoint = client.get(server.url, "/ct/checkpoint")
    assert checkpoint.headers["Content-Type"].startswith("text/plain")
    assert "immutable" not in (checkpoint.headers["Cache-Control"] or "")
    assert client.get(server.url, "/ct/" + tile_path(0, 1, 5)).status == 200


# RFC 9110 and 9111: what is known already isn't sent again, and a part of it alone.

@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/1", "tile/data/000.p/1", "issuer", "v1/get-sth"])
def test_what_a_client_has_is_not_sent_again(server, path):
    path = "/ct/" + (issuer_path(server) if path == "issuer" else path)
    whole = client.get(server.url, path)
    tag = whole.headers["ETag"]
    assert whole.status == 200 and tag.startswith('"') and tag.endswith('"')
    for known in (tag, "W/" + tag, f'"another", {tag}', "*"):
        answer = client.send(server.url, "GET", path, If_None_Match=known)
        assert answer.status == 304 and answer.body == b""
        assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == (tag, whole.headers["Cache-Control"])
    assert client.send(server.url, "GET", path, If_None_Match='"another"').body == whole.body
    assert client.send(server.url, "GET", path, If_Match=f'"another", {tag}').body == whole.body
    assert client.send(server.url, "GET", path, If_Match="W/" + tag).status == 412


def test_checkpoint_that_has_changed_is_sent(server, issuer):
    old = client.get(server.url, "/ct/checkpoint")
    server.issue(issuer)
    new = client.send(server.url, "GET", "/ct/checkpoint", If_None_Match=old.headers["ETag"])
    assert new.status == 200 and new.headers["ETag"] != old.headers["ETag"] and new.body != old.body


def test_tile_of_another_log_has_another_tag(server, deployment, issuer):
    """A cache before a server that begins again must not take the old log's tiles for the new one's."""
    other = deployment.serve(deployment.init(), issuer.settings())
    tags = {client.get(each.url, "/ct/tile/0/000.p/1").headers["ETag"] for each in (server, other)}
    assert len(tags | {client.get(server.url, "/ct/tile/data/000.p/1").headers["ETag"]}) == 3


def test_part_of_a_tile_is_that_part(server):
    path = "/ct/tile/data/000.p/1"
    whole = client.get(server.url, path)
    size, tag = len(whole.body), whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, first, end in [("0-0", 0, 1), ("5-9", 5, 10), ("7-", 7, size), ("-3", size - 3, size),
                              (f"9-{size * 2}", 9, size), (f"-{size * 2}", 0, size), (f"0-{'9' * 30}", 0, size)]:
        answer = client.send(server.url, "GET", path, Range="bytes=" + asked, If_Range=tag)
        assert answer.status == 206 and answer.body == whole.body[first:end], asked
        assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{size}"
        assert answer.headers["ETag"] == tag
    for ignored in ("0-1,3-4", "x", "-", "", "2-1", "+1-2", "1-2-3"):
        assert client.send(server.url, "GET", path, Range="bytes=" + ignored).body == whole.body, ignored
    assert client.send(server.url, "GET", path, Range="lines=0-1").body == whole.body
    assert client.send(server.url, "GET", path, Range="bytes=0-1", If_Range='"another"').body == whole.body
    for outside in (f"{size}-", f"{'9' * 30}-", "-0"):
        answer = client.send(server.url, "GET", path, Range="bytes=" + outside)
        assert answer.status == 416 and answer.headers["Content-Range"] == f"bytes */{size}", outside
        assert "Cache-Control" not in answer.headers and answer.json()["details"][0]["reason"] == "RANGE_INVALID"
    assert client.send(server.url, "GET", "/ct/checkpoint", Range="bytes=0-1").status == 200


def test_data_tiles_and_entries_are_compressed_for_who_asks(server, issuer):
    """static-ct-api: data tiles SHOULD be compressed at the HTTP layer. Hashes can't be."""
    while (size := server.auditor().audit().size) < 6:
        server.issue(issuer)
    for path in (f"tile/data/000.p/{size}", f"v1/get-entries?start=0&end={size}"):
        whole = client.get(server.url, "/ct/" + path)
        packed = client.send(server.url, "GET", "/ct/" + path, Accept_Encoding="br, gzip")
        assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in whole.headers
        assert gzip.decompress(packed.body) == whole.body and len(packed.body) * 2 < len(whole.body)
        assert whole.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        tag = packed.headers["ETag"]
        assert tag != whole.headers["ETag"] and packed.headers["Cache-Control"] == whole.headers["Cache-Control"]
        again = client.send(server.url, "GET", "/ct/" + path, Accept_Encoding="gzip", If_None_Match=tag)
        assert again.status == 304 and again.headers["Vary"] == "Accept-Encoding"
        assert client.send(server.url, "GET", "/ct/" + path, Accept_Encoding="gzip;q=0").body == whole.body
    part = client.send(server.url, "GET", f"/ct/tile/data/000.p/{size}", Accept_Encoding="gzip", Range="bytes=0-9")
    assert part.status == 206 and "Content-Encoding" not in part.headers
    hashes_ = client.send(server.url, "GET", f"/ct/tile/0/000.p/{size}", Accept_Encoding="gzip")
    assert "Content-Encoding" not in hashes_.headers and "Vary" not in hashes_.headers


@pytest.mark.parametrize("path", ["/ct/checkpoint", "/ct/tile/0/000.p/1", "/ct/v1/get-roots", "/ct/none", "/healthz",
                                  "/api/v2/trustBundle"])
def test_head_is_get_without_the_body(server, path):
    """On one connection: a body would be taken for the beginning of the next answer."""
    connection = client.Connection(server.url)
    get = connection.send("GET", path)
    connection.http.request("HEAD", path)
    head = connection.http.getresponse()
    assert head.read() == b"" and head.status == get.status
    assert head.headers["Content-Length"] == str(len(get.body))
    assert connection.send("GET", path).body == get.body
    with socket.create_connection((server.host, server.port), 5) as plain:
        plain.sendall(f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: plain.recv(65536), b""))
    assert answer.endswith(b"\r\n\r\n")
    connection.close()


def issuer_path(server):
    return "issuer/" + server.chain[0].fingerprint(hashes.SHA256()).hex()

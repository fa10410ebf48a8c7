"""The log as outsiders read it: nothing issued that is not in it, nothing in it that does not hold."""
import pytest
from cryptography.hazmat.primitives import serialization

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

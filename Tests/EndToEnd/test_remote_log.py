"""A log of somebody else (RFC 6962 add-pre-chain): its SCT is checked, its failures are borne, its silence stops issuing."""
import pytest
from cryptography.hazmat.primitives import serialization

import client
from authorities import authority, pem, public_pem, tls_server_context
from mayfly import change_settings
from paperlog import PaperLog, PaperLogServer
from transparency import check_certificate, embedded_scts

INTERNALS = ("secret-of-the-log", "127.0.0.1", "Error Domain", "Swift", "curl")


@pytest.fixture
def foreign(deployment, issuer, tmp_path):
    """Starts a server that uses a foreign log; returns both."""
    started = []

    def start(log=None, tls=None, key=None, **settings):
        log = log or PaperLog()
        remote = PaperLogServer(log, tls=tls)
        started.append(remote)
        public = tmp_path / f"remote-{len(started)}.pub"
        public.write_bytes(public_pem(key or log.key))
        directory = deployment.init()

        def use_remote(everything):
            del everything["log"]
            everything["ct-log"] = {"url": remote.url, "public-key": str(public)} | settings

        change_settings(directory, use_remote)
        return deployment.serve(directory, issuer.settings()), remote

    yield start
    for remote in started:
        remote.stop()


def check_in(log, server, answer):
    assert answer.status == 200, answer.body
    leaf, issuing = answer.certificates()[:2]
    data = leaf.public_bytes(serialization.Encoding.DER)
    entry = check_certificate(data, issuing.public_key(), log.public_key)
    assert log.entries[entry.leaf_index()].merkle_leaf() == entry.merkle_leaf()
    assert len(embedded_scts(data)) == 1


def check_refused(answer, remote=None):
    """API-64: a 5xx in words of our own."""
    assert answer.status in (500, 503), answer.body
    assert answer.json()["code"] in (13, 14) and answer.json()["details"][0]["metadata"] == {}
    for word in INTERNALS:
        assert word not in answer.body.decode()


def test_precertificate_is_submitted_with_its_chain(foreign, issuer):
    """CT-5: issuing certificate first, root last; exactly one SCT, byte for byte the log's (CT-7)."""
    server, remote = foreign()
    check_in(remote.log, server, client.sign_v2(server.url, issuer.token()))
    assert [request.path for request in remote.requests] == ["/ct/v1/add-pre-chain"]
    assert [remote.log.issuers[p] for p in remote.log.entries[0].chain] == [
        c.public_bytes(serialization.Encoding.DER) for c in server.chain]


def test_origin_is_sent_as_host(foreign, issuer):
    """CT-2."""
    server, remote = foreign(origin="log.example.com")
    check_in(remote.log, server, client.sign_v2(server.url, issuer.token()))
    assert remote.requests[0].headers["Host"] == "log.example.com"


@pytest.mark.parametrize("wrong", ["signature", "id"])
def test_sct_that_does_not_verify_stops_issuing(foreign, issuer, wrong):
    """CT-3, CT-8."""
    server, _ = foreign(PaperLog(wrong=wrong))
    check_refused(client.sign_v2(server.url, issuer.token()))


def test_sct_of_another_log_stops_issuing(foreign, issuer):
    server, _ = foreign(key=PaperLog().key)
    check_refused(client.sign_v2(server.url, issuer.token()))


def test_failing_log_stops_issuing_without_a_retry(foreign, issuer):
    """CT-10."""
    server, remote = foreign()
    remote.failures = [(500, {})]
    check_refused(client.sign_v2(server.url, issuer.token()))
    assert len(remote.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_busy_log_is_asked_again_when_it_says_so(foreign, issuer, status):
    """CT-10."""
    server, remote = foreign()
    remote.failures = [(status, {"Retry-After": "1"}), (None, {})]
    check_in(remote.log, server, client.sign_v2(server.url, issuer.token()))
    assert len(remote.requests) == 2


def test_log_that_stays_busy_is_given_up(foreign, issuer):
    server, remote = foreign()
    remote.failures = [(503, {"Retry-After": "3600"})]
    check_refused(client.sign_v2(server.url, issuer.token(), timeout=60))


def test_dead_log_stops_issuing(foreign, issuer):
    server, remote = foreign()
    remote.stop()
    check_refused(client.sign_v2(server.url, issuer.token(), timeout=60))
    assert client.get(server.url, "/healthz").status == 200


def test_log_behind_a_private_authority_is_reached(foreign, issuer, tmp_path):
    """CT-4."""
    private = authority("Private TLS")
    (tmp_path / "tls-ca.pem").write_bytes(pem(private.certificate))
    context = tls_server_context(tmp_path, private)
    server, remote = foreign(tls=context, ca=str(tmp_path / "tls-ca.pem"))
    check_in(remote.log, server, client.sign_v2(server.url, issuer.token()))


def test_log_behind_an_unknown_authority_is_not_trusted(foreign, issuer, tmp_path):
    context = tls_server_context(tmp_path, authority("Private TLS"))
    server, remote = foreign(tls=context)
    check_refused(client.sign_v2(server.url, issuer.token(), timeout=60))
    assert not remote.log.entries


def test_remote_log_gets_every_certificate_of_many_clients(foreign, issuer):
    from load import send_all
    server, remote = foreign()
    token = issuer.token()
    answers = send_all(server.url, [client.body_v2(token, client.generate()) for _ in range(64)], 8)
    assert [answer.status for answer in answers] == [200] * 64
    assert len(remote.log.entries) == 64

"""Issuers that are slow, dead, private, new or changing, and the tokens they write."""
import json
import socket
import threading
import time

import pytest
from cryptography import x509

import client
from authorities import authority, pem, tls_server_context
from load import in_parallel
from mayfly import change_settings, poll
from oidc import KUBERNETES_CLAIMS, Issuer, jwk


def refused(answer):
    return answer.status == 400 and answer.json()["message"] == client.TOKEN_REFUSED


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def dead_settings():
    url = f"http://127.0.0.1:{free_port()}"
    return {url: {"issuer-url": url, "client-id": "sigstore", "type": "email"}}


def test_dead_and_silent_issuers_delay_nothing(deployment, new_issuer):
    """OIDC-41, promise 4."""
    good, silent = new_issuer(), new_issuer()
    silent.hold = threading.Event()
    settings = silent.settings() | good.settings()
    for _ in range(30):
        settings |= dead_settings()
    begin = time.monotonic()
    server = deployment.serve(deployment.init(), settings)
    assert time.monotonic() - begin < 3, "dead issuers delayed the start"
    waiting = threading.Thread(target=lambda: client.sign_v2(server.url, silent.token()), daemon=True)
    waiting.start()
    poll(lambda: silent.asked, 5, "the question to the silent issuer")
    begin = time.monotonic()
    assert client.sign_v2(server.url, good.token()).status == 200
    assert time.monotonic() - begin < 2, "a silent issuer delayed another's token"
    silent.hold.set()
    waiting.join()


def test_requests_that_wait_for_a_silent_issuer_take_no_ones_place(deployment, new_issuer):
    """Promise 4: they don't count among those that are under way."""
    good, silent = new_issuer(), new_issuer()
    silent.hold = threading.Event()
    directory = deployment.init()
    change_settings(directory, lambda settings: settings.update(limits={"queue": 4}))
    server = deployment.serve(directory, silent.settings() | good.settings())
    waiting = [threading.Thread(target=lambda: client.sign_v2(server.url, silent.token()), daemon=True)
               for _ in range(12)]
    for thread in waiting:
        thread.start()
    poll(lambda: silent.asked, 5, "the question to the silent issuer")
    for _ in range(5):
        assert client.sign_v2(server.url, good.token()).status == 200
    silent.hold.set()
    for thread in waiting:
        thread.join()


def test_silent_issuer_is_given_up_after_ten_seconds(deployment, new_issuer):
    """OIDC-40."""
    silent = new_issuer()
    silent.hold = threading.Event()
    server = deployment.serve(deployment.init(), silent.settings())
    begin = time.monotonic()
    assert client.sign_v2(server.url, silent.token(), timeout=40).status in (400, 503)
    assert time.monotonic() - begin < 25
    silent.hold.set()


def test_issuer_that_comes_to_life_later_is_found(deployment, new_issuer):
    """OIDC-41: failed discovery is tried again."""
    late = new_issuer()
    late.status = 500
    server = deployment.serve(deployment.init(), late.settings())
    assert client.sign_v2(server.url, late.token()).status in (400, 503)
    late.status = 200
    poll(lambda: client.sign_v2(server.url, late.token()).status == 200, 40, "the second try")


def test_keys_of_an_issuer_that_went_away_are_still_known(deployment, new_issuer):
    """Promise 4: what was fetched once serves on while the issuer is down."""
    brief = new_issuer()
    server = deployment.serve(deployment.init(), brief.settings())
    assert client.sign_v2(server.url, brief.token()).status == 200
    brief.status = 500
    assert client.sign_v2(server.url, brief.token()).status == 200


def test_new_key_is_fetched_when_it_is_first_seen(deployment, new_issuer):
    """OIDC-43."""
    rotating = new_issuer()
    server = deployment.serve(deployment.init(), rotating.settings())
    old = rotating.token()
    assert client.sign_v2(server.url, old).status == 200
    rotating.rotate()
    assert client.sign_v2(server.url, rotating.token()).status == 200
    assert refused(client.sign_v2(server.url, old)), "a withdrawn key is still trusted"


def test_ten_rotations_under_load_refuse_no_valid_token(deployment, new_issuer):
    """Sixteen clients; keys are good for one second here. A token of a retired key is refused a lifetime later."""
    issuer = new_issuer()
    server = deployment.serve(deployment.init(), issuer.settings(**{"jwks-lifetime": "1s"}))
    over, answers, lock = threading.Event(), [], threading.Lock()

    def ask():
        while not over.is_set():
            # Token and key belong together: a rotation waits until no token is being made.
            with lock:
                token = issuer.token()
                generation = issuer.generation
            answer = client.sign_v2(server.url, token)
            # Retired while it was on its way: either answer is right then.
            if generation == issuer.generation:
                answers.append((generation, answer.status))

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(16)]
    for thread in threads:
        thread.start()
    retired = []
    for generation in range(1, 11):
        poll(lambda: sum(1 for number, _ in list(answers) if number == generation) > 20, 20, "tokens of this generation")
        with lock:
            retired.append(issuer.token())
            issuer.rotate()
            rotated = time.monotonic()
    poll(lambda: sum(1 for number, _ in list(answers) if number == 11) > 20, 20, "tokens of the last generation")
    over.set()
    for thread in threads:
        thread.join()
    assert {status for _, status in answers} == {200}
    poll(lambda: time.monotonic() > rotated + 1.5, 5, "the end of the last lifetime")
    assert [client.sign_v2(server.url, token).status for token in retired] == [400] * 10


def test_unknown_key_names_do_not_flood_the_issuer(deployment, new_issuer):
    """A burst of ten fetches, discovery and keys each, and then one in six seconds."""
    flooded = new_issuer()
    server = deployment.serve(deployment.init(), flooded.settings())
    assert client.sign_v2(server.url, flooded.token()).status == 200
    before, begin = len(flooded.asked), time.monotonic()
    for number in range(200):
        assert refused(client.sign_v2(server.url, flooded.token(header={"kid": f"unknown-{number}"})))
    assert len(flooded.asked) - before <= 2 * (10 + (time.monotonic() - begin) / 6 + 1)


def test_first_requests_of_many_share_one_discovery(deployment, new_issuer):
    """OIDC-42."""
    asked = new_issuer()
    server = deployment.serve(deployment.init(), asked.settings())
    answers = in_parallel(30, lambda _: client.sign_v2(server.url, asked.token()))
    assert [answer.status for answer in answers] == [200] * 30
    assert sorted(asked.asked) == ["/.well-known/openid-configuration", "/jwks"]


@pytest.fixture
def private(new_issuer, tmp_path):
    """An https issuer and the authority that vouches for it."""
    vouching = authority("Private TLS")
    return new_issuer(tls=tls_server_context(tmp_path, vouching)), vouching


def test_issuer_behind_a_private_authority_is_reached_with_its_certificate(deployment, private):
    """OIDC-44, OIDC-10."""
    issuer, vouching = private
    settings = issuer.settings(**{"ca-cert": pem(vouching.certificate).decode()})
    server = deployment.serve(deployment.init(), settings)
    assert client.sign_v2(server.url, issuer.token()).status == 200


def test_issuer_behind_an_unknown_authority_is_not_trusted(deployment, private):
    issuer, _ = private
    other = authority("Another TLS")
    for settings in (issuer.settings(), issuer.settings(**{"ca-cert": pem(other.certificate).decode()})):
        server = deployment.serve(deployment.init(), settings)
        assert client.sign_v2(server.url, issuer.token()).status in (400, 503)
        assert not issuer.asked


def test_authority_in_a_file_may_be_renewed_while_serving(deployment, private, tmp_path):
    """A file of CAs is read for every fetch."""
    issuer, vouching = private
    file = tmp_path / "ca.pem"
    file.write_bytes(pem(authority("Another TLS").certificate))
    server = deployment.serve(deployment.init(), issuer.settings(**{"ca-file": str(file), "proxy": "none"}))
    assert client.sign_v2(server.url, issuer.token()).status == 400
    file.write_bytes(pem(vouching.certificate))
    poll(lambda: client.sign_v2(server.url, issuer.token()).status == 200, 20, "the new authority")


class ClusterIssuer(Issuer):
    """An API server: shows its documents to a service account only, and names its keys by another address of its own."""

    def answer(self, request):
        self.shown = getattr(self, "shown", []) + [(request.path, request.headers["Host"].split(":")[0],
                                                    request.headers["Authorization"])]
        if request.headers["Authorization"] != "Bearer " + self.secret:
            return 401, {}, b"{}"
        status, headers, body = super().answer(request)
        return status, headers, body.replace(b'"jwks_uri": "https://127.0.0.1', b'"jwks_uri": "https://localhost')


def test_cluster_shows_its_keys_to_a_service_account(deployment, tmp_path):
    """OIDC-46: the token is read anew, the API server's other address will do, and no other CA."""
    vouching = authority("Cluster CA")
    cluster = ClusterIssuer(tls=tls_server_context(tmp_path, vouching))
    try:
        cluster.secret = "one"
        (tmp_path / "ca.crt").write_bytes(pem(vouching.certificate))
        (tmp_path / "token").write_text("one")
        settings = cluster.settings("kubernetes", **{
            "ca-file": str(tmp_path / "ca.crt"), "token-file": str(tmp_path / "token"), "jwks-lifetime": "1s"})
        server = deployment.serve(deployment.init(), settings)
        sub = KUBERNETES_CLAIMS["sub"]
        assert client.sign_v2(server.url, cluster.token(**KUBERNETES_CLAIMS), challenge=sub).status == 200
        assert cluster.shown == [("/.well-known/openid-configuration", "127.0.0.1", "Bearer one"),
                                 ("/jwks", "localhost", "Bearer one")]
        cluster.secret = "two"
        (tmp_path / "token").write_text("two")
        cluster.rotate()
        poll(lambda: client.sign_v2(server.url, cluster.token(**KUBERNETES_CLAIMS), challenge=sub).status == 200, 20,
             "the new token")
        assert "Bearer" not in server.log()
    finally:
        cluster.stop()


def test_keys_in_a_file_need_no_network(deployment, new_issuer, tmp_path):
    """An air-gapped issuer."""
    offline = new_issuer()
    file = tmp_path / "keys.json"

    def publish():
        file.write_text(json.dumps({"keys": [jwk(key, name, offline.kid(name)) for name, key in offline.keys.items()]}))

    publish()
    server = deployment.serve(deployment.init(), offline.settings(**{"jwks-file": str(file)}))
    assert client.sign_v2(server.url, offline.token()).status == 200
    offline.rotate()
    publish()
    assert client.sign_v2(server.url, offline.token()).status == 200
    assert offline.asked == []


def test_projected_service_account_token_needs_only_a_key_file(deployment, new_issuer, tmp_path):
    """ID-14: a cluster that cannot be reached; its API server's key was carried here."""
    cluster = new_issuer(algorithms=("RS256",))
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [jwk(cluster.keys["RS256"], "RS256", cluster.kid("RS256"))]}))
    server = deployment.serve(deployment.init(), cluster.settings("kubernetes", **{"jwks-file": str(file)}))
    answer = client.sign_v2(server.url, cluster.token(**KUBERNETES_CLAIMS), challenge=KUBERNETES_CLAIMS["sub"])
    assert answer.status == 200, answer.body
    (name,) = answer.certificates()[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert name.value == "https://kubernetes.io/namespaces/build/serviceaccounts/signer"
    assert cluster.asked == []


def test_one_issuer_serves_two_audiences(deployment, issuer):
    """OIDC-25, API-45."""
    entries = {issuer.url: [{"client-id": ["sigstore", "release"], "type": "email"},
                            {"client-id": "machines", "type": "kubernetes"}]}
    server = deployment.serve(deployment.init(), entries)
    assert client.sign_v2(server.url, issuer.token(aud="release")).status == 200
    machine = issuer.token(aud="machines", **KUBERNETES_CLAIMS)
    assert client.sign_v2(server.url, machine, challenge=KUBERNETES_CLAIMS["sub"]).status == 200
    assert refused(client.sign_v2(server.url, issuer.token(aud=["release", "machines"])))
    rows = client.get(server.url, "/api/v2/configuration").json()["issuers"]
    assert [(row["audience"], row["issuerType"]) for row in rows] == [
        ("sigstore", "email"), ("release", "email"), ("machines", "kubernetes")]


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA"])
def test_token_of_each_algorithm_is_accepted(server, issuer, algorithm):
    """OIDC-35."""
    assert client.sign_v2(server.url, issuer.token(algorithm)).status == 200


@pytest.mark.parametrize("changes", [
    {"exp": 1}, {"exp": None}, {"aud": "another"}, {"aud": None}, {"aud": ["a", "b"]}, {"nbf": 1 << 40},
    {"iss": "https://issuer.example"}, {"iss": None}, {"email": None}, {"email": ""}, {"email": "no address"},
    {"email_verified": False}, {"email_verified": None}, {"email_verified": "TRUE"}, {"email_verified": 1},
])
def test_token_that_does_not_hold_is_refused(server, issuer, changes):
    """OIDC-30 … OIDC-33, OIDC-47, ID-10."""
    challenge = changes.get("email") or "release@example.com"
    assert refused(client.sign_v2(server.url, issuer.token(**changes), challenge=challenge))


@pytest.mark.parametrize("changes", [
    {"aud": ["other", "sigstore"]}, {"nbf": int(time.time()) - 10}, {"email_verified": "true"}, {"email_verified": "True"},
    {"iat": None}, {"sub": ""},
])
def test_token_that_holds_is_accepted(server, issuer, changes):
    """OIDC-31 … OIDC-37, OIDC-47."""
    assert client.sign_v2(server.url, issuer.token(**changes)).status == 200


def test_unverified_address_is_accepted_where_the_settings_say_so(deployment, issuer):
    """ID-10."""
    server = deployment.serve(deployment.init(), issuer.settings(**{"skip-email-verification": True}))
    assert client.sign_v2(server.url, issuer.token(email_verified=None)).status == 200
    assert client.sign_v2(server.url, issuer.token(email_verified=False)).status == 200


def test_issuer_below_a_pattern_is_accepted_and_beside_it_refused(deployment, new_issuer):
    """OIDC-21."""
    wild = new_issuer()
    pattern = wild.url.replace(str(wild.port), "*")
    meta = {pattern: {"client-id": "sigstore", "type": "email"}}
    server = deployment.serve(deployment.init(), dead_settings(), metas=meta)
    assert client.sign_v2(server.url, wild.token()).status == 200
    for beside in (wild.url + "/x", wild.url + ".", "http://127.0.0.1:", "http://evil.example/?" + wild.url):
        assert refused(client.sign_v2(server.url, wild.token(iss=beside))), beside


def test_configuration_lists_the_issuers_in_a_stable_order(deployment, new_issuer):
    """API-45, API-46."""
    settings = {}
    for _ in range(4):
        settings |= new_issuer().settings()
    server = deployment.serve(deployment.init(), settings)
    answers = [client.get(server.url, "/api/v2/configuration") for _ in range(3)]
    assert len({answer.body for answer in answers}) == 1
    rows = answers[0].json()["issuers"]
    assert sorted(row["issuerUrl"] for row in rows) == sorted(settings)
    assert {"audience": "sigstore", "challengeClaim": "email", "issuerType": "email"}.items() <= rows[0].items()


def test_answers_of_the_servers_state_are_what_monitors_expect(server, issuer):
    """API-57, and the fact that metrics count without naming anybody."""
    server.issue(issuer)
    assert client.get(server.url, "/healthz").json() == {"status": "SERVING"}
    assert client.get(server.url, "/readyz").status == 200
    metrics = client.get(server.url, "/metrics")
    assert metrics.status == 200 and b"# TYPE" in metrics.body
    assert b"release@example.com" not in metrics.body and issuer.url.encode() not in metrics.body

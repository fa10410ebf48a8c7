"""Rules, limits and uses of tokens: who gets a certificate among those whose tokens are good (OIDC-48, done better)."""

import os
import signal

import pytest
import yaml

import client
from load import in_parallel
from mayfly import poll
from oidc import GITHUB_CLAIMS

RULES = {"mode": "enforce", "default": "deny", "list": [
    {"id": "no-pull-requests", "deny": {"event_name": ["pull_request", "pull_request_target"]}},
    {"id": "releases-of-acme", "allow": {"repository": {"glob": "acme/*"}, "ref": {"prefix": "refs/heads/"},
                                         "run_attempt": {"at-most": 3}}},
]}
SUBJECT = GITHUB_CLAIMS["sub"]


def info(answer):
    """The ErrorInfo of a refusal."""
    (detail,) = answer.json()["details"]
    assert detail["@type"] == "type.googleapis.com/google.rpc.ErrorInfo" and detail["domain"] == "mayfly"
    return detail


def sign(server, token, challenge=SUBJECT):
    return client.sign_v2(server.url, token, challenge=challenge)


@pytest.fixture(scope="module")
def ruled(module_deployment, issuer):
    settings = issuer.settings("github-workflow", rules=RULES)
    return module_deployment.serve(module_deployment.init(), settings)


@pytest.mark.parametrize("changes, rule", [
    ({}, None),
    ({"repository": "acme/other"}, None),
    ({"event_name": "pull_request"}, "no-pull-requests"),
    ({"repository": "evil/acme"}, "default"),
    ({"repository": "acme/../evil"}, "default"),
    ({"ref": "refs/tags/v1"}, "default"),
    ({"run_attempt": "4"}, "default"),
])
def test_rules_decide_by_claims(ruled, issuer, changes, rule):
    answer = sign(ruled, issuer.token(**GITHUB_CLAIMS | changes))
    if rule is None:
        assert answer.status == 200, answer.body
        return
    assert answer.status == 403 and answer.json()["code"] == 7
    assert answer.json()["message"] == client.TOKEN_REFUSED
    assert info(answer)["reason"] == "RULE_DENIED" and info(answer)["metadata"] == {"rule": rule}


def test_report_mode_refuses_nothing(deployment, issuer):
    settings = issuer.settings("github-workflow", rules=RULES | {"mode": "report"})
    server = deployment.serve(deployment.init(), settings)
    assert sign(server, issuer.token(**GITHUB_CLAIMS | {"event_name": "pull_request"})).status == 200
    metrics = client.get(server.url, "/metrics").body.decode()
    assert 'mayfly_rules_reported_total 1' in metrics


def test_limits_are_told_apart_by_subject(deployment, issuer):
    limits = {"issuer": {"rate": "1/h", "burst": 5}, "subject": {"rate": "1/h", "burst": 2}}
    server = deployment.serve(deployment.init(), issuer.settings(limits=limits))

    def ask(subject):
        return client.sign_v2(server.url, issuer.token(sub=subject))

    assert [ask("a").status for _ in range(3)] == [200, 200, 429]
    answer = ask("a")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600 and answer.json()["code"] == 8
    assert info(answer)["reason"] == "SUBJECT_RATE_LIMITED"
    assert [ask("b").status for _ in range(2)] == [200, 200]
    assert ask("c").status == 200
    assert info(ask("d"))["reason"] == "ISSUER_RATE_LIMITED", "five in all"


def test_refusals_do_not_use_up_a_limit(deployment, issuer, new_issuer):
    other = new_issuer()
    server = deployment.serve(deployment.init(), issuer.settings(limits={"subject": {"rate": "1/h", "burst": 1}}))
    for _ in range(3):
        assert client.sign_v2(server.url, issuer.token(aud="another")).status == 400
        assert client.sign_v2(server.url, issuer.token(), challenge="wrong").status == 400
    assert client.sign_v2(server.url, other.token()).status == 400
    assert client.sign_v2(server.url, issuer.token()).status == 200


def test_token_for_once_is_used_once_and_a_restart_opens_nothing(deployment, issuer):
    settings, directory = issuer.settings(tokens="once"), deployment.init()
    server = deployment.serve(directory, settings)
    token = issuer.token()
    assert client.sign_v2(server.url, token).status == 200
    for _ in range(2):
        answer = client.sign_v2(server.url, token)
        assert answer.status == 400 and answer.json()["message"] == client.TOKEN_REFUSED
        assert info(answer)["reason"] == "TOKEN_USED_UP"
        server.kill()
        server = deployment.serve(directory, settings)
    assert client.sign_v2(server.url, issuer.token(jti="2")).status == 200


def test_token_for_three_gives_three_among_many_at_once(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings(tokens=3))
    token = issuer.token()
    statuses = in_parallel(16, lambda _: client.sign_v2(server.url, token).status)
    assert sorted(statuses) == [200] * 3 + [400] * 13


def test_tokens_are_reusable_by_default_and_re_use_is_counted(deployment, issuer):
    """A GitLab job signs many things with one token."""
    server = deployment.serve(deployment.init(), issuer.settings())
    token = issuer.token()
    assert [client.sign_v2(server.url, token).status for _ in range(4)] == [200] * 4
    assert 'mayfly_token_reuses_total 3' in client.get(server.url, "/metrics").body.decode()


def test_a_refused_request_does_not_use_up_a_token(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings(tokens="once"))
    token = issuer.token()
    assert client.sign_v2(server.url, token, challenge="wrong").status == 400
    assert client.sign_v2(server.url, token).status == 200


def test_limits_survive_a_reload(deployment, issuer):
    path = deployment.path("issuers.yaml")

    def write(burst):
        settings = issuer.settings(limits={"subject": {"rate": "1/h", "burst": burst}})
        path.with_suffix(".new").write_text(yaml.safe_dump({"oidc-issuers": settings}))
        os.replace(path.with_suffix(".new"), path)

    write(2)
    server = deployment.serve_files(deployment.init(), "--identity-config", path)
    assert [client.sign_v2(server.url, issuer.token()).status for _ in range(3)] == [200, 200, 429]
    write(3)
    server.process.send_signal(signal.SIGHUP)
    poll(lambda: "configuration reloaded" in server.log(), 10, "the reload")
    assert client.sign_v2(server.url, issuer.token()).status == 429, "a reload refilled the bucket"


def test_a_used_up_token_does_not_use_up_its_issuers_limit(deployment, issuer):
    settings = issuer.settings(tokens="once", limits={"issuer": {"rate": "1/h", "burst": 2}})
    server = deployment.serve(deployment.init(), settings)
    token = issuer.token()
    assert client.sign_v2(server.url, token).status == 200
    for _ in range(5):
        assert info(client.sign_v2(server.url, token))["reason"] == "TOKEN_USED_UP"
    assert client.sign_v2(server.url, issuer.token(jti="2")).status == 200


def test_a_raised_limit_is_in_force_at_once(deployment, issuer):
    path = deployment.path("issuers.yaml")

    def write(rate, burst):
        settings = issuer.settings(limits={"issuer": {"rate": rate, "burst": burst}})
        path.with_suffix(".new").write_text(yaml.safe_dump({"oidc-issuers": settings}))
        os.replace(path.with_suffix(".new"), path)

    write("1/d", 1)
    server = deployment.serve_files(deployment.init(), "--identity-config", path)
    assert [client.sign_v2(server.url, issuer.token()).status for _ in range(2)] == [200, 429]
    write("1000/s", 1000)
    server.process.send_signal(signal.SIGHUP)
    poll(lambda: "configuration reloaded" in server.log(), 10, "the reload")
    poll(lambda: client.sign_v2(server.url, issuer.token()).status == 200, 5, "a certificate")

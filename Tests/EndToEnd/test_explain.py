"""`mayfly token explain` says without the network what the server of the same configuration answers."""
import json
import subprocess
import time
import types

import pytest
import yaml

import client
import mayfly
import oidc
from oidc import GITHUB_CLAIMS
from test_policy import RULES, info

PULL = GITHUB_CLAIMS | {"event_name": "pull_request"}
CASES = {
    "good": ("mail", {}, None),
    "good without a kid": ("mail", {"header": {"kid": ""}}, None),
    "expired": ("mail", {"exp": int(time.time()) - 3600}, "TOKEN_EXPIRED"),
    "not yet valid": ("mail", {"nbf": int(time.time()) + 3600}, "TOKEN_NOT_YET_VALID"),
    "without exp": ("mail", {"exp": None}, "CLAIM_MISSING"),
    "for another": ("mail", {"aud": "another"}, "AUDIENCE_MISMATCH"),
    "for another and expired": ("mail", {"aud": "another", "exp": 5}, "AUDIENCE_MISMATCH"),
    "with a claim twice": ("mail", {"Email": "b@example.com"}, "CLAIM_AMBIGUOUS"),
    "with an unverified email": ("mail", {"email_verified": False}, "EMAIL_UNVERIFIED"),
    "without signature": ("mail", {"header": {"alg": "none"}}, "ALGORITHM_REFUSED"),
    "of a stranger": ("stranger", {}, "ISSUER_UNKNOWN"),
    "of a type nobody knows": ("later", {}, "ISSUER_UNKNOWN"),
    "for two entries": ("double", {"aud": ["one", "two"]}, "AUDIENCE_AMBIGUOUS"),
    "for one of two entries": ("double", {"aud": "two"}, None),
    "allowed by a rule": ("ruled", GITHUB_CLAIMS, None),
    "denied by a rule": ("ruled", PULL, "RULE_DENIED"),
    "denied and expired": ("ruled", PULL | {"exp": 5}, "TOKEN_EXPIRED"),
    "only reported": ("reporting", PULL, None),
    "with keys in a file": ("offline", {}, None),
    "by a key that is gone": ("rotated", {}, "KEY_UNKNOWN"),
}


@pytest.fixture(scope="module")
def site(module_deployment):
    """A directory, its settings and its server, with an issuer for each kind of entry."""
    deployment = module_deployment
    names = ("mail", "stranger", "later", "double", "ruled", "reporting", "offline", "rotated")
    issuers = {name: oidc.Issuer(algorithms=["ES256"]) for name in names}
    settings = {}
    for name, kind, more in [
        ("mail", "email", {}), ("later", "next-year", {"challenge-claim": "sub"}),
        ("ruled", "github-workflow", {"rules": RULES}),
        ("reporting", "github-workflow", {"rules": RULES | {"mode": "report"}}),
    ]:
        settings |= issuers[name].settings(kind, **more)
    for name in ("offline", "rotated"):
        keys = deployment.path("keys.json")
        one = issuers[name]
        keys.write_text(json.dumps({"keys": [oidc.jwk(one.keys["ES256"], "ES256", one.kid("ES256"))]}))
        settings |= one.settings(**{"jwks-file": str(keys)})
    issuers["rotated"].rotate()
    (entry,) = issuers["double"].settings().values()
    settings[issuers["double"].url] = [entry | {"client-id": "one"}, entry | {"client-id": "two"}]
    path, directory = deployment.identities(settings), deployment.init()
    yield types.SimpleNamespace(
        issuers=issuers, directory=directory, path=path,
        server=deployment.serve_files(directory, "--identity-config", path))
    for one in issuers.values():
        one.stop()


def explain(site, token, *arguments, path=None):
    """Runs it with the token on standard input; what it prints never has a part of the token in it."""
    done = subprocess.run(
        [mayfly.BINARY, "token", "explain", "-", "--data", str(site.directory),
         "--identity-config", str(path or site.path), *map(str, arguments)],
        input=token + "\n", capture_output=True, text=True, timeout=60)
    for part in token.split("."):
        assert len(part) < 9 or part not in done.stdout + done.stderr, "a part of the token is shown"
    return done


def judged(site, token, *arguments):
    """The JSON object, and its agreement with exit code and text."""
    done, text = explain(site, token, "--json", *arguments), explain(site, token, *arguments)
    value = json.loads(done.stdout)
    assert done.returncode == text.returncode == {"issued": 0, "refused": 1}[value["verdict"]], done.stderr
    condition = "" if value["signature"]["check"] == "ok" else ", if the signature is good"
    expected = f"WOULD BE REFUSED: {value['reason']}" if "reason" in value else "WOULD BE ISSUED" + condition
    assert text.stdout.splitlines()[-1] == expected
    return value


def answered(site, token, claims):
    answer = client.sign_v2(site.server.url, token, challenge=claims.get("sub") or oidc.EMAIL)
    return answer, None if answer.status == 200 else info(answer)


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_is_the_servers(site, case):
    name, claims, reason = CASES[case]
    issuer = site.issuers[name]
    token, asked = issuer.token(**claims), list(issuer.asked)
    value = judged(site, token)
    assert value.get("reason") == reason
    assert issuer.asked == asked, "the network was asked"
    answer, refusal = answered(site, token, claims)
    if reason is None:
        assert refusal is None, refusal
        extensions = {e.oid.dotted_string: e.value for e in answer.certificates()[0].extensions}
        shown = value["identity"]["extensions"]
        fulcio = {oid for oid in extensions if oid.startswith("1.3.6.1.4.1.57264.1.")}
        assert fulcio == {one["oid"] for one in shown}
        for one in shown:
            assert extensions[one["oid"]].value.endswith(one["value"].encode())
        assert value["identity"]["san"]["value"] in str(extensions["2.5.29.17"]._general_names._general_names)
        return
    assert refusal["reason"] == reason
    for key in ("claim", "expected", "rule"):
        assert value["metadata"].get(key) == refusal.get("metadata", {}).get(key)


@pytest.mark.parametrize("text", ["", "a.b.c", "not a token", "e30.e30.", "\x00", "x" * (1 << 21)])
def test_what_is_no_token_is_malformed(site, text):
    value = judged(site, text)
    assert value["reason"] == "TOKEN_MALFORMED" and value["issuer"]["check"] == "notChecked"


def test_a_signature_is_checked_with_the_keys_in_a_file(site):
    offline, mail = site.issuers["offline"], site.issuers["mail"]
    head, claims, signature = offline.token().split(".")
    good = f"{head}.{claims}.{signature}"
    other = offline.token(jti="2").split(".")[2]
    changed = f"{head}.{claims}.{other}"
    assert judged(site, good)["signature"] == {"check": "ok", "keyId": "ES256-1"}
    assert judged(site, changed)["reason"] == answered(site, changed, {})[1]["reason"] == "SIGNATURE_INVALID"
    assert judged(site, mail.token())["signature"] == {"check": "notChecked", "because": "the keys are fetched online"}


def test_it_goes_on_after_a_refusal(site):
    """An expired token for another is still named, and judged by the rules."""
    ruled = site.issuers["ruled"]
    token = ruled.token(**PULL | {"exp": 1_700_000_000, "aud": "other"})
    value = judged(site, token, "--now", 1_700_000_060)
    assert value["time"] == {"check": "refused", "reason": "TOKEN_EXPIRED", "metadata": {"expiredSecondsAgo": "60"},
                             "nowSeconds": 1_700_000_060}
    assert value["audience"]["metadata"] == {"claim": "aud", "expected": "sigstore"}
    assert value["identity"]["san"]["value"].endswith("sign.yml@refs/tags/v4")
    assert value["rules"]["reason"] == "RULE_DENIED" and value["rules"]["rule"] == "no-pull-requests"
    value = judged(site, ruled.token(**GITHUB_CLAIMS | {"ref": "refs/tags/v1"}))
    assert value["rules"]["steps"][1]["unmet"]["claim"] == "ref" and value["rules"]["rule"] is None
    reporting = judged(site, site.issuers["reporting"].token(**PULL))
    assert reporting["rules"]["check"] == "ok" and reporting["rules"]["mode"] == "report"
    assert reporting["rules"]["decision"] == "deny"


def test_an_unknown_issuer_is_told_its_neighbours(site):
    mail = site.issuers["mail"]
    value = judged(site, mail.token(iss=mail.url + "/"))
    assert value["reason"] == "ISSUER_UNKNOWN" and value["issuer"]["nearest"][0] == mail.url
    assert f"configured is {mail.url}" in explain(site, mail.token(iss=mail.url + "/")).stdout


def test_an_issuer_of_an_unknown_type_is_told_apart_from_an_unknown_issuer(site):
    later = site.issuers["later"]
    text = explain(site, later.token()).stdout
    assert f"oidc-issuers.{later.url} in line " in text and "unknown type next-year" in text
    assert "configured is" not in text


def test_place_limits_and_uses_are_told(site, tmp_path):
    mail = site.issuers["mail"]
    path = tmp_path / "issuers.yaml"
    limits = {"issuer": {"rate": "60/m", "burst": 9}, "subject": {"rate": "5/d", "burst": 2}}
    path.write_text("# one\n" + yaml.safe_dump({"oidc-issuers": mail.settings(limits=limits, tokens="once")}))
    text = explain(site, mail.token(), path=path).stdout
    assert f"oidc-issuers.{mail.url} in line 3 of {path}: type email, audience sigstore" in text
    assert json.loads(explain(site, mail.token(), "--json", path=path).stdout)["limits"] == {
        "check": "notChecked", "because": "they depend on what was issued before",
        "issuer": {"rate": "1/s", "burst": 9}, "subject": {"rate": "5/d", "burst": 2}, "tokenUses": 1}
    assert "issuer: 1/s, burst 9" in text and "subject: 5/d, burst 2" in text and "at most 1 certificate" in text


def test_control_characters_do_not_reach_the_terminal(site):
    evil = "\x1b[2J\u009b31m\u202e\x7f"
    token = site.issuers["mail"].token(sub=evil, header={"kid": evil}, **{evil: 1})
    for option in ((), ("--json",)):
        shown = explain(site, token, *option).stdout
        assert not set(evil) & set(shown) - set("[2J31m") and "202e" in shown
    assert json.loads(explain(site, token, "--json").stdout)["token"]["keyId"] == evil


def test_misuse_and_a_bad_configuration_are_told_apart_from_a_refusal(site, tmp_path):
    token, file = site.issuers["mail"].token(), tmp_path / "token"
    file.write_text(token)
    assert explain(site, "").returncode == 1
    good = ("--data", site.directory, "--identity-config", site.path)
    assert mayfly.run("token", "explain", file, *good).returncode == 0
    assert mayfly.run("token", "explain", file, "--config", site.directory / "mayfly.yaml",
                      "--identity-config", site.path).returncode == 0
    (tmp_path / "bad.yaml").write_text("oidc-issuers: {\"https://x\": {type: [email]}}")
    for arguments in ((tmp_path / "none", *good), (file,), (file, *good, "--now=-1"), (file, token, *good), (file, "--data", tmp_path),
                      (file, "--data", site.directory, "--identity-config", tmp_path / "bad.yaml"), (token, *good)):
        done = mayfly.run("token", "explain", *arguments)
        assert done.returncode == 2 and done.stderr.startswith("mayfly: couldn't ") and not done.stdout, arguments
        assert "eyJ" not in done.stderr


def test_the_configuration_is_all_that_is_read(site, tmp_path):
    """Neither keys nor log nor database are there, and none is made."""
    (tmp_path / "mayfly.yaml").write_bytes((site.directory / "mayfly.yaml").read_bytes())
    token = site.issuers["mail"].token()
    elsewhere = types.SimpleNamespace(directory=tmp_path, path=site.path)
    assert judged(elsewhere, token)["verdict"] == "issued"
    assert [path.name for path in tmp_path.iterdir()] == ["mayfly.yaml"]

"""`mayfly sign` against a running server, and `mayfly verify` of what comes of it and of what others signed."""
import base64
import hashlib
import json
import subprocess
import sys

import pytest

import mayfly
from oidc import EMAIL, GITHUB_CLAIMS

PREDICATE = "https://example.com/checked/v1"


@pytest.fixture
def artifact(tmp_path):
    path = tmp_path / "artifact"
    path.write_bytes(b"something to sign\n" * 1000)
    return path


@pytest.fixture
def token(stack, tmp_path):
    path = tmp_path / "token"
    path.write_text(stack.token())
    return path


def who(stack):
    return ["--identity", EMAIL, "--issuer", stack.people.url]


def sign(stack, token, artifact, *arguments, bundle=None):
    bundle = bundle or artifact.with_suffix(".sigstore.json")
    return bundle, mayfly.run("sign", artifact, "--token-file", token, "--bundle", bundle, *arguments)


def verify(stack, artifact, bundle, *arguments):
    return mayfly.run("verify", artifact, "--bundle", bundle, "--trusted-root", stack.trusted_root, *arguments)


def ways(stack):
    return {
        "trust-config": ["--trust-config", stack.trust_config],
        "two files": ["--signing-config", stack.signing_config, "--trusted-root", stack.trusted_root],
        "url": ["--url", stack.url + "/", "--trusted-root", stack.trusted_root],
        "url alone": ["--url", stack.url],
    }


def test_every_way_to_say_where(stack, token, artifact):
    for name, arguments in ways(stack).items():
        bundle, done = sign(stack, token, artifact, *arguments)
        assert done.returncode == 0, (name, done.stderr)
        assert ("taken on trust" in done.stdout) == (name == "url alone")
        done = verify(stack, artifact, bundle, *who(stack))
        assert done.returncode == 0, (name, done.stderr)
        assert [line[2] for line in done.stdout.splitlines()] == list("ABCDEF")


def test_the_bundle_has_every_field_that_clients_want(stack, token, artifact):
    bundle, done = sign(stack, token, artifact, "--trust-config", stack.trust_config)
    assert done.returncode == 0, done.stderr
    text = json.loads(bundle.read_text())
    assert text["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    entry, = text["verificationMaterial"]["tlogEntries"]
    assert entry["kindVersion"] == {"kind": "hashedrekord", "version": "0.0.2"}
    assert entry["integratedTime"] == "0" and int(entry["logIndex"]) > 0
    assert set(entry["inclusionProof"]) == {"logIndex", "rootHash", "treeSize", "hashes", "checkpoint"}
    assert set(text["verificationMaterial"]["certificate"]) == {"rawBytes"}
    digest = base64.b64decode(text["messageSignature"]["messageDigest"]["digest"])
    assert digest == hashlib.sha256(artifact.read_bytes()).digest()


def test_statements(stack, token, artifact, tmp_path):
    digest = hashlib.sha256(artifact.read_bytes()).hexdigest()
    statement = tmp_path / "statement.json"
    statement.write_text(json.dumps({"_type": "https://in-toto.io/Statement/v1", "predicateType": PREDICATE,
                                     "subject": [{"name": "artifact", "digest": {"sha256": digest}}], "predicate": {}}))
    bundle, done = sign(stack, token, statement, "--trust-config", stack.trust_config, "--in-toto")
    assert done.returncode == 0, done.stderr
    envelope = json.loads(bundle.read_text())["dsseEnvelope"]
    assert base64.b64decode(envelope["payload"]) == statement.read_bytes()
    for given in (artifact, f"sha256:{digest}"):
        done = verify(stack, given, bundle, *who(stack), "--type", PREDICATE, "--json")
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer["predicateType"] == PREDICATE and answer["identity"] == EMAIL
        assert [step["step"] for step in answer["steps"]] == list("ABCDEFG")
    refused = {
        "G": verify(stack, statement, bundle, *who(stack)),
        "type": verify(stack, artifact, bundle, *who(stack), "--type", "https://example.com/other"),
    }
    for name, done in refused.items():
        assert done.returncode == 1, name
        assert "couldn't verify the statement" in done.stderr


def test_refusals_name_step_and_reason(stack, token, artifact, tmp_path):
    bundle, done = sign(stack, token, artifact, "--trust-config", stack.trust_config)
    assert done.returncode == 0, done.stderr
    other = tmp_path / "other"
    other.write_text("another file")
    cases = [
        (1, "E", artifact, ["--identity", "mallory@example.com", "--issuer", stack.people.url]),
        (1, "E", artifact, ["--identity", EMAIL, "--issuer", stack.ci.url]),
        (1, "E", artifact, ["--identity-regex", "jane", "--issuer", stack.people.url]),
        (1, "E", artifact, [*who(stack), "--github-workflow-ref", "refs/heads/main"]),
        (1, "F", other, who(stack)),
        (1, "F", "sha256:" + "0" * 64, who(stack)),
        (2, None, tmp_path / "missing", who(stack)),
    ]
    for code, step, given, arguments in cases:
        done = verify(stack, given, bundle, *arguments, "--json")
        assert done.returncode == code, (arguments, done.stdout)
        answer = json.loads(done.stdout)
        assert not answer["verified"] and answer["error"]["step"] == step and answer["error"]["reason"]
        plain = verify(stack, given, bundle, *arguments)
        assert plain.returncode == code and plain.stderr.startswith("mayfly: couldn't ")
        assert step is None or f"✗ {step}" in plain.stdout
    bundle.write_text(bundle.read_text()[:-10])
    assert verify(stack, artifact, bundle, *who(stack)).returncode == 2
    for arguments in ([], ["--identity", EMAIL], ["--issuer", "x"], [*who(stack), "--key", "k"]):
        assert verify(stack, artifact, bundle, *arguments).returncode == 64


def test_workflows(stack, artifact, tmp_path):
    token = tmp_path / "workflow"
    token.write_text(stack.ci_token())
    bundle, done = sign(stack, token, artifact, "--trust-config", stack.trust_config)
    assert done.returncode == 0, done.stderr
    found = json.loads(verify(stack, artifact, bundle, "--identity-regex", ".*", "--issuer-regex", ".*", "--json").stdout)
    names = ["--certificate-identity", found["identity"], "--certificate-oidc-issuer", found["issuer"]]
    claims = GITHUB_CLAIMS
    flags = {"trigger": claims["event_name"], "sha": claims["sha"], "name": claims["workflow"],
             "repository": claims["repository"], "ref": claims["ref"]}
    right = [part for name, value in flags.items() for part in (f"--github-workflow-{name}", value)]
    assert verify(stack, artifact, bundle, *names, *right).returncode == 0
    for name, value in flags.items():
        done = verify(stack, artifact, bundle, *names, f"--certificate-github-workflow-{name}", value + "x")
        assert done.returncode == 1 and value in done.stderr


def test_nothing_is_written_unless_it_verifies(stack, token, artifact, tmp_path):
    bad = tmp_path / "bad-token"
    bad.write_text(stack.token()[:-6] + "AAAAAA")
    bundle = tmp_path / "never.sigstore.json"
    _, done = sign(stack, bad, artifact, "--trust-config", stack.trust_config, bundle=bundle)
    assert done.returncode == 1 and "the certificate authority refused (400)" in done.stderr
    assert bad.read_text() not in done.stdout + done.stderr
    root = json.loads(stack.trusted_root.read_text())
    root["timestampAuthorities"] = []
    without = tmp_path / "without.json"
    without.write_text(json.dumps(root))
    _, done = sign(stack, token, artifact, "--signing-config", stack.signing_config, "--trusted-root", without,
                   bundle=bundle)
    assert done.returncode == 1 and "doesn't verify: couldn't verify the time of signing" in done.stderr
    _, done = sign(stack, token, artifact, "--url", "http://127.0.0.1:1", "--trusted-root", without, bundle=bundle)
    assert done.returncode == 1 and "couldn't reach the certificate authority" in done.stderr
    bad.write_text("not a token")
    _, done = sign(stack, bad, artifact, "--trust-config", stack.trust_config, bundle=bundle)
    assert done.returncode == 2
    assert not bundle.exists()


def test_the_public_suites_command_line_signs(stack, artifact, tmp_path):
    """sign-bundle and verify-bundle of sigstore-conformance, with its own client's checks of what was written."""
    client = [sys.executable, mayfly.ROOT / "Tests/EndToEnd/conformance_client.py"]
    bundle = tmp_path / "suite.sigstore.json"
    done = subprocess.run([*client, "sign-bundle", "--identity-token", stack.token(), "--bundle", bundle, "--trusted-root",
                           stack.trusted_root, "--signing-config", stack.signing_config, artifact],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([*client, "verify-bundle", "--bundle", bundle, "--certificate-identity", EMAIL,
                           "--certificate-oidc-issuer", stack.people.url, "--trusted-root", stack.trusted_root, artifact],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr

"""The public sigstore-conformance suite's bundles: each is accepted or refused as it should be, by file and by digest.

MAYFLY_SIGSTORE_CONFORMANCE names the suite's folder; nothing of it is copied.
"""
import hashlib
import json
import subprocess
import sys

import pytest

import mayfly
from conformance_client import public_root
from conftest import SIGSTORE_CONFORMANCE

ASSETS = SIGSTORE_CONFORMANCE / "test/assets/bundle-verify"
CASES = sorted(path for path in ASSETS.iterdir() if path.is_dir())
IDENTITY = ("https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/"
            "extremely-dangerous-oidc-beacon.yml@refs/heads/main")
ISSUER = "https://token.actions.githubusercontent.com"
# Every error would do for a case that must fail; these are the steps that should end it. "-": reading ends it.
STEPS = {
    "bundle-empty-certificate-chain_fail": "-", "bundle-from-wrong-instance_fail": "A",
    "bundle-invalid-base64-signature_fail": "-", "bundle-malformed-json_fail": "-",
    "bundle-negative-log-index_fail": "-", "bundle-unknown-version_fail": "-", "bundle-with-root-cert_fail": "-",
    "intoto-missing-inclusion-proof_fail": "-", "intoto-tsa-timestamp-outside-cert-validity_fail": "C",
    "invalid-ct-key_fail": "D", "invalid-inclusion-proof_fail": "-", "managed-key-no-key_fail": "E",
    "managed-key-wrong-key_fail": "-", "rekor2-no-inclusion-proof_fail": "-", "rekor2-no-timestamp_fail": "B",
    "rekor2-timestamp-outside-trust-root-tsa-validity_fail": "B",
    "rekor2-timestamp-outside-tsa-cert-validity_fail": "B", "rekor2-timestamp-payload-mismatch_fail": "B",
    "rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail": "B",
    "rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail": "B",
    "rekor2-timestamp-with-incorrect-time_fail": "C", "trust-root-tlog-missing-validity-start_fail": "-",
    "wrong-material_fail": "F",
}


def read(case, name, otherwise):
    path = case / name
    return path.read_text().strip() if path.exists() else otherwise


def verify(case, artifact):
    key = case / "key.pub"
    root = case / "trusted_root.json"
    who = ["--key", key] if key.exists() else ["--identity", read(case, "identity", IDENTITY),
                                               "--issuer", read(case, "issuer", ISSUER)]
    done = subprocess.run([mayfly.BINARY, "verify", artifact, "--bundle", case / "bundle.sigstore.json", "--trusted-root",
                           root if root.exists() else public_root(False), "--json", *who],
                          capture_output=True, text=True, timeout=60)
    return done.returncode, json.loads(done.stdout)


def test_the_suite_is_the_one_that_is_known():
    assert len(CASES) >= 70
    assert sum(case.name.endswith("_fail") for case in CASES) >= 49


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bundle(case):
    artifact = case / "artifact" if (case / "artifact").exists() else ASSETS / "a.txt"
    digest = "sha256:" + hashlib.sha256(artifact.read_bytes()).hexdigest()
    for given in (artifact, digest):
        code, answer = verify(case, given)
        if not case.name.endswith("_fail"):
            assert (code, answer["verified"]) == (0, True), answer
            continue
        assert not answer["verified"]
        step = answer["error"]["step"]
        assert code == (1 if step else 2), answer
        assert (step or "-") == STEPS.get(case.name, "A"), answer


def test_the_suites_own_command_line(tmp_path):
    """The wrapper that the suite itself can run says the same with its exit code."""
    for name, good in (("rekor2-happy-path", True), ("managed-key-happy-path", True), ("set-invalid-signature_fail", False)):
        case = ASSETS / name
        key, root = case / "key.pub", case / "trusted_root.json"
        who = ["--key", key] if key.exists() else ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUER]
        trusted = ["--trusted-root", root] if root.exists() else []
        client = mayfly.ROOT / "Tests/EndToEnd/conformance_client.py"
        done = subprocess.run([sys.executable, client, "verify-bundle", "--bundle", case / "bundle.sigstore.json", *who,
                               *trusted, ASSETS / "a.txt"], capture_output=True, text=True, timeout=60)
        assert (done.returncode == 0) == good, done.stderr

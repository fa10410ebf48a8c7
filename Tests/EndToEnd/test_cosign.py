"""cosign 3, unmodified, against the private stack: blobs, attestations, images; by TUF and by files."""
import json

import pytest

from loopback import Loopback
from oidc import GITHUB_CLAIMS
from stack import Signer

PREDICATE = {"buildDefinition": {"buildType": "https://example.com/build", "externalParameters": {}},
             "runDetails": {"builder": {"id": "https://example.com/builder"}}}
ATTESTATION = ("--type", "slsaprovenance1")
PROVENANCE = "https://slsa.dev/provenance/v1"
WORKFLOW = "https://github.com/" + GITHUB_CLAIMS["job_workflow_ref"]


@pytest.fixture
def by_tuf(machine):
    """A machine that was pointed at the stack once and needs no flags for it afterwards."""
    machine.initialize()
    return machine


def sign_blob(machine, *how, token=None):
    machine.run("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(token), *how,
                "--bundle", "bundle.json", machine.file)
    return json.loads(machine.path("bundle.json").read_text())


# Blobs.

def test_blob_is_signed_and_verified_without_flags(by_tuf):
    sign_blob(by_tuf)
    said = by_tuf.run("cosign", "verify-blob", *by_tuf.cosign_expect(), "--bundle", "bundle.json", by_tuf.file)
    assert "Verified OK" in said
    for stranger in by_tuf.strangers:
        by_tuf.refused("cosign", "verify-blob", *by_tuf.cosign_expect(stranger), "--bundle", "bundle.json", by_tuf.file)


def test_blob_is_signed_and_verified_with_files(machine):
    bundle = sign_blob(machine, *machine.cosign_sign_files)
    assert bundle["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    verify = ("cosign", "verify-blob", *machine.cosign_verify_files)
    machine.run(*verify, *machine.cosign_expect(), "--bundle", "bundle.json", machine.file)
    machine.write("b.txt", "hello?\n")
    machine.refused(*verify, *machine.cosign_expect(), "--bundle", "bundle.json", "b.txt")
    for stranger in machine.strangers:
        machine.refused(*verify, *machine.cosign_expect(stranger), "--bundle", "bundle.json", machine.file)


def test_blob_by_mirror_in_the_environment(machine):
    """TUF_MIRROR and TUF_ROOT_JSON stand for `initialize`."""
    where = {"TUF_MIRROR": machine.stack.tuf_url, "TUF_ROOT_JSON": str(machine.stack.tuf_root)}
    machine.run("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(), "--bundle", "bundle.json",
                machine.file, **where)
    machine.run("cosign", "verify-blob", *machine.cosign_expect(), "--bundle", "bundle.json", machine.file, **where)


def test_token_of_any_algorithm_comes_from_a_file(machine):
    sign_blob(machine, *machine.cosign_sign_files, token=machine.stack.people.token("ES256"))
    machine.run("cosign", "verify-blob", *machine.cosign_verify_files, *machine.cosign_expect(), "--bundle",
                "bundle.json", machine.file)


class Runner(Loopback):
    """What a GitHub runner offers to a job: a token for an audience, to whoever knows the secret of the job."""

    def __init__(self, token):
        self.token = token
        super().__init__()

    def answer(self, request):
        if request.headers["Authorization"] != "bearer secret" or "audience=sigstore" not in request.path:
            return 401, {}, b"{}"
        return 200, {"Content-Type": "application/json"}, json.dumps({"count": 1, "value": self.token}).encode()


def test_token_of_a_ci_job_is_found_by_itself(by_tuf):
    runner = Runner(by_tuf.stack.ci_token())
    try:
        by_tuf.run("cosign", "sign-blob", "-y", "--bundle", "bundle.json", by_tuf.file,
                   ACTIONS_ID_TOKEN_REQUEST_URL=runner.url + "/token?api-version=2.0",
                   ACTIONS_ID_TOKEN_REQUEST_TOKEN="secret")
    finally:
        runner.stop()
    workflow = Signer(WORKFLOW, by_tuf.stack.ci.url)
    by_tuf.run("cosign", "verify-blob", *by_tuf.cosign_expect(workflow), "--bundle", "bundle.json", by_tuf.file)


@pytest.mark.parametrize("algorithm", ["ecdsa-sha2-384-nistp384", "ecdsa-sha2-512-nistp521", "rsa-sign-pkcs1-2048-sha256"])
def test_blob_with_another_kind_of_key(machine, algorithm):
    sign_blob(machine, *machine.cosign_sign_files, "--signing-algorithm", algorithm)
    machine.run("cosign", "verify-blob", *machine.cosign_verify_files, *machine.cosign_expect(),
                "--bundle", "bundle.json", machine.file)


def test_blob_with_a_key_of_ones_own(machine):
    machine.run("cosign", "generate-key-pair")
    machine.run("cosign", "sign-blob", "-y", "--key", "cosign.key", *machine.cosign_sign_files,
                "--bundle", "bundle.json", machine.file)
    machine.run("cosign", "verify-blob", "--key", "cosign.pub", *machine.cosign_verify_files,
                "--bundle", "bundle.json", machine.file)
    machine.run("cosign", "generate-key-pair", "--output-key-prefix", "other")
    machine.refused("cosign", "verify-blob", "--key", "other.pub", *machine.cosign_verify_files,
                    "--bundle", "bundle.json", machine.file)


def test_token_that_nobody_vouches_for_signs_nothing(machine):
    token = machine.stack.people.token("RS256", exp=1)
    machine.refused("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(token),
                    *machine.cosign_sign_files, "--bundle", "bundle.json", machine.file)
    assert not machine.path("bundle.json").exists()


def test_github_workflow_is_what_the_flags_say(machine):
    """Each extension flag with the right value, and with a wrong one."""
    sign_blob(machine, *machine.cosign_sign_files, token=machine.stack.ci_token())
    right = {"trigger": "push", "sha": GITHUB_CLAIMS["sha"], "name": "release", "repository": "acme/arm",
             "ref": "refs/heads/main"}
    workflow = Signer(WORKFLOW, machine.stack.ci.url)

    def verify(values):
        flags = [text for name, value in values.items() for text in (f"--certificate-github-workflow-{name}", value)]
        return ("cosign", "verify-blob", *machine.cosign_verify_files, *machine.cosign_expect(workflow), *flags,
                "--bundle", "bundle.json", machine.file)

    machine.run(*verify(right))
    for name in right:
        machine.refused(*verify(right | {name: "wrong"}))


# Attestations.

def test_attestation_of_a_blob(by_tuf):
    predicate = by_tuf.write("predicate.json", PREDICATE)
    by_tuf.run("cosign", "attest-blob", "-y", "--identity-token", by_tuf.token_file(), "--predicate", predicate,
               *ATTESTATION, "--bundle", "bundle.json", by_tuf.file)
    verify = ("cosign", "verify-blob-attestation", *by_tuf.cosign_expect(), "--bundle", "bundle.json")
    by_tuf.run(*verify, *ATTESTATION, by_tuf.file)
    by_tuf.refused(*verify, "--type", "spdxjson", by_tuf.file)
    by_tuf.refused(*verify, *ATTESTATION, by_tuf.write("b.txt", "hello?\n"))


# Images.

def test_image_is_signed_attested_and_shown(machine, registry):
    image = registry.push(machine)
    files = machine.cosign_verify_files
    machine.refused("cosign", "verify", *files, *machine.cosign_expect(), image)
    machine.run("cosign", "sign", "-y", "--identity-token", machine.token_file(), *machine.cosign_sign_files, image)
    said = machine.run("cosign", "verify", *files, *machine.cosign_expect(), image)
    assert "transparency log" in said, said
    machine.refused("cosign", "verify-attestation", *files, *machine.cosign_expect(), *ATTESTATION, image)
    predicate = machine.write("predicate.json", PREDICATE)
    machine.run("cosign", "attest", "-y", "--identity-token", machine.token_file(), *machine.cosign_sign_files,
                "--predicate", predicate, *ATTESTATION, image)
    machine.run("cosign", "verify-attestation", *files, *machine.cosign_expect(), *ATTESTATION, image)
    for stranger in machine.strangers:
        machine.refused("cosign", "verify", *files, *machine.cosign_expect(stranger), image)
        machine.refused("cosign", "verify-attestation", *files, *machine.cosign_expect(stranger), *ATTESTATION, image)
    tree = machine.run("cosign", "tree", image)
    assert PROVENANCE in tree and "https://sigstore.dev/cosign/sign/v1" in tree, tree


def test_image_of_a_workflow_without_flags(by_tuf, registry):
    image = registry.push(by_tuf)
    by_tuf.run("cosign", "sign", "-y", "--identity-token", by_tuf.token_file(by_tuf.stack.ci_token()), image)
    expect = by_tuf.cosign_expect(Signer(WORKFLOW, by_tuf.stack.ci.url))
    by_tuf.run("cosign", "verify", *expect, "--certificate-github-workflow-repository", "acme/arm", image)
    by_tuf.refused("cosign", "verify", *expect, "--certificate-github-workflow-repository", "acme/leg", image)


def test_signature_of_one_image_is_none_of_another(machine, registry):
    """The referrer of a signed image, copied to one that nobody signed."""
    signed, other = registry.push(machine, "acme/signed"), registry.push(machine, "acme/other")
    machine.run("cosign", "sign", "-y", "--identity-token", machine.token_file(), *machine.cosign_sign_files, signed)
    tag = lambda image: image.replace("@sha256:", ":sha256-")
    machine.run("crane", "copy", tag(signed), tag(other))
    machine.refused("cosign", "verify", *machine.cosign_verify_files, *machine.cosign_expect(), other)

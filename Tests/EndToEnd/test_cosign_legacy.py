"""cosign 2.5 as Debian 13 ships it, and cosign 3's legacy mode: Rekor v1, keys and certificates by their TUF names."""
import json

import pytest

from stack import COSIGN_2, Signer


@pytest.fixture
def both(machine):
    """A machine with both generations of cosign, each pointed at the stack by TUF in a cache of its own."""
    machine.initialize()
    machine.run(COSIGN_2, "initialize", "--mirror", machine.stack.tuf_url, "--root", machine.stack.tuf_root,
                TUF_ROOT=str(machine.home / "tuf-cache-2"))
    return machine


def cosign_2(machine, *arguments):
    return machine.run(COSIGN_2, *arguments, TUF_ROOT=str(machine.home / "tuf-cache-2"))


def services(machine):
    return ("--fulcio-url", machine.stack.url, "--rekor-url", machine.stack.url)


def test_image_signed_by_cosign_2_is_verified_by_both(both, registry):
    image = registry.push(both)
    cosign_2(both, "sign", "-y", "--identity-token", both.token_file(), *services(both), image)
    cosign_2(both, "verify", "--rekor-url", both.stack.url, *both.cosign_expect(), image)
    both.run("cosign", "verify", *both.cosign_expect(), image)
    wrong = both.cosign_expect(Signer("mallory@example.com", both.person.issuer))
    both.refused(COSIGN_2, "verify", "--rekor-url", both.stack.url, *wrong, image,
                 TUF_ROOT=str(both.home / "tuf-cache-2"))


def test_image_signed_by_cosign_3_in_the_old_form_is_verified_by_cosign_2(both, registry):
    image = registry.push(both)
    both.run("cosign", "sign", "-y", "--identity-token", both.token_file(), "--new-bundle-format=false",
             "--use-signing-config=false", *services(both), image)
    cosign_2(both, "verify", "--rekor-url", both.stack.url, *both.cosign_expect(), image)


def test_blob_with_the_old_bundle(both):
    """The log's promise (SET) is in the bundle: verification asks nobody but TUF."""
    cosign_2(both, "sign-blob", "-y", "--identity-token", both.token_file(), *services(both),
             "--bundle", "old.json", both.file)
    assert "rekorBundle" in json.loads(both.path("old.json").read_text())
    cosign_2(both, "verify-blob", *both.cosign_expect(), "--bundle", "old.json", both.file)


def test_blob_whose_entry_is_looked_up(both):
    """Only signature and certificate are kept: the entry is found by the artifact's digest."""
    cosign_2(both, "sign-blob", "-y", "--identity-token", both.token_file(), *services(both),
             "--output-signature", "a.sig", "--output-certificate", "a.pem", both.file)
    cosign_2(both, "verify-blob", "--rekor-url", both.stack.url, *both.cosign_expect(), "--signature", "a.sig",
             "--certificate", "a.pem", both.file)


def test_cosign_3_with_a_signing_config_of_rekor_v1(machine):
    """Whoever lists only version 1 of the log is served by it, for blobs and for attestations."""
    config = json.loads(machine.stack.signing_config.read_text())
    for service in config["rekorTlogUrls"]:
        service["majorApiVersion"] = 1
    del config["rekorTlogUrls"][1:]
    files = ("--signing-config", machine.write("signing_config.json", config),
             "--trusted-root", machine.stack.trusted_root)
    token, expect = machine.token_file(), (*machine.cosign_verify_files, *machine.cosign_expect())
    machine.run("cosign", "sign-blob", "-y", "--identity-token", token, *files, "--bundle", "b.json", machine.file)
    machine.run("cosign", "verify-blob", *expect, "--bundle", "b.json", machine.file)
    entry = json.loads(machine.path("b.json").read_text())["verificationMaterial"]["tlogEntries"][0]
    assert entry["kindVersion"] == {"kind": "hashedrekord", "version": "0.0.1"}
    predicate = machine.write("predicate.json", {"any": "thing"})
    machine.run("cosign", "attest-blob", "-y", "--identity-token", token, *files, "--predicate", predicate,
                "--bundle", "c.json", machine.file)
    machine.run("cosign", "verify-blob-attestation", *expect, "--bundle", "c.json", machine.file)
    entry = json.loads(machine.path("c.json").read_text())["verificationMaterial"]["tlogEntries"][0]
    assert entry["kindVersion"] == {"kind": "dsse", "version": "0.0.1"}

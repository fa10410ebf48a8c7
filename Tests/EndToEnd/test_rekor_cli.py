"""rekor-cli, unmodified, reads the record log: state, entries, proofs and the index."""
import base64
import hashlib
import json

import pytest


@pytest.fixture
def rekor(machine):
    return lambda *arguments: machine.run("rekor-cli", "--rekor_server", machine.stack.url, *arguments)


def answer(said):
    return json.loads(said[said.index("{"):])


@pytest.fixture
def uploaded(machine, rekor):
    """A signature by a key that nobody vouches for, entered with rekor-cli itself: the options that name it."""
    machine.run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem")
    machine.run("openssl", "ec", "-in", "key.pem", "-pubout", "-out", "key.pub")
    machine.run("openssl", "dgst", "-sha256", "-sign", "key.pem", "-out", "a.sig", machine.file)
    digest = hashlib.sha256(machine.file.read_bytes()).hexdigest()
    what = ("--type", "hashedrekord", "--artifact-hash", digest, "--signature", "a.sig", "--public-key", "key.pub",
            "--pki-format", "x509")
    assert "Created entry at index" in rekor("upload", *what)
    return what


def test_state_of_the_log_is_consistent_with_what_was_seen_before(machine, rekor, uploaded):
    first = rekor("loginfo")
    assert "Verification Successful!" in first, first
    (machine.path("more")).write_text("more\n")
    machine.run("openssl", "dgst", "-sha256", "-sign", "key.pem", "-out", "more.sig", "more")
    digest = hashlib.sha256(b"more\n").hexdigest()
    rekor("upload", "--type", "hashedrekord", "--artifact-hash", digest, "--signature", "more.sig", "--public-key",
          "key.pub", "--pki-format", "x509")
    assert "Verification Successful!" in rekor("loginfo")


def test_entry_is_got_by_index_and_by_name(rekor, uploaded):
    found = answer(rekor("search", "--public-key", "key.pub", "--pki-format", "x509", "--format", "json"))["UUIDs"]
    assert len(found) == 1
    by_name = answer(rekor("get", "--uuid", found[0], "--format", "json"))
    by_index = answer(rekor("get", "--log-index", str(by_name["LogIndex"]), "--format", "json"))
    assert by_name == by_index and by_name["UUID"] == found[0]
    assert by_name["Body"]["HashedRekordObj"]["data"]["hash"]["value"] == uploaded[3]


def test_inclusion_is_verified(machine, rekor, uploaded):
    said = rekor("verify", *uploaded)
    assert "Inclusion Proof" in said and "Current Root Hash" in said, said
    machine.write("b.txt", "hello?\n")
    machine.run("openssl", "dgst", "-sha256", "-sign", "key.pem", "-out", "b.sig", "b.txt")
    digest = hashlib.sha256(b"hello?\n").hexdigest()
    machine.refused("rekor-cli", "--rekor_server", machine.stack.url, "verify", "--type", "hashedrekord",
                    "--artifact-hash", digest, "--signature", "b.sig", "--public-key", "key.pub", "--pki-format", "x509")


def test_search_by_digest_and_by_identity(machine, rekor, uploaded):
    by_digest = answer(rekor("search", "--sha", uploaded[3], "--format", "json"))["UUIDs"]
    assert by_digest
    machine.run("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(), *machine.cosign_sign_files,
                "--bundle", "bundle.json", machine.file)
    by_person = answer(rekor("search", "--email", machine.person.identity, "--format", "json"))["UUIDs"]
    bundle = json.loads(machine.path("bundle.json").read_text())
    body = base64.b64decode(bundle["verificationMaterial"]["tlogEntries"][0]["canonicalizedBody"])
    assert hashlib.sha256(b"\x00" + body).hexdigest() in [uuid[-64:] for uuid in by_person]


def test_same_entry_twice_is_one_entry(rekor, uploaded):
    assert "already exists" in rekor("upload", *uploaded)

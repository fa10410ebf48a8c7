"""Receipts: a certificate comes with the proof that the log holds it, and anybody can check it offline."""
import base64
import json

import pytest
from cryptography.hazmat.primitives import serialization

import client
import mayfly
from load import in_parallel
from transparency import check_certificate, leaf_hash, log_id, read_checkpoint, verify_inclusion

HEADER = "X-Mayfly-Receipt"


def issue(server, issuer):
    """A certificate's chain and its receipt's text."""
    answer = client.sign_v2(server.url, issuer.token())
    assert answer.status == 200, answer.body
    text = answer.headers[HEADER]
    assert len(text) <= 4096
    return answer.certificates(), base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def recomputed(server, chain, receipt):
    """Verifies a receipt with nothing but the certificate, its issuer and the log's key; returns index and size."""
    said = json.loads(receipt)
    assert base64.b64decode(said["logId"]) == log_id(server.log_key)
    head = read_checkpoint(said["checkpoint"].encode(), server.log_key)
    assert head.size == said["treeSize"]
    entry = check_certificate(chain[0].public_bytes(serialization.Encoding.DER), chain[1].public_key(), server.log_key)
    index = entry.leaf_index()
    assert index == said["leafIndex"]
    path = [base64.b64decode(node, validate=True) for node in said["inclusionProof"]]
    verify_inclusion(leaf_hash(entry.merkle_leaf()), index, head.size, path, head.root)
    return index, head.size


@pytest.fixture
def files(server, issuer, tmp_path):
    """A certificate with its chain, and its receipt, as files."""
    chain, receipt = issue(server, issuer)
    (tmp_path / "chain.pem").write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in chain))
    (tmp_path / "receipt").write_bytes(receipt)
    return tmp_path


def verify(server, files, *arguments, certificate="chain.pem", receipt="receipt"):
    return mayfly.run("verify-receipt", files / certificate, files / receipt, "--log-key",
                      server.directory / "log/log.pub", "--roots", server.directory / "ca/root.pem", *arguments)


def test_receipts_of_many_at_once_hold(server, issuer):
    answers = in_parallel(16, lambda _: [issue(server, issuer) for _ in range(20)])
    places = [recomputed(server, chain, receipt) for some in answers for chain, receipt in some]
    assert len({index for index, _ in places}) == len(places) == 320
    assert len({size for _, size in places}) < 320, "no two certificates were in one batch"
    auditor = server.auditor()
    for some in answers:
        for _, receipt in some:
            auditor.note(json.loads(receipt)["checkpoint"].encode())
    auditor.audit()


def test_version_one_of_the_api_gives_a_receipt_too(server, issuer):
    answer = client.sign_v1(server.url, issuer.token())
    text = answer.headers[HEADER]
    recomputed(server, answer.certificates(), base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_receipt_is_verified_by_the_command(server, files):
    done = verify(server, files)
    assert done.returncode == 0, done.stderr
    assert "receipt verified" in done.stdout
    text = base64.urlsafe_b64encode((files / "receipt").read_bytes()).rstrip(b"=")
    (files / "header").write_bytes(text + b"\n")
    assert verify(server, files, "--origin", "mayfly.internal/ct", receipt="header").returncode == 0
    assert verify(server, files, "--origin", "another.example/ct").returncode == 1


def test_receipt_that_request_keeps_is_verified(server, issuer, tmp_path):
    (tmp_path / "token").write_text(issuer.token())
    done = mayfly.run("request", "--url", server.url, "--token-file", tmp_path / "token", "--certificate-out",
                      tmp_path / "chain.pem", "--receipt-out", tmp_path / "receipt")
    assert done.returncode == 0, done.stderr
    assert verify(server, tmp_path).returncode == 0


def test_changed_receipt_is_refused(server, files):
    good = (files / "receipt").read_bytes()
    for at in range(0, len(good), 7):
        (files / "changed").write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
        done = verify(server, files, receipt="changed")
        assert done.returncode == 1, f"byte {at} of {good}"
        assert done.stderr.startswith("mayfly: not verified: ")


def test_receipt_of_another_certificate_log_or_root_is_refused(server, deployment, issuer, files):
    _, other = issue(server, issuer)
    (files / "other").write_bytes(other)
    assert "inclusion proof" in verify(server, files, receipt="other").stderr
    stranger = deployment.init()
    assert verify(server, files, "--log-key", stranger / "log/log.pub").returncode == 1
    assert "root you trust" in verify(server, files, "--roots", stranger / "ca/root.pem").stderr
    assert "couldn't read" in verify(server, files, receipt="missing").stderr


def test_no_receipt_where_they_are_off(deployment, issuer):
    directory = deployment.init()
    mayfly.change_settings(directory, lambda settings: settings["log"].update(receipts=False))
    server = deployment.serve(directory, issuer.settings())
    assert HEADER not in client.sign_v2(server.url, issuer.token()).headers

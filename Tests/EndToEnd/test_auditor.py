"""The auditor finds nothing in a sound log and something in every log that is not."""
import base64
import dataclasses
import json

import pytest

import auditor as program
from auditor import Auditor
from authorities import chain, der, issue, leaf_builder, precertificate, public_pem
from paperlog import PaperLog, PaperLogServer
from transparency import Broken, Entry, leaf_index_extension

ISSUER = chain()


def filled(count, **options):
    log = PaperLog(**options)
    return log, [issue(ISSUER, log) for _ in range(count)]


def pairs(certificates):
    return [(certificate, ISSUER.key.public_key()) for certificate in certificates]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 255, 256, 257, 600])
def test_sound_log_of_any_size_passes(count):
    log, certificates = filled(count)
    assert Auditor(log, log.public_key).audit(pairs(certificates)).size == count


def test_log_that_grows_passes_each_time():
    log, _ = filled(3)
    auditor = Auditor(log, log.public_key)
    for _ in range(4):
        certificates = [issue(ISSUER, log) for _ in range(70)]
        auditor.audit(pairs(certificates))
    assert len({head.size for head in auditor.heads}) == 4


class Altered:
    """A log one of whose answers is changed on its way."""

    def __init__(self, log, path, change):
        self.log, self.path, self.change, self.used = log, path, change, False

    def __call__(self, path):
        status, body = self.log(path)
        if path.startswith(self.path):
            self.used = True
            return status, self.change(body)
        return status, body


def flip(at):
    def change(body):
        where = at % len(body)
        return body[:where] + bytes([body[where] ^ 1]) + body[where + 1:]
    return change


def in_json(**members):
    return lambda body: json.dumps(json.loads(body) | members).encode()


def changed_proof(name):
    def change(body):
        answer = json.loads(body)
        proof = [base64.b64decode(x) for x in answer[name]]
        answer[name] = [base64.b64encode(flip(0)(x)).decode() for x in proof] or [base64.b64encode(bytes(32)).decode()]
        return json.dumps(answer).encode()
    return change


@pytest.mark.parametrize("path, change", [
    ("/ct/checkpoint", flip(-5)),
    ("/ct/checkpoint", lambda body: body.replace(b"paper.example", b"other.example")),
    ("/ct/checkpoint", lambda body: body.replace("\n— ".encode(), b"\n- ")),
    ("/ct/tile/data/000", flip(9)),
    ("/ct/tile/data/000", flip(60)),
    ("/ct/tile/data/001", lambda body: body[:-1]),
    ("/ct/tile/0/000", flip(32)),
    ("/ct/tile/0/001", lambda body: body[:-32]),
    ("/ct/tile/1/000", flip(0)),
    ("/ct/issuer/", flip(-1)),
    ("/ct/v1/get-sth", in_json(tree_size=5)),
    ("/ct/v1/get-sth", in_json(timestamp=1)),
    ("/ct/v1/get-entries", lambda body: json.dumps({"entries": json.loads(body)["entries"][::-1]}).encode()),
    ("/ct/v1/get-entries", lambda body: b'{"entries":[]}'),
    ("/ct/v1/get-sth-consistency", changed_proof("consistency")),
    ("/ct/v1/get-proof-by-hash", changed_proof("audit_path")),
    ("/ct/v1/get-proof-by-hash", in_json(leaf_index=77)),
    ("/ct/v1/get-entry-and-proof", changed_proof("audit_path")),
    ("/ct/v1/get-roots", in_json(certificates=[])),
])
def test_altered_answer_is_found(path, change):
    log, certificates = filled(300)
    log.head_size = 280
    auditor = Auditor(log, log.public_key)
    auditor.audit()
    log.head_size = 300
    auditor.source = altered = Altered(log, path, change)
    with pytest.raises((Broken, ValueError)):
        auditor.audit(pairs(certificates))
    assert altered.used


def test_key_of_another_log_is_found():
    log, _ = filled(2)
    with pytest.raises(Broken, match="no signature by the log's key"):
        Auditor(log, PaperLog().public_key).audit()


def test_log_that_forgets_its_end_is_found():
    log, _ = filled(20)
    auditor = Auditor(log, log.public_key)
    auditor.audit()
    log.entries.pop()
    with pytest.raises(Broken, match="shrank"):
        auditor.audit()


def test_log_that_exchanges_an_entry_is_found():
    log, _ = filled(20)
    auditor = Auditor(log, log.public_key)
    auditor.audit()
    log.add_precertificate(precertificate(leaf_builder(ISSUER), ISSUER), ISSUER.chain, index=7)
    log.entries[7] = log.entries.pop()
    with pytest.raises(Broken, match="another one now"):
        auditor.audit()


def test_log_that_signs_two_trees_is_found_by_a_checkpoint_seen_elsewhere():
    log, _ = filled(9)
    auditor = Auditor(log, log.public_key)
    other = PaperLog()
    other.key, other.entries, other.issuers = log.key, log.entries[:5], log.issuers
    issue(ISSUER, other)
    auditor.note(other.checkpoint())
    with pytest.raises(Broken, match="signed root of 6 entries"):
        auditor.audit()


def test_acknowledged_certificate_that_is_missing_is_found():
    log, certificates = filled(5)
    issue_elsewhere = PaperLog()
    issue_elsewhere.key, issue_elsewhere.entries = log.key, list(log.entries)
    lost = issue(ISSUER, issue_elsewhere)
    with pytest.raises(Broken, match="entry 5 was acknowledged and is lost"):
        Auditor(log, log.public_key).audit(pairs(certificates + [lost]))


def test_certificate_logged_under_another_index_is_found():
    log, _ = filled(5)
    log.add_precertificate(precertificate(leaf_builder(ISSUER), ISSUER), ISSUER.chain, index=2)
    with pytest.raises(Broken, match="entry 5 calls itself 2"):
        Auditor(log, log.public_key).audit()


def test_serial_that_occurs_twice_is_found():
    log, _ = filled(1)
    builder = leaf_builder(ISSUER)
    for _ in range(2):
        log.add_precertificate(precertificate(builder, ISSUER), ISSUER.chain)
    with pytest.raises(Broken, match="entry 2 repeats a serial number"):
        Auditor(log, log.public_key).audit()


def test_precertificate_of_a_stranger_is_found():
    log, _ = filled(1)
    stranger = chain()
    log.add_precertificate(precertificate(leaf_builder(ISSUER), stranger), ISSUER.chain)
    with pytest.raises(Broken, match="entry 1: chain does not hold together"):
        Auditor(log, log.public_key).audit()


def test_leaf_that_differs_from_its_precertificate_is_found():
    log, _ = filled(2)
    log.entries[1] = dataclasses.replace(log.entries[1], precertificate=log.entries[0].precertificate)
    with pytest.raises(Broken, match="entry 1: precertificate and leaf differ"):
        Auditor(log, log.public_key).audit()


def test_entry_without_its_index_is_found():
    log, _ = filled(1)
    log.entries[0] = dataclasses.replace(log.entries[0], extensions=b"")
    with pytest.raises(Broken, match="0 leaf_index extensions"):
        Auditor(log, log.public_key).audit()


def test_plain_certificate_entry_passes():
    log = PaperLog()
    log.entries.append(Entry(1, False, b"", der(ISSUER.chain[-1]), leaf_index_extension(0)))
    certificates = [issue(ISSUER, log) for _ in range(3)]
    assert Auditor(log, log.public_key).audit(pairs(certificates)).size == 4


def test_program_reports_what_it_found(tmp_path, capsys):
    log, _ = filled(4)
    (tmp_path / "log.pub").write_bytes(public_pem(log.key))
    server = PaperLogServer(log)
    try:
        program.main([server.url, str(tmp_path / "log.pub")])
        assert "4 entries" in capsys.readouterr().out
        log.entries.reverse()
        with pytest.raises(SystemExit, match="is broken: entry 0 calls itself 3"):
            program.main([server.url, str(tmp_path / "log.pub")])
    finally:
        server.stop()

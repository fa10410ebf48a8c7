"""The issuance record: one row for each decision, and a line for each in the audit sink."""
import contextlib
import hashlib
import json
import sqlite3

from cryptography.hazmat.primitives import serialization

import client
from load import send_all
from mayfly import change_settings, poll
from test_policy import info

REQUEST_ID = "X-Request-Id"


def rows(directory):
    with contextlib.closing(sqlite3.connect(f"file:{directory / 'mayfly.db'}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM records ORDER BY number")]


def decisions(directory, count):
    """The rows once there are so many; refusals are stored a moment after their answer."""
    return poll(lambda: len(found := rows(directory)) >= count and found, 10, f"{count} records")


def audit_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def audited(deployment, **audit):
    directory = deployment.init()
    change_settings(directory, lambda settings: settings.update(audit=audit))
    return directory


def test_every_decision_is_one_row(deployment, issuer, new_issuer):
    stranger = new_issuer()
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    answers = [
        client.sign_v2(server.url, issuer.token()),
        client.sign_v2(server.url, issuer.token(exp=1)),
        client.sign_v2(server.url, issuer.token(email_verified=False)),
        client.sign_v2(server.url, issuer.token(), challenge="wrong"),
        client.sign_v2(server.url, stranger.token()),
        client.sign_v2(server.url, "not a token"),
        client.send(server.url, "POST", client.SIGNING_V2, b"not json"),
    ]
    assert [answer.status for answer in answers] == [200] + [400] * 6
    found = {row["request_id"]: row for row in decisions(directory, 7)}
    made = [found[answer.headers[REQUEST_ID]] for answer in answers]
    assert len(found) == 7, "each request has an ID of its own"
    assert [row["decision"] for row in made] == ["issued"] + ["refused"] * 6
    assert [row["reason"] for row in made] == [
        None, "TOKEN_EXPIRED", "EMAIL_UNVERIFIED", "PROOF_INVALID", "ISSUER_UNKNOWN", "TOKEN_MALFORMED", "BODY_UNPARSABLE"]
    for row in made[:4]:                # their signature was good, so what they say is the issuer's word
        assert (row["issuer"], row["issuer_type"], row["subject"]) == (issuer.url, "email", "subject-of-the-token")
        assert row["key_id"] == issuer.kid(issuer.algorithms[0])
    for row in made[4:]:                # nobody vouches for what these say
        assert row["issuer"] is None and row["subject"] is None
    issued, leaf = made[0], answers[0].certificates()[0]
    assert issued["san"] == client.EMAIL
    assert int(issued["serial"], 16) == leaf.serial_number and issued["not_before"] == leaf.not_valid_before_utc.timestamp()
    assert issued["leaf_index"] == 1
    assert made[3]["san"] == issued["san"], "who asked is known, though not with which key"


def test_no_row_and_no_file_holds_a_token(deployment, issuer):
    directory = audited(deployment, file="audit.jsonl")
    server = deployment.serve(directory, issuer.settings())
    tokens = [issuer.token(), issuer.token(exp=1), "eyJnot.a.token"]
    for token in tokens:
        client.sign_v2(server.url, token)
    decisions(directory, 3)
    assert server.stop() == 0
    for path in directory.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(part.encode() in data for token in tokens for part in token.split(".") if len(part) > 5)


def test_subjects_can_be_kept_as_hashes(deployment, issuer):
    directory = audited(deployment, file="audit.jsonl")
    change_settings(directory, lambda settings: settings.update(records={"subjects": "hashed"}))
    server = deployment.serve(directory, issuer.settings())
    assert client.sign_v2(server.url, issuer.token()).status == 200
    expected = "sha256:" + hashlib.sha256(b"subject-of-the-token").hexdigest()
    assert rows(directory)[-1]["subject"] == expected
    line, = poll(lambda: audit_lines(directory / "audit.jsonl"), 10, "the line")
    assert line["subject"] == expected


def test_audit_line_says_what_left(deployment, issuer):
    directory = audited(deployment, file="audit.jsonl", sync=True, required=True)
    server = deployment.serve(directory, issuer.settings())
    answer = client.sign_v2(server.url, issuer.token())
    refused = client.sign_v2(server.url, issuer.token(exp=1))
    issued, no = poll(lambda: len(lines := audit_lines(directory / "audit.jsonl")) == 2 and lines, 10, "two lines")
    leaf = answer.certificates()[0]
    digest = hashlib.sha256(leaf.public_bytes(serialization.Encoding.DER)).hexdigest()
    assert issued["decision"] == "issued" and issued["certificateSha256"] == digest
    assert issued["requestId"] == answer.headers[REQUEST_ID] and issued["logIndex"] == 1 and issued["tokenUse"] == 1
    assert int(issued["serial"], 16) == leaf.serial_number and issued["issuer"] == issuer.url
    assert no["decision"] == "refused" and no["reason"] == "TOKEN_EXPIRED"
    assert no["requestId"] == refused.headers[REQUEST_ID]


def test_audit_lines_are_whole_under_load(deployment, issuer):
    directory = audited(deployment, file="audit.jsonl", required=True)
    server = deployment.serve(directory, issuer.settings())
    bodies = [client.body_v2(issuer.token(), client.generate()) for _ in range(200)]
    answers = send_all(server.url, bodies, 16)
    assert {answer.status for answer in answers} == {200}
    assert {line["requestId"] for line in audit_lines(directory / "audit.jsonl")} == {
        answer.headers[REQUEST_ID] for answer in answers}


def test_nothing_is_issued_when_a_required_line_cannot_be_written(deployment, issuer):
    directory = deployment.init()
    place = directory / "audit"
    place.mkdir()
    change_settings(directory, lambda settings: settings.update(audit={"file": "audit/lines.jsonl", "required": True}))
    server = deployment.serve(directory, issuer.settings())
    assert client.sign_v2(server.url, issuer.token()).status == 200
    # A folder in the file's place: it can't be opened again after the rotation.
    (place / "lines.jsonl").unlink()
    (place / "lines.jsonl").mkdir()
    answer = poll(lambda: (a := client.sign_v2(server.url, issuer.token())).status != 200 and a, 10, "the refusal")
    assert answer.status == 503 and info(answer)["reason"] == "AUDIT_FAILED" and answer.headers["Retry-After"]
    ready = client.get(server.url, "/readyz")
    assert ready.status == 503 and "audit" in [row["part"] for row in ready.json()["problems"]]
    (place / "lines.jsonl").rmdir()
    poll(lambda: client.sign_v2(server.url, issuer.token()).status == 200, 10, "the recovery")


def test_audit_to_standard_output(deployment, issuer):
    directory = audited(deployment, stdout=True)
    out = deployment.path("stdout")
    with out.open("w") as stream:
        server = deployment.serve(directory, issuer.settings(), stdout=stream)
    assert client.sign_v2(server.url, issuer.token()).status == 200
    assert poll(lambda: audit_lines(out), 10, "the line")[0]["decision"] == "issued"


def test_record_survives_kill_with_its_entry(deployment, issuer):
    directory = deployment.init()
    settings = issuer.settings()
    server = deployment.serve(directory, settings)
    answers = [client.sign_v2(server.url, issuer.token()) for _ in range(5)]
    server.kill()
    deployment.serve(directory, settings)
    found = {row["request_id"] for row in rows(directory) if row["decision"] == "issued"}
    assert {answer.headers[REQUEST_ID] for answer in answers} <= found

"""`mayfly log verify`: what it finds in dishonest logs, and that it finds nothing in sound ones."""
import dataclasses
import json
import sqlite3

import pytest
from cryptography.hazmat.primitives import serialization

import client
import mayfly
from authorities import chain, issue, public_pem
from export import export, moved, stolen
from paperlog import PaperLog, PaperLogServer


def issued(server, issuer, email):
    answer = client.sign_v2(server.url, issuer.token(email=email), client.generate(), challenge=email)
    assert answer.status == 200, answer.body
    return answer.certificates()


@pytest.fixture(scope="module")
def filled(server, issuer):
    """A server whose log has some entries, and the certificates in it."""
    return server, [issued(server, issuer, f"person{n}@example.com") for n in range(3)]


def verify(*arguments):
    return mayfly.run("log", "verify", *arguments)


def key_file(server):
    return server.directory / "log/log.pub"


def verify_files(folder, server, *arguments):
    return verify(folder, "--key", key_file(server), *arguments)


def test_running_server_is_sound(filled):
    server, _ = filled
    done = verify(server.url + "/ct", "--key", key_file(server), "--roots", server.directory / "ca/chain.pem")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "entries lead to the root" in done.stdout and "pinned CA" in done.stdout


def test_data_directory_is_sound_while_it_is_served(filled):
    server, _ = filled
    done = verify("--data", server.directory)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "has each certificate" in done.stdout


def test_promise_in_a_certificate_is_looked_up(filled, tmp_path, issuer, deployment):
    server, certificates = filled
    path = tmp_path / "certificate.pem"
    path.write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates[1]))
    done = verify(server.url + "/ct", "--key", key_file(server), "--certificate", path)
    assert done.returncode == 0 and "promise kept" in done.stdout, done.stdout + done.stderr
    folder = export(stolen(server), tmp_path / "log")
    assert verify_files(folder, server, "--certificate", path).returncode == 0
    log = stolen(server)
    log.entries = log.entries[:2]
    done = verify_files(export(log, tmp_path / "short"), server, "--certificate", path)
    assert done.returncode == 1 and "promise-broken" in done.stdout


def test_key_of_another_log_is_refused(filled, tmp_path):
    server, _ = filled
    (tmp_path / "other.pub").write_bytes(public_pem(PaperLog().key))
    done = verify(server.url + "/ct", "--key", tmp_path / "other.pub")
    assert done.returncode == 1 and "checkpoint-invalid" in done.stdout
    done = verify(server.url + "/ct", "--key", key_file(server), "--origin", "another.example/ct")
    assert done.returncode == 1 and "checkpoint-invalid" in done.stdout


@pytest.mark.parametrize("arguments, sentence", [
    (("/nowhere",), "--key"),
    (("/nowhere", "--key", "KEY"), "there is no checkpoint"),
    (("http://127.0.0.1:1/ct", "--key", "KEY"), "nobody answers there"),
    ((), "which log"),
    (("--data", "/nowhere"), "doesn't exist"),
    (("/nowhere", "--key", "/nowhere/log.pub"), "couldn't read"),
])
def test_what_cannot_be_checked_exits_2(filled, arguments, sentence):
    done = verify(*[key_file(filled[0]) if word == "KEY" else word for word in arguments])
    assert done.returncode == 2 and sentence in done.stderr, done.stdout + done.stderr


def test_state_remembers_and_a_fork_is_an_alarm_with_both_checkpoints(filled, tmp_path):
    server, _ = filled
    log, state = stolen(server), tmp_path / "state"
    log.head_size = 3
    assert verify_files(export(log, tmp_path / "a"), server, "--state", state).returncode == 0
    log.head_size = None
    done = verify_files(export(log, tmp_path / "b"), server, "--state", state)
    assert done.returncode == 0 and "extends what was seen  " in done.stdout, done.stdout
    kept = state.read_bytes()

    forked = stolen(server)
    forked.entries[1] = dataclasses.replace(forked.entries[1], timestamp=forked.entries[1].timestamp + 1)
    done = verify_files(export(forked, tmp_path / "c"), server, "--state", state)
    assert done.returncode == 1 and "log-forked" in done.stdout, done.stdout
    [evidence] = tmp_path.glob("state.evidence-*.json")
    alert = json.loads(evidence.read_text())
    assert alert["alert"] == "log-forked" and len(alert["checkpoints"]) == 2
    assert alert["checkpoints"][0] == json.loads(kept)["checkpoint"] and all("—" in c for c in alert["checkpoints"])
    assert state.read_bytes() == kept, "the state never goes back"


def test_fork_that_grew_is_an_alarm(filled, tmp_path):
    server, _ = filled
    log, state = stolen(server), tmp_path / "state"
    log.head_size = 2
    assert verify_files(export(log, tmp_path / "a"), server, "--state", state).returncode == 0
    log.head_size = None
    log.entries[1] = dataclasses.replace(log.entries[1], timestamp=log.entries[1].timestamp + 1)
    done = verify_files(export(log, tmp_path / "b"), server, "--state", state)
    assert done.returncode == 1 and "log-inconsistent" in done.stdout and list(tmp_path.glob("state.evidence-*"))


def test_log_that_shrank_is_an_alarm(filled, tmp_path):
    server, _ = filled
    log, state = stolen(server), tmp_path / "state"
    assert verify_files(export(log, tmp_path / "a"), server, "--state", state).returncode == 0
    log.head_size = 2
    done = verify_files(export(log, tmp_path / "b"), server, "--state", state)
    assert done.returncode == 1 and "log-shrunk" in done.stdout


def test_state_of_another_log_is_refused(filled, tmp_path):
    server, _ = filled
    other = PaperLog()
    issue(chain(), other)
    (tmp_path / "other.pub").write_bytes(public_pem(other.key))
    state = tmp_path / "state"
    verify(export(other, tmp_path / "a"), "--key", tmp_path / "other.pub", "--state", state)
    done = verify_files(export(stolen(server), tmp_path / "b"), server, "--state", state)
    assert done.returncode == 2 and "isn't the state of this log" in done.stderr
    state.write_text("{}")
    done = verify_files(export(stolen(server), tmp_path / "b"), server, "--state", state)
    assert done.returncode == 2 and "isn't the state of this log" in done.stderr


def repeat(log):
    log.entries.append(moved(log.entries[1], len(log.entries)))


def reorder(log):
    log.entries[-1] = dataclasses.replace(log.entries[-1], timestamp=log.entries[1].timestamp - 5000)


def misplace(log):
    log.entries[-1] = moved(log.entries[-1], 77)


def stranger(log):
    foreign = PaperLog()
    issue(chain(), foreign)
    log.issuers |= foreign.issuers
    log.entries.append(moved(foreign.entries[0], len(log.entries), timestamp=log.entries[-1].timestamp))


def differing(log):
    log.entries[-1] = dataclasses.replace(log.entries[-1], precertificate=log.entries[-2].precertificate)


@pytest.mark.parametrize("change, kind", [
    (repeat, "serial-repeated"), (reorder, "time-went-back"), (misplace, "index-wrong"),
    (stranger, "authority-unexpected"), (differing, "profile-violated"),
])
def test_dishonest_entry_is_found(filled, tmp_path, change, kind):
    server, _ = filled
    log = stolen(server)
    change(log)
    done = verify_files(export(log, tmp_path / "log"), server, "--roots", server.directory / "ca/chain.pem")
    assert done.returncode == 1 and kind in done.stdout, done.stdout + done.stderr


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm, kind", [
    (lambda folder: flip(next(folder.glob("tile/data/000*/*")), 40), "tiles-wrong"),
    (lambda folder: flip(next(folder.glob("tile/0/000*/*")), 40), "tiles-wrong"),
    (lambda folder: next(folder.glob("tile/0/000*/*")).unlink(), "document-unusable"),
    (lambda folder: next(folder.glob("tile/data/000*/*")).unlink(), "document-unusable"),
    (lambda folder: next(folder.glob("issuer/*")).unlink(), "document-unusable"),
    (lambda folder: flip(next(folder.glob("issuer/*")), -1), "document-unusable"),
    (lambda folder: flip(folder / "checkpoint", 25), "checkpoint-invalid"),
])
def test_damaged_file_is_found(filled, tmp_path, harm, kind):
    server, _ = filled
    folder = export(stolen(server), tmp_path / "log")
    harm(folder)
    done = verify_files(folder, server)
    assert done.returncode == 1 and kind in done.stdout, done.stdout + done.stderr


def test_record_that_is_missing_or_differs_is_found(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    for _ in range(2):
        server.issue(issuer)
    assert server.stop() == 0
    before = mayfly.fingerprint(directory)
    assert verify("--data", directory).returncode == 0
    assert mayfly.fingerprint(directory) == before, "checking changes nothing and leaves nothing"
    with sqlite3.connect(directory / "mayfly.db") as database:
        database.execute("UPDATE records SET serial = 'ab' WHERE leaf_index = 1")
        database.execute("DELETE FROM records WHERE leaf_index = 2")
    done = verify("--data", directory)
    assert done.returncode == 1 and "record-differs" in done.stdout and "record-missing" in done.stdout


def test_column_that_contradicts_its_entry_is_found(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    assert server.stop() == 0
    with sqlite3.connect(directory / "mayfly.db") as database:
        database.execute("UPDATE entries SET timestamp = timestamp - 1 WHERE leaf_index = 1")
    done = verify("--data", directory)
    assert done.returncode == 1 and "columns of entry 1" in done.stdout, done.stdout


def test_log_of_several_tiles_is_followed_over_http(tmp_path):
    log, authority = PaperLog(), chain()
    issue(authority, log)
    log.entries += [moved(log.entries[0], n) for n in range(1, 700)]
    (tmp_path / "log.pub").write_bytes(public_pem(log.key))
    paper = PaperLogServer(log)
    try:
        arguments = (paper.url + "/ct", "--key", tmp_path / "log.pub", "--state", tmp_path / "state")
        for size in (100, 256, 300, 512, 699, 700):
            log.head_size = size
            done = verify(*arguments)
            assert "entries lead to the root" in done.stdout, done.stdout + done.stderr
            assert json.loads((tmp_path / "state").read_text())["treeSize"] == size
    finally:
        paper.stop()

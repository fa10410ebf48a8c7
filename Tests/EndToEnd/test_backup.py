"""Backup and restore: a copy of a running log is whole, and an older one doesn't get back into service unseen."""
import contextlib
import sqlite3

import client
import mayfly
from load import Storm
from mayfly import poll
from test_records_log import Scribes, add, auditor_of, fresh
from test_witness import log_of, new_witness, published_size, with_witnesses  # noqa: F401


def backup(directory, target):
    done = mayfly.run("backup", target, "--data", directory)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split(": ")[1].split()[0])


def restore(directory, source, *arguments):
    return mayfly.run("restore", source, "--data", directory, *arguments)


def lose(directory):
    for path in directory.glob("mayfly.db*"):
        path.unlink()


def test_copy_of_a_log_under_load_is_whole_and_of_one_moment(deployment, issuer, tmp_path):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    auditor = server.auditor()
    storm = Storm(server.url, issuer.token())
    poll(lambda: len(storm.acknowledged) > 20, 30, "load")
    before = set(tmp_path.iterdir())
    sizes = [backup(directory, tmp_path / f"copy-{n}.db") for n in range(3)]
    poll(lambda: len(storm.acknowledged) > sizes[-1], 30, "load after the copies")
    copies = {tmp_path / f"copy-{n}.db" for n in range(3)}
    assert set(tmp_path.iterdir()) - before == copies | {path.with_name(path.name + ".record-log") for path in copies}
    assert sizes == sorted(sizes) and sizes[0] > 20
    server.kill()
    storm.join()
    assert not storm.refused
    for checkpoint in storm.checkpoints:
        auditor.note(checkpoint)

    # The newest state is in the directory: a copy is refused for what the database itself says.
    refused = restore(directory, tmp_path / "copy-2.db")
    assert refused.returncode == 1 and "mayfly.db has" in refused.stderr and "here are" in refused.stderr
    server = deployment.serve(directory, issuer.settings())
    auditor.source = server.auditor().source
    auditor.audit(storm.acknowledged)


def test_copy_comes_back_when_nothing_knows_of_more(deployment, issuer, tmp_path):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    for _ in range(3):
        server.issue(issuer)
    auditor = server.auditor()
    auditor.audit()
    (tmp_path / "kept").write_bytes(client.get(server.url, "/ct/checkpoint").body)
    assert backup(directory, tmp_path / "copy.db") == 4
    assert "another process" in restore(directory, tmp_path / "copy.db").stderr
    assert server.stop() == 0
    lose(directory)

    refused = restore(directory, tmp_path / "copy.db")
    assert refused.returncode == 1 and "no checkpoint to compare" in refused.stderr
    assert not list(directory.glob("mayfly.db*"))
    done = restore(directory, tmp_path / "copy.db", "--checkpoint", tmp_path / "kept")
    assert done.returncode == 0, done.stderr
    assert "Restored 4 entries; the newest checkpoint that was found has 4" in done.stdout
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    auditor.source = server.auditor().source
    assert auditor.audit().size == 5


def test_older_copy_is_refused_by_every_kind_of_checkpoint(deployment, issuer, new_witness, tmp_path):  # noqa: F811
    directory = deployment.init()
    cosigner, witness = new_witness("witness.example/w1", log_of(directory))
    with_witnesses(directory, 1, [(cosigner, witness.url)])
    assert backup(directory, tmp_path / "old.db") == 1
    server = deployment.serve(directory, issuer.settings())
    for _ in range(3):
        server.issue(issuer)
    poll(lambda: published_size(directory) == 4, 10, "the witnessed checkpoint")
    (tmp_path / "kept").write_bytes(client.get(server.url, "/ct/checkpoint").body)
    assert backup(directory, tmp_path / "new.db") == 4
    assert server.stop() == 0

    def refusal(*arguments):
        done = restore(directory, tmp_path / "old.db", *arguments)
        assert done.returncode == 1
        return done.stderr

    assert "mayfly.db has 4 entries, and here are 1" in refusal()
    lose(directory)
    assert "witnessed.checkpoint has 4 entries, and here are 1" in refusal()
    (directory / "log/witnessed.checkpoint").unlink()
    assert "witness.example/w1 has cosigned 4 entries, and here are 1" in refusal()
    assert "witness.example/w1" in refusal("--unchecked"), "an older copy is never unchecked"
    witness.kill()
    assert "kept has 4 entries, and here are 1" in refusal("--checkpoint", tmp_path / "kept")
    assert "couldn't ask the witness witness.example/w1" in refusal()
    assert not list(directory.glob("mayfly.db*"))
    # The witness may know of more than the file.
    done = restore(directory, tmp_path / "new.db", "--checkpoint", tmp_path / "kept", "--unchecked")
    assert done.returncode == 0, done.stderr


def test_damaged_database_still_says_how_far_it_went(deployment, issuer, tmp_path):
    """Its head is signed, whatever has become of an entry."""
    directory = deployment.init()
    assert backup(directory, tmp_path / "old.db") == 1
    server = deployment.serve(directory, issuer.settings())
    for _ in range(3):
        server.issue(issuer)
    assert server.stop() == 0
    with contextlib.closing(sqlite3.connect(directory / "mayfly.db")) as database, database:
        database.execute("UPDATE entries SET stored = zeroblob(40) WHERE leaf_index = 3")
    done = restore(directory, tmp_path / "old.db", "--unchecked")
    assert done.returncode == 1 and "mayfly.db has 4 entries, and here are 1" in done.stderr


def test_damaged_database_is_replaced_and_kept(deployment, issuer, tmp_path):
    directory = deployment.init()
    assert backup(directory, tmp_path / "copy.db") == 1
    lose(directory)
    (directory / "mayfly.db").write_bytes(b"not a database")
    (directory / "mayfly.db-wal").write_bytes(b"nor its log")
    done = restore(directory, tmp_path / "copy.db", "--unchecked")
    assert done.returncode == 0, done.stderr
    assert (directory / "mayfly.db.replaced-1").read_bytes() == b"not a database"
    assert (directory / "mayfly.db.replaced-1-wal").read_bytes() == b"nor its log"
    assert not (directory / "mayfly.db-wal").exists()
    assert deployment.serve(directory, issuer.settings()).auditor().audit().size == 1


def test_backup_does_not_overwrite_and_refuses_what_is_no_log(deployment, tmp_path):
    directory = deployment.init()
    (tmp_path / "there").write_text("mine")
    done = mayfly.run("backup", tmp_path / "there", "--data", directory)
    assert done.returncode == 1 and "exists already" in done.stderr
    assert (tmp_path / "there").read_text() == "mine"
    assert restore(directory, tmp_path / "there").returncode == 1
    assert restore(directory, tmp_path / "missing").returncode == 1
    other = deployment.init()
    backup(other, tmp_path / "other.db")
    refused = restore(directory, tmp_path / "other.db")
    assert refused.returncode == 1 and "checkpoint" in refused.stderr
    assert list(directory.glob("mayfly.db*")) == [directory / "mayfly.db"]


def test_record_log_is_copied_under_load_and_comes_back_by_itself(deployment, issuer, tmp_path):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    auditor = auditor_of(server)
    scribes = Scribes(server)
    poll(lambda: len(scribes.acknowledged) > 20, 30, "load")
    backup(directory, tmp_path / "old.db")
    poll(lambda: len(scribes.acknowledged) > 60, 30, "load after the copy")
    scribes.join()
    kept = client.get(server.url, "/api/v2/checkpoint").body
    backup(directory, tmp_path / "new.db")
    assert server.stop() == 0
    (tmp_path / "kept").write_bytes(kept)

    # What is in place goes further; nothing is changed, and the certificate log isn't touched by any of this.
    old, new = tmp_path / "old.db.record-log", tmp_path / "new.db.record-log"
    refused = restore(directory, old)
    assert refused.returncode == 1 and "record-log.db has" in refused.stderr
    for path in directory.glob("record-log.db*"):
        path.unlink()
    assert "no checkpoint to compare" in restore(directory, new).stderr
    assert "kept has" in restore(directory, old, "--checkpoint", tmp_path / "kept").stderr
    assert not list(directory.glob("record-log.db*"))
    before = (directory / "mayfly.db").read_bytes()
    done = restore(directory, new, "--checkpoint", tmp_path / "kept")
    assert done.returncode == 0, done.stderr
    assert (directory / "mayfly.db").read_bytes() == before and not list(directory.glob("mayfly.db.replaced*"))

    server = deployment.serve(directory, issuer.settings())
    auditor.url = server.url
    auditor.audit(scribes.acknowledged)
    add(server, fresh())
    auditor.audit()


def test_copy_that_exists_already_keeps_both_from_being_made(deployment, tmp_path):
    directory = deployment.init()
    (tmp_path / "copy.db.record-log").write_text("mine")
    done = mayfly.run("backup", tmp_path / "copy.db", "--data", directory)
    assert done.returncode == 1 and "copy.db.record-log" in done.stderr
    assert not (tmp_path / "copy.db").exists() and (tmp_path / "copy.db.record-log").read_text() == "mine"


def test_another_record_logs_copy_is_refused(deployment, tmp_path):
    directory, other = deployment.init(), deployment.init()
    backup(other, tmp_path / "other.db")
    before = (directory / "record-log.db").read_bytes()
    assert restore(directory, tmp_path / "other.db.record-log", "--unchecked").returncode == 1
    assert (directory / "record-log.db").read_bytes() == before

"""Witnesses: a log that came back shorter is caught, and a checkpoint says who else has seen it."""
import hashlib
import shutil
import socket

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

import client
import mayfly
from mayfly import NotReady, poll
from transparency import leaf_hash, node_hash
from witnesses import ORIGIN, Witness, checkpoint, make, request


def post(server, body):
    return client.send(server.url, "POST", "/add-checkpoint", body)


@pytest.fixture
def new_witness(deployment):
    """Makes a witness of these logs and runs it."""
    def make_one(name, logs):
        directory = deployment.path("witness")
        cosigner = make(directory, name, logs)
        deployment.servers.append(Witness(directory))
        return cosigner, deployment.servers[-1]
    return make_one


def log_of(directory):
    return {ORIGIN: serialization.load_pem_public_key((directory / "log/log.pub").read_bytes())}


def with_witnesses(directory, policy, witnesses, **options):
    """Configures (cosigner, URL or None) as the witnesses of a log."""
    entries = [{"name": c.name, "key": c.vkey, **({"url": url} if url else {})} for c, url in witnesses]
    section = {"policy": policy, "timeout": "1s", "list": entries, **options}
    mayfly.change_settings(directory, lambda settings: settings["log"].update(witnesses=section))


def closed_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


def witnessed(server):
    return client.get(server.url, "/ct/witnessed-checkpoint")


def size_of(note):
    return int(note.split(b"\n")[1])


# The witness, asked by an outsider.

def test_witness_cosigns_what_continues_and_nothing_else(new_witness):
    key, stranger = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    cosigner, server = new_witness("witness.example/w1", {ORIGIN: key.public_key()})
    leaves = [leaf_hash(bytes([n])) for n in range(3)]
    two, three = node_hash(*leaves[:2]), node_hash(node_hash(*leaves[:2]), leaves[2])
    empty = hashlib.sha256(b"").digest()

    assert post(server, b"old 0\n").status == 400
    assert post(server, request(0, [], checkpoint(key, 2, two, origin="another.example/log"))).status == 404
    assert post(server, request(0, [], checkpoint(stranger, 2, two))).status == 403
    assert post(server, request(0, [], checkpoint(key, 2, two, signed_size=3))).status == 403
    assert post(server, request(3, [], checkpoint(key, 2, two))).status == 400
    assert post(server, request(0, [two], checkpoint(key, 2, two))).status == 422
    assert post(server, request(0, [], checkpoint(key, 0, two))).status == 422
    conflict = post(server, request(1, [], checkpoint(key, 2, two)))
    assert (conflict.status, conflict.body) == (409, b"0\n")
    place = f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert client.get(server.url, place).status == 404

    assert post(server, request(0, [], checkpoint(key, 0, empty))).status == 200
    note = checkpoint(key, 2, two)
    answer = post(server, request(0, [], note))
    assert answer.status == 200
    cosigner.verify(note.encode() + answer.body)
    conflict = post(server, request(0, [], note))
    assert (conflict.status, conflict.body) == (409, b"2\n")
    assert conflict.headers["Content-Type"] == "text/x.tlog.size"

    assert post(server, request(2, [], checkpoint(key, 2, three))).status == 422
    assert post(server, request(2, [leaves[1]], checkpoint(key, 3, three))).status == 422
    assert post(server, request(2, [], note)).status == 200
    note = checkpoint(key, 3, three)
    answer = post(server, request(2, [leaves[2]], note))
    assert answer.status == 200
    stored = client.get(server.url, place).body
    cosigner.verify(stored)
    assert stored.startswith(note.split("\n\n")[0].encode())


def test_witness_remembers_after_a_kill(new_witness, deployment):
    key = ec.generate_private_key(ec.SECP256R1())
    _, server = new_witness("witness.example/w1", {ORIGIN: key.public_key()})
    root = leaf_hash(b"0")
    assert post(server, request(0, [], checkpoint(key, 1, root))).status == 200
    server.kill()
    again = Witness(server.directory)
    deployment.servers.append(again)
    assert post(again, request(0, [], checkpoint(key, 1, leaf_hash(b"1")))).body == b"1\n"
    again.kill()
    memory = next(server.directory.glob("*.checkpoint"))
    memory.write_bytes(memory.read_bytes().replace(b"\n1\n", b"\n2\n"))
    with pytest.raises(NotReady, match="isn't a checkpoint that this witness has cosigned"):
        Witness(server.directory)


# The log and its witnesses.

def test_checkpoint_is_published_once_enough_witnesses_have_signed_it(deployment, issuer, new_witness):
    directory = deployment.init()
    live, live_server = new_witness("witness.example/live", log_of(directory))
    dead, _ = new_witness("witness.example/dead", log_of(directory))
    with_witnesses(directory, 2, [(live, live_server.url), (dead, closed_port())])
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    assert size_of(client.get(server.url, "/ct/checkpoint").body) == 2
    poll(lambda: live_knows(live_server) == 2, 10, "the live witness's cosignature")
    assert witnessed(server).status == 404, "one of two is published"
    assert server.stop() == 0

    with_witnesses(directory, 1, [(live, live_server.url), (dead, closed_port())])
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    poll(lambda: witnessed(server).status == 200 and size_of(witnessed(server).body) == 3, 10, "the witnessed checkpoint")
    note = witnessed(server).body
    live.verify(note)
    assert not dead.has_signed(note)
    auditor = server.auditor()
    auditor.note(note)
    assert client.get(server.url, "/ct/checkpoint").body == note, "the same tree, but without the cosignatures"
    auditor.audit()
    assert server.stop() == 0
    live_server.kill()
    server = deployment.serve(directory, issuer.settings())
    assert witnessed(server).body == note, "the witnessed checkpoint is gone after a restart"
    # Nobody can cosign now, and issuing doesn't wait.
    server.issue(issuer)
    assert size_of(client.get(server.url, "/ct/checkpoint").body) == 4
    assert witnessed(server).body == note


def live_knows(server):
    answer = client.get(server.url, f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint")
    return size_of(answer.body) if answer.status == 200 else 0


def published_size(directory):
    path = directory / "log/witnessed.checkpoint"
    return size_of(path.read_bytes()) if path.exists() else 0


def grown_log_with_older_copy(deployment, issuer, new_witness):
    """A log whose witness has seen more than the database that is back in place."""
    directory = deployment.init()
    cosigner, witness = new_witness("witness.example/w1", log_of(directory))
    with_witnesses(directory, 1, [(cosigner, witness.url)])
    shutil.copy(directory / "mayfly.db", directory / "older.db")
    server = deployment.serve(directory, issuer.settings())
    for _ in range(3):
        server.issue(issuer)
    poll(lambda: published_size(directory) == 4, 10, "the witnessed checkpoint")
    assert server.stop() == 0
    (directory / "older.db").rename(directory / "mayfly.db")
    return directory, witness


def test_older_database_is_refused_because_a_witness_has_seen_more(deployment, issuer, new_witness):
    directory, witness = grown_log_with_older_copy(deployment, issuer, new_witness)
    before = mayfly.contents(directory / "mayfly.db")
    with pytest.raises(NotReady, match="witnessed.checkpoint has 4 entries, and here are 1"):
        deployment.serve(directory, issuer.settings())
    (directory / "log/witnessed.checkpoint").unlink()
    with pytest.raises(NotReady, match="witness.example/w1 has cosigned 4 entries, and here are 1"):
        deployment.serve(directory, issuer.settings())
    assert mayfly.contents(directory / "mayfly.db") == before
    # Nobody is left to tell.
    witness.kill()
    server = deployment.serve(directory, issuer.settings())
    for _ in range(5):
        server.issue(issuer)
    assert server.stop() == 0
    # Now it is longer than what the witness knows, and another log.
    deployment.servers.append(Witness(witness.directory, "--listen", f"127.0.0.1:{witness.port}"))
    with pytest.raises(NotReady, match="witness.example/w1 has cosigned a tree that the 6 entries here don't begin with"):
        deployment.serve(directory, issuer.settings())


def test_required_witness_that_cannot_be_asked_keeps_the_log_from_starting(deployment, issuer, new_witness):
    directory = deployment.init()
    cosigner, witness = new_witness("witness.example/w1", log_of(directory))
    witness.kill()
    with_witnesses(directory, 1, [(cosigner, witness.url)], **{"require-at-start": True})
    with pytest.raises(NotReady, match="couldn't ask the witness witness.example/w1"):
        deployment.serve(directory, issuer.settings())


@pytest.mark.parametrize("change, text", [
    ({"policy": 2}, "log.witnesses.policy"), ({"timeout": "0s"}, "must be from 1s to 60s"),
    ({"list": []}, "must name from 1 to 32"), ({"wait": 1}, "unknown key")])
def test_witness_settings_that_make_no_sense_are_refused(deployment, issuer, change, text):
    directory = deployment.init()
    cosigner = make(deployment.path("witness"), "witness.example/w1", log_of(directory))
    with_witnesses(directory, 1, [(cosigner, None)])
    mayfly.change_settings(directory, lambda settings: settings["log"]["witnesses"].update(change))
    with pytest.raises(NotReady, match=text):
        deployment.serve(directory, issuer.settings())


# Behind an air gap.

def test_checkpoint_is_cosigned_on_a_removable_medium(deployment, issuer, tmp_path):
    directory = deployment.init()
    homes = [deployment.path("witness") for _ in range(2)]
    cosigners = [make(home, f"witness.example/w{n}", log_of(directory)) for n, home in enumerate(homes)]
    with_witnesses(directory, 2, [(cosigner, None) for cosigner in cosigners])
    server = deployment.serve(directory, issuer.settings())
    medium = tmp_path / "request"

    def log_cosign(*arguments):
        return mayfly.run("log", "cosign", medium, "--data", directory, *arguments)

    def sign(home):
        return mayfly.run("witness", "sign", medium, "--data", home)

    for size in (2, 3):
        server.issue(issuer)
        assert log_cosign("--request").returncode == 0
        assert sign(homes[0]).returncode == 0
        short = log_cosign()
        assert short.returncode == 1 and "1 of the 2 cosignatures" in short.stderr
        assert sign(homes[1]).returncode == 0
        done = log_cosign()
        assert done.returncode == 0, done.stderr
        poll(lambda: witnessed(server).status == 200 and size_of(witnessed(server).body) == size, 10, "the publication")
        note = witnessed(server).body
        for cosigner in cosigners:
            cosigner.verify(note)
        server.auditor().note(note)

    server.issue(issuer)
    assert log_cosign("--request", "--from", "2").returncode == 0
    wrong = sign(homes[0])
    assert wrong.returncode == 1 and "--from 3" in wrong.stderr
    medium.write_bytes(medium.read_bytes()[:-9] + b"AAAAAAA=\n")
    assert sign(homes[0]).returncode == 1
    assert log_cosign().returncode == 1
    assert server.stop() == 0

"""The record log as Rekor v2's clients see it: what it takes, what it refuses, and that it keeps every promise."""
import base64
import copy
import itertools
import json
import random
import shutil
import sqlite3
import threading

import pytest
from cryptography.hazmat.primitives import serialization

import client
import mayfly
import records
from client import base64_text
from load import in_parallel
from mayfly import poll
from postgres import Postgres
from records import RecordAuditor, check_answer, post, request

KILLS = 20
RECORDED = sorted((mayfly.ROOT / "Tests/RecordLogTests/Recorded").glob("*.json"))
numbers = itertools.count()


def key_of(directory):
    return serialization.load_pem_public_key((directory / "record-log/log.pub").read_bytes())


def auditor_of(server):
    return RecordAuditor(server.url, key_of(server.directory))


def fresh(kind="p256", **parts):
    """A request that no test has sent before."""
    return request(b"artifact %d" % next(numbers), kind, **parts)


def add(server, sent):
    return check_answer(post(server.url, sent), sent, key_of(server.directory))


def refused(answer, message, status=400, code=3):
    assert answer.status == status, answer.body
    assert answer.json()["code"] == code and message in answer.json()["message"], answer.body


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_request_is_accepted_and_makes_the_recorded_leaf(deployment, issuer, path):
    server = deployment.serve(deployment.init(), issuer.settings())
    recorded = json.loads(path.read_text())
    answer = post(server.url, recorded["request"].encode(), User_Agent="sigstore-go")
    index, _, _ = check_answer(answer, json.loads(recorded["request"]), key_of(server.directory))
    assert index == 1 and answer.headers["Content-Type"] == "application/json"
    assert answer.json()["canonicalizedBody"] == recorded["canonicalizedBody"]


@pytest.mark.parametrize("kind", sorted(records.DETAILS))
def test_every_kind_of_key_is_logged_and_proven(server, kind):
    add(server, fresh(kind))


def test_certificate_that_was_just_issued_is_logged(server, issuer):
    key = client.generate()
    leaf = client.sign_v2(server.url, issuer.token(), key).certificates()[0]
    add(server, fresh(key=key, certificate=leaf))


def test_first_entry_of_a_client_has_index_one(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    assert add(server, fresh())[0] == 1
    genesis, _ = auditor_of(server).audit()
    digest = json.loads(genesis)["spec"]["hashedRekordV002"]["data"]["digest"]
    info = client.public_der(type("Key", (), {"public_key": lambda self: key_of(server.directory)})())
    assert base64.b64decode(digest) == records.sha256(info)


def test_entry_that_is_there_is_a_duplicate_with_its_index(server):
    sent = fresh()
    index, _, _ = add(server, sent)
    for again in (sent, json.loads(json.dumps(sent).replace("rawBytes", "raw_bytes"))):
        answer = post(server.url, again)
        refused(answer, f"index {index}", 409, 6)
        assert answer.headers["X-Log-Index"] == str(index)
        assert answer.json()["details"][0]["reason"] == "RECORD_DUPLICATE"


def changes():
    """Each part of a request made wrong, and what the refusal must speak of."""
    def at(*path, to):
        def change(sent):
            for name in path[:-1]:
                sent = sent[name]
            sent[path[-1]] = to(sent[path[-1]]) if callable(to) else to
        return change

    def flipped(value):
        data = bytearray(base64.b64decode(value))
        data[len(data) // 2] ^= 1
        return base64_text(bytes(data))

    outer, signature = ("hashedRekordRequestV002",), ("hashedRekordRequestV002", "signature")
    verifier = (*signature, "verifier")
    return {
        "digest flipped": (at(*outer, "digest", to=flipped), "signature"),
        "digest cut": (at(*outer, "digest", to=lambda value: base64_text(base64.b64decode(value)[:-1])), "length"),
        "digest of SHA-512": (at(*outer, "digest", to=base64_text(bytes(64))), "length"),
        "digest missing": (lambda sent: sent[outer[0]].pop("digest"), "digest"),
        "digest no base64": (at(*outer, "digest", to="?"), "digest"),
        "signature flipped": (at(*signature, "content", to=flipped), "signature"),
        "signature empty": (at(*signature, "content", to=""), "content"),
        "signature of bytes behind": (
            at(*signature, "content", to=lambda value: base64_text(base64.b64decode(value) + b"\0")), "signature"),
        "key of another": (
            at(*verifier, "publicKey", to={"rawBytes": base64_text(client.public_der(client.generate()))}), "signature"),
        "key flipped": (at(*verifier, "publicKey", "rawBytes", to=flipped), ""),
        "key missing": (lambda sent: sent[outer[0]]["signature"]["verifier"].pop("publicKey"), "exactly one"),
        "key and certificate": (at(*verifier, to=lambda value: value | {"x509Certificate": {"rawBytes": "AA=="}}),
                                "exactly one"),
        "key as a certificate": (
            at(*verifier, to=lambda value: {"x509Certificate": value["publicKey"], "keyDetails": value["keyDetails"]}),
            "certificate"),
        "other key details": (at(*verifier, "keyDetails", to="PKIX_ECDSA_P384_SHA_384"), "length"),
        "pure Ed25519": (at(*verifier, "keyDetails", to="PKIX_ED25519"), "keyDetails"),
        "key details unknown": (at(*verifier, "keyDetails", to="X"), "keyDetails"),
        "key details missing": (lambda sent: sent[outer[0]]["signature"]["verifier"].pop("keyDetails"), "keyDetails"),
        "unknown field": (at(*outer, to=lambda value: value | {"more": 1}), "unknown field"),
        "unknown field outside": (lambda sent: sent.update(more=1), "unknown field"),
        "two spellings": (lambda sent: sent.update(hashed_rekord_request_v002={}), "hashedRekordRequestV002"),
        "dsse": (lambda sent: (sent.clear(), sent.update(dsseRequestV002={})), "invalid type, must be hashedrekord"),
        "nothing": (lambda sent: sent.clear(), "invalid type, must be hashedrekord"),
    }


@pytest.mark.parametrize("name", sorted(changes()))
def test_changed_request_is_refused_and_not_logged(server, name):
    change, message = changes()[name]
    before, sent = len(auditor_of(server).audit()), fresh()
    original = copy.deepcopy(sent)
    change(sent)
    assert sent != original
    refused(post(server.url, sent), message)
    assert len(auditor_of(server).audit()) == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}{}", b"\xff", b'{"a":1,"a":2}', b"x" * 1000])
def test_what_is_no_request_is_refused(server, body):
    refused(post(server.url, body), "")


def test_large_body_is_refused_before_it_is_read(server):
    answer = post(server.url, b" " * (1 << 17) + json.dumps(fresh()).encode())
    assert answer.status == 413 and answer.json()["details"][0]["reason"] == "BODY_TOO_LARGE"


@pytest.mark.parametrize("path", ["//api/v2/log/entries", "/api//v2/log//entries"])
def test_doubled_slashes_are_one(server, path):
    sent = fresh()
    check_answer(client.send(server.url, "POST", path, json.dumps(sent).encode()), sent, key_of(server.directory))
    for other in ("//api/v2/trustBundle", "//healthz", "/ct//checkpoint", "//api/v2/checkpoint"):
        assert client.get(server.url, other).status == 200


@pytest.mark.parametrize("method,path", [("GET", records.ENTRIES), ("POST", "/api/v2/checkpoint"),
                                         ("POST", "/api/v2/tile/0/000")])
def test_other_methods_are_refused(server, method, path):
    assert client.send(server.url, method, path, b"" if method == "POST" else None).status == 501


def test_documents_have_types_and_lifetimes(server):
    add(server, fresh())
    checkpoint = client.get(server.url, "/api/v2/checkpoint")
    assert checkpoint.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint.headers["Cache-Control"] == "no-cache"
    for path in ("/api/v2/tile/0/000.p/1", "/api/v2/tile/entries/000.p/2"):
        tile = client.get(server.url, path)
        assert tile.status == 200 and tile.headers["Content-Type"] == "application/octet-stream"
        assert "immutable" in tile.headers["Cache-Control"]
        again = client.send(server.url, "GET", path, If_None_Match=tile.headers["ETag"])
        assert again.status == 304
    for path in ("tile/entries/001", "tile/0/999", "tile/data/000.p/1", "tile/entries/0", "tile/64/000", "x"):
        assert client.get(server.url, "/api/v2/" + path).status == 404


def test_many_at_once_are_logged_once_each(server):
    """Sixteen clients, and every entry sent by two of them."""
    sent = [fresh() for _ in range(300)]
    key = key_of(server.directory)

    def work(number):
        connection, answers = client.Connection(server.url), []
        for entry in sent[number % 8::8]:
            answers.append((entry, post(server.url, entry, connection)))
        return answers

    answers = [answer for part in in_parallel(16, work) for answer in part]
    accepted = [check_answer(answer, entry, key) for entry, answer in answers if answer.status == 201]
    rest = [answer for _, answer in answers if answer.status != 201]
    assert len(accepted) == 300 and len(rest) == 300
    places = {index for index, _, _ in accepted}
    assert all(answer.status == 409 and int(answer.headers["X-Log-Index"]) in places for answer in rest)
    auditor_of(server).audit(accepted)


def test_readiness_and_metrics_speak_of_the_record_log(server):
    add(server, fresh())
    metrics = client.get(server.url, "/metrics").body.decode()
    size = len(auditor_of(server).audit())
    assert f"mayfly_record_log_entries {size}.0" in metrics
    assert 'route="/api/v2/log/entries",code="201"' in metrics
    assert client.get(server.url, "/readyz").status == 200


class Scribes:
    """Clients that log entries until the server is gone."""

    def __init__(self, server, connections=12):
        self.url, self.key, self.acknowledged, self.refused = server.url, key_of(server.directory), [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(connections)]
        for thread in self.threads:
            thread.start()

    def work(self):
        connection = client.Connection(self.url, timeout=30)
        try:
            while not self.over.is_set():
                sent = fresh()
                answer = post(self.url, sent, connection)
                if answer.status == 201:
                    self.acknowledged.append(check_answer(answer, sent, self.key))
                else:
                    self.refused.append(answer)
        except (OSError, client.http.client.HTTPException):
            pass                        # cut off: not an acknowledgement
        finally:
            connection.close()

    def join(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


def test_nothing_acknowledged_is_lost_by_kills(deployment, issuer):
    directory, chance, total = deployment.init(), random.Random(20261124), 0
    server = deployment.serve(directory, issuer.settings())
    auditor = auditor_of(server)
    auditor.audit()
    for _ in range(KILLS):
        scribes = Scribes(server)
        enough = chance.randint(1, 60)
        poll(lambda: len(scribes.acknowledged) >= enough or scribes.refused, 30, "load")
        threading.Event().wait(chance.uniform(0, 0.03))
        server.kill()
        scribes.join()
        assert not scribes.refused, scribes.refused[0].body
        total += len(scribes.acknowledged)
        server = deployment.serve(directory, issuer.settings())
        auditor.url = server.url
        auditor.audit(scribes.acknowledged)
    assert total >= KILLS


def test_graceful_end_leaves_one_whole_database(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    add(server, fresh())
    assert server.stop() == 0
    assert [path.name for path in server.directory.glob("record-log.db*")] == ["record-log.db"]


@pytest.fixture(scope="module")
def filled(module_deployment, issuer):
    directory = module_deployment.init()
    server = module_deployment.serve(directory, issuer.settings())
    for _ in range(20):
        add(server, fresh())
    assert server.stop() == 0
    return directory


def change_row(directory, statement):
    database = sqlite3.connect(directory / "record-log.db")
    with database:
        database.execute(statement)
    database.close()


DAMAGE = {
    "no database": (lambda d: (d / "record-log.db").unlink(), "record-log.db"),
    "no key": (lambda d: (d / "record-log/log.key").unlink(), "record-log/log.key"),
    "another log's key": (lambda d: shutil.copy(d / "log/log.key", d / "record-log/log.key"), "record log"),
    "another origin": (lambda d: mayfly.change_settings(d, lambda s: s["record-log"].update(origin="other")), "record log"),
    "database cut": (lambda d: (d / "record-log.db").write_bytes((d / "record-log.db").read_bytes()[:20_000]),
                     "record-log.db"),
    "entry changed": (lambda d: change_row(
        d, "UPDATE entries SET stored = CAST(replace(CAST(stored AS TEXT), 'hashedrekord', 'hashedrekorb') AS BLOB) "
           "WHERE leaf_index = 20"), "entry 20"),
    "entry gone": (lambda d: change_row(d, "DELETE FROM entries WHERE leaf_index = 19"), "entry 19"),
    "head taken back": (lambda d: change_row(d, "UPDATE heads SET size = 20"), "head"),
}


@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_damaged_store_is_refused_by_name(deployment, issuer, filled, name):
    directory = shutil.copytree(filled, deployment.path("damaged"))
    damage, word = DAMAGE[name]
    damage(directory)
    with pytest.raises(mayfly.NotReady) as caught:
        deployment.serve(directory, issuer.settings())
    assert caught.value.code == 1 and word in caught.value.text


def verify(directory, *arguments):
    return mayfly.run("log", "verify", "--record-log", "--data", directory, *arguments)


def test_whole_log_is_verified_also_beside_a_server(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    for number in range(1, 4):
        add(server, fresh())
        done = verify(directory)
        assert done.returncode == 0 and f"{number + 1} entries" in done.stdout, done.stderr
    assert verify(directory, "--key", directory / "log/log.pub").returncode == 1
    assert verify(directory, "--key", directory / "missing").returncode == 2
    assert mayfly.run("log", "verify", "--record-log", "http://127.0.0.1:1").returncode != 0


def test_old_damage_that_a_start_does_not_look_for_is_found(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    in_parallel(8, lambda _: [add(server, fresh()) for _ in range(40)])
    assert server.stop() == 0
    change_row(directory, "UPDATE entries SET stored = zeroblob(length(stored)) WHERE leaf_index = 7")
    deployment.serve(directory, issuer.settings()).stop()
    done = verify(directory)
    assert done.returncode == 1 and "entry 7" in done.stderr


def test_without_the_section_there_is_no_record_log(deployment, issuer):
    directory = deployment.init()
    mayfly.change_settings(directory, lambda settings: settings.pop("record-log"))
    shutil.rmtree(directory / "record-log")
    (directory / "record-log.db").unlink()
    server = deployment.serve(directory, issuer.settings())
    for method, path in (("POST", records.ENTRIES), ("GET", "/api/v2/checkpoint"), ("GET", "/api/v2/tile/0/000.p/1")):
        assert client.send(server.url, method, path, b"{}" if method == "POST" else None).status == 404
    server.issue(issuer)


@pytest.fixture(scope="module")
def postgres():
    made = Postgres()
    yield made
    made.stop()


def test_replicas_make_one_record_log(deployment, issuer, postgres, tmp_path):
    """Three servers on one database: each entry once, whichever of them it is sent to."""
    directory = deployment.init("--store", "postgres", "--dsn-file", postgres.new_database(tmp_path))
    places = [directory] + [shutil.copytree(directory, deployment.path("copy")) for _ in range(2)]
    servers = [deployment.serve(place, issuer.settings()) for place in places]
    sent, key = [fresh() for _ in range(60)], key_of(directory)

    def work(number):
        connections = [client.Connection(server.url) for server in servers]
        return [(entry, post(None, entry, connections[(at + number) % 3])) for at, entry in enumerate(sent)]

    answers = [answer for part in in_parallel(3, work) for answer in part]
    accepted = [check_answer(answer, entry, key) for entry, answer in answers if answer.status == 201]
    assert len(accepted) == 60
    assert {answer.status for _, answer in answers} == {201, 409}
    for server in servers:
        assert len(RecordAuditor(server.url, key).audit(accepted)) == 61
    servers[0].issue(issuer)
    assert servers[1].auditor().audit().size == 2

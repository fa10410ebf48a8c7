"""Several servers, one log in PostgreSQL: any of them may die at any moment."""
import itertools
import random
import shutil
import signal
import threading
import time

import pytest
from cryptography.hazmat.primitives import serialization

import client
import mayfly
from load import in_parallel
from mayfly import poll
from oidc import EMAIL
from postgres import Postgres
from test_submission import ders, read_answer, submit

REPLICAS, KILLS, STOPS, CLIENTS = 3, 10, 6, 12
STALL_SECONDS = 2.0


@pytest.fixture(scope="module")
def postgres():
    made = Postgres()
    yield made
    made.stop()


@pytest.fixture
def dsn_file(postgres, tmp_path):
    return postgres.new_database(tmp_path)


def init(deployment, dsn_file):
    return deployment.init("--store", "postgres", "--dsn-file", dsn_file)


def copies(deployment, directory, count=REPLICAS):
    """The directory, and copies of it for more replicas, as docs/operations.md says."""
    return [directory] + [shutil.copytree(directory, deployment.path("copy")) for _ in range(count - 1)]


class Crowd:
    """Clients that ask one replica after another for certificates, and go to the next when one fails them."""

    def __init__(self, replicas, token):
        self.replicas, self.token, self.acknowledged = replicas, token, []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number,), daemon=True) for number in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        """Ends it even when the test has failed: nobody else would, and it asks for ever."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def ask(self, number):
        for turn in itertools.count(number):
            connection = client.Connection(self.replicas[turn % len(self.replicas)].url, timeout=30)
            try:
                while not self.over.is_set():
                    body = client.body_v2(self.token, client.generate())
                    answer = connection.send("POST", client.SIGNING_V2, body)
                    if answer.status != 200:
                        assert answer.status == 503, answer.body
                        break
                    leaf, issuer = answer.certificates()[:2]
                    der = leaf.public_bytes(serialization.Encoding.DER)
                    self.acknowledged.append((time.monotonic(), number, der, issuer.public_key()))
            except (OSError, client.http.client.HTTPException):
                pass                    # cut off or refused: not an acknowledgement
            finally:
                connection.close()
            if self.over.is_set():
                return

    @property
    def certificates(self):
        return [(der, key) for _, _, der, key in self.acknowledged]

    def longest_gap(self):
        times = sorted(row[0] for row in self.acknowledged)
        return max(later - earlier for earlier, later in itertools.pairwise(times))


def test_three_replicas_one_killed_every_second(deployment, issuer, dsn_file):
    chance = random.Random(20261124)
    directories = copies(deployment, init(deployment, dsn_file))
    replicas = [deployment.serve(directory, issuer.settings()) for directory in directories]
    auditor = replicas[0].auditor()
    auditor.audit()
    with Crowd(replicas, issuer.token()) as crowd:
        poll(lambda: len(crowd.acknowledged) >= CLIENTS, 30, "load")
        for kill in range(KILLS):
            # Not to wait for anything: one replica goes each second, at a moment that nothing marks.
            threading.Event().wait(chance.uniform(0.5, 1))
            replicas[kill % REPLICAS].kill()
            replicas[kill % REPLICAS] = deployment.serve(directories[kill % REPLICAS], issuer.settings())
            auditor.note(client.get(replicas[(kill + 1) % REPLICAS].url, "/ct/checkpoint").body)
        before = len(crowd.acknowledged)
        poll(lambda: len(crowd.acknowledged) >= before + CLIENTS, 30, "load after the last kill")
    for replica in replicas:
        auditor.source = replica.auditor().source
        head = auditor.audit(crowd.certificates)
    assert len({der for der, _ in crowd.certificates}) == len(crowd.acknowledged) > 100
    gap = crowd.longest_gap()
    print(f"{len(crowd.acknowledged)} certificates, longest gap {gap:.3f} s")
    assert gap <= STALL_SECONDS
    assert head.size > len(crowd.acknowledged)


def test_replica_that_stops_holds_nobody_up(deployment, issuer, dsn_file):
    """As when its machine is cut off: its connections stay open, and perhaps the lock of the head is its own."""
    directories = copies(deployment, init(deployment, dsn_file))
    replicas = [deployment.serve(directory, issuer.settings()) for directory in directories]
    with Crowd(replicas, issuer.token()) as crowd:
        poll(lambda: len(crowd.acknowledged) >= CLIENTS, 30, "load")
        for number in range(STOPS):
            stopped = replicas[number % REPLICAS]
            stopped.process.send_signal(signal.SIGSTOP)
            try:
                before = len(crowd.acknowledged)
                poll(lambda: len(crowd.acknowledged) >= before + REPLICAS, STALL_SECONDS, "the others' certificates")
            finally:
                stopped.process.send_signal(signal.SIGCONT)
            # Not to wait for anything: the next one stops at a moment that nothing marks.
            threading.Event().wait(0.3)
    replicas[0].auditor().audit(crowd.certificates)


def test_one_token_used_at_three_replicas_gives_one_certificate(deployment, issuer, dsn_file):
    settings = issuer.settings(tokens="once")
    replicas = [deployment.serve(directory, settings)
                for directory in copies(deployment, init(deployment, dsn_file))]
    for number in range(5):
        token = issuer.token(jti=f"token {number}")
        answers = in_parallel(12, lambda number: client.sign_v2(replicas[number % REPLICAS].url, token))
        assert sorted(answer.status for answer in answers) == [200] + [400] * 11
    assert replicas[0].auditor().audit().size == 6


def test_log_comes_back_with_its_database(deployment, issuer, postgres, dsn_file):
    server = deployment.serve(init(deployment, dsn_file), issuer.settings())
    server.issue(issuer)
    for _ in range(2):
        postgres.order("kill")
        begin = time.monotonic()
        assert client.sign_v2(server.url, issuer.token()).status == 503
        assert client.get(server.url, "/ct/checkpoint").status == 503
        assert client.get(server.url, "/readyz").status == 503
        assert time.monotonic() - begin < 3 * STALL_SECONDS
        postgres.order("start")
        poll(lambda: client.sign_v2(server.url, issuer.token()).status == 200, 10, "a certificate")
        assert client.get(server.url, "/readyz").status == 200
    assert server.auditor().audit().size >= 4
    assert postgres.password not in server.log()


def test_database_with_a_log_takes_no_second_one(deployment, dsn_file):
    init(deployment, dsn_file)
    other = deployment.path("other")
    done = mayfly.run("init", other, "--store", "postgres", "--dsn-file", dsn_file)
    assert done.returncode == 1 and "it has one already" in done.stderr and not other.exists()


@pytest.mark.parametrize("change, said", [
    (lambda text: text.replace("never-to", "wrong-never-to"), "password authentication failed"),
    (lambda text: text.replace("/log", "/nowhere"), "does not exist"),
    (lambda text: "user=mayfly password=never to be shown", "not a connection string"),
    (lambda text: "", "not a connection string"),
    (lambda text: text.replace("never-to", "x@never-to"), "not a connection string"),
    (lambda text: text.replace("never-to", "x/never-to"), "not a connection string"),
    (lambda text: text.replace("127.0.0.1:", "127.0.0.1:1"), "invalid"),
    (lambda text: text[:text.rindex(":")] + ":1/postgres", "refused"),
])
def test_start_says_what_is_wrong_with_the_connection_and_never_the_password(deployment, dsn_file, change, said):
    directory = init(deployment, dsn_file)
    dsn_file.write_text(change(dsn_file.read_text()))
    done = mayfly.run("serve", "--data", directory)
    assert done.returncode == 1 and said in done.stderr, done.stderr
    assert "never" not in done.stderr and "never" not in done.stdout


def test_database_without_a_log_is_not_served(deployment, postgres, dsn_file):
    directory = init(deployment, dsn_file)
    dsn_file.write_text(postgres.new_database(deployment.path("empty").parent).read_text())
    done = mayfly.run("serve", "--data", directory)
    assert done.returncode == 1 and "no log was created in it" in done.stderr, done.stderr


@pytest.mark.parametrize("lines, said", [
    ({"store": "postgres"}, "dsn-file"),
    ({"store": "postgres", "dsn-file": "d", "database": "mayfly.db"}, "belongs to"),
    ({"dsn-file": "d"}, "belongs to"),
    ({"store": "oracle"}, "must be one of sqlite, postgres"),
])
def test_store_settings_that_contradict_each_other_are_refused(deployment, lines, said):
    directory = deployment.init()

    def change(settings):
        settings["log"] = {key: settings["log"][key] for key in ("key", "origin")} | lines

    mayfly.change_settings(directory, change)
    done = mayfly.run("serve", "--data", directory)
    assert done.returncode == 1 and said in done.stderr, done.stderr


def test_records_and_email_are_kept_as_in_sqlite(deployment, issuer, postgres, dsn_file):
    server = deployment.serve(init(deployment, dsn_file), issuer.settings())
    server.issue(issuer)
    client.sign_v2(server.url, issuer.token(aud="somebody else"))
    poll(lambda: postgres.ask("SELECT count(*) FROM records", dsn_file) == "2", 10, "the refusal's record")
    rows = postgres.ask("SELECT decision, leaf_index, refusal, san FROM records ORDER BY number", dsn_file)
    assert rows.splitlines() == [f"issued|1||{EMAIL}", "refused||1|"]


def test_what_was_handed_in_to_one_is_known_to_the_other(deployment, issuer, dsn_file):
    first, second = (deployment.serve(directory, issuer.settings())
                     for directory in copies(deployment, init(deployment, dsn_file), 2))
    chain = ders(first.issue(issuer))
    scts = [read_answer(submit(server, "add-chain", chain)) for server in (first, second)]
    assert scts[0].extensions == scts[1].extensions and scts[0].timestamp == scts[1].timestamp
    assert second.auditor().audit().size == 3


def test_what_is_handed_in_to_all_at_once_is_in_the_log_once(deployment, issuer, dsn_file):
    replicas = [deployment.serve(directory, issuer.settings())
                for directory in copies(deployment, init(deployment, dsn_file))]
    for number in range(8):
        chain = ders(replicas[0].issue(issuer))
        answers = in_parallel(12, lambda number: submit(replicas[number % REPLICAS], "add-chain", chain))
        assert len({read_answer(answer).extensions for answer in answers}) == 1
    assert replicas[0].auditor().audit().size == 1 + 2 * 8

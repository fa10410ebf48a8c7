"""Power can go at any moment: what was acknowledged stays, and the log never contradicts itself."""
import random
import shutil
import socket
import threading

import client
import mayfly
from load import Storm, in_parallel
from mayfly import poll

KILLS = 50


def strike(server, token, chance):
    """Kills a server under load at a random moment; returns what its clients were left with."""
    storm = Storm(server.url, token)
    enough = chance.randint(1, 60)
    poll(lambda: len(storm.acknowledged) >= enough or storm.refused, 30, "load")
    # Not to wait for anything, but to strike at a moment that no count of answers marks.
    threading.Event().wait(chance.uniform(0, 0.03))
    server.kill()
    storm.join()
    assert not storm.refused, storm.refused[0].body
    return storm


def test_nothing_acknowledged_is_lost_by_fifty_kills(deployment, issuer):
    directory, chance, acknowledged = deployment.init(), random.Random(20261124), 0
    server = deployment.serve(directory, issuer.settings())
    auditor = server.auditor()
    auditor.audit()
    for round_ in range(1, KILLS + 1):
        storm = strike(server, issuer.token(), chance)
        acknowledged += len(storm.acknowledged)
        server = deployment.serve(directory, issuer.settings())
        auditor.source = server.auditor().source
        for checkpoint in storm.checkpoints:
            auditor.note(checkpoint)
        auditor.audit(storm.acknowledged, rfc6962=round_ % 10 == 0)
    assert acknowledged >= KILLS and len(auditor.entries) > acknowledged


def test_two_servers_on_one_database_make_one_log(deployment, issuer):
    """Two directories that name one database: the lock of a directory doesn't help there, that of the head does."""
    directory, other = deployment.init(), deployment.path("other")
    shutil.copytree(directory, other)
    (other / "mayfly.db").unlink()
    mayfly.change_settings(other, lambda settings: settings["log"].update(database=str(directory / "mayfly.db")))
    servers = [deployment.serve(place, issuer.settings()) for place in (directory, other)]
    storms = [Storm(server.url, issuer.token(), connections=8) for server in servers]
    poll(lambda: all(len(storm.acknowledged) >= 100 for storm in storms), 60, "certificates from both servers")
    servers[1].kill()
    for storm in storms:
        storm.join()
        # Who waits too long for the other is told to come back, and nothing else.
        assert {answer.status for answer in storm.refused} <= {503}
    auditor = servers[0].auditor()
    for storm in storms:
        for checkpoint in storm.checkpoints:
            auditor.note(checkpoint)
    head = auditor.audit(storms[0].acknowledged + storms[1].acknowledged, rfc6962=False)
    assert head.size > len(storms[0].acknowledged) + len(storms[1].acknowledged)


def holding(new_issuer):
    """An issuer that keeps everybody waiting until its event is set."""
    made = new_issuer()
    made.hold = threading.Event()
    return made


def test_sigterm_lets_requests_in_flight_finish(deployment, new_issuer):
    slow = holding(new_issuer)
    server = deployment.serve(deployment.init(), slow.settings())
    answers = []
    clients = threading.Thread(daemon=True, target=lambda: answers.extend(
        in_parallel(8, lambda _: client.sign_v2(server.url, slow.token()))))
    clients.start()
    poll(lambda: slow.asked and in_flight(server) == 8, 10, "eight requests that wait for the issuer")
    server.terminate()
    poll(lambda: refuses(server), 10, "the refusal of new connections")
    assert server.process.poll() is None, "the server left its clients"
    slow.hold.set()
    clients.join()
    assert [answer.status for answer in answers] == [200] * 8
    assert server.wait() == 0


def in_flight(server):
    """How many requests for a certificate the server says are under way."""
    lines = client.send(server.url, "GET", "/metrics").body.decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("mayfly_requests_in_flight "))


def refuses(server):
    try:
        socket.create_connection((server.host, server.port), 1).close()
        return False
    except OSError:
        return True


def test_idle_connections_do_not_hold_up_the_end(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    idle = [client.Connection(server.url) for _ in range(20)]
    for connection in idle:
        assert connection.send("GET", "/healthz").status == 200
    server.terminate()
    assert server.wait(10) == 0


def test_graceful_end_leaves_one_whole_database(deployment, issuer):
    """What a copy of the stopped directory needs is in mayfly.db, not in a write-ahead log beside it."""
    for _ in range(8):
        directory = deployment.init()
        server = deployment.serve(directory, issuer.settings())
        server.issue(issuer)
        assert server.stop() == 0
        assert sorted(path.name for path in directory.glob("mayfly.db*")) == ["mayfly.db"]


def test_second_sigterm_does_no_harm(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    server.issue(issuer)
    server.terminate()
    if server.process.poll() is None:
        server.terminate()
    server.wait(10)
    after = deployment.serve(server.directory, issuer.settings())
    assert after.auditor().audit().size == 2

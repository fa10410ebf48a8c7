"""`mayfly audit`: what a security team hears, and when."""
import dataclasses
import json
import signal
import sqlite3
import subprocess
import time

import pytest
import yaml

import mayfly
from export import export, moved, stolen
from loopback import Loopback
from mayfly import poll
from test_follow import issued


class Hook(Loopback):
    """A webhook that keeps what it was sent; `status` is its answer."""

    def __init__(self):
        self.requests, self.status = [], 200
        super().__init__()

    def answer(self, request):
        self.requests.append(request)
        return self.status, {}, b""

    def alerts(self):
        return [json.loads(request.body) for request in self.requests]


@pytest.fixture
def hook():
    made = Hook()
    yield made
    made.stop()


class Team:
    """A folder of a security team: a configuration, and what its runs left."""

    def __init__(self, folder, server, log, **settings):
        self.folder, self.lines, self.path = folder, folder / "alerts.jsonl", folder / "audit.yaml"
        folder.mkdir(exist_ok=True)
        (folder / "log.pub").write_bytes((server.directory / "log/log.pub").read_bytes())
        (folder / "chain.pem").write_bytes((server.directory / "ca/chain.pem").read_bytes())
        self.settings = {"log": str(log), "key": "log.pub", "roots": "chain.pem", "state": "audit.state",
                         "alerts": [{"file": "alerts.jsonl"}], **settings}

    def once(self, expected, **changes):
        self.path.write_text(yaml.safe_dump(self.settings | changes))
        done = mayfly.run("audit", "--config", self.path, "--once")
        assert done.returncode == expected, done.stdout + done.stderr + self.lines.read_text()
        return done

    def alerts(self):
        return [json.loads(line) for line in self.lines.read_text().splitlines()] if self.lines.exists() else []

    def kinds(self):
        return [alert["alert"] for alert in self.alerts()]

    def size(self):
        return json.loads((self.folder / "audit.state").read_text())["treeSize"]


@pytest.fixture
def watched(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    for name in ("ann", "ben"):
        issued(server, issuer, f"{name}@example.com")
    return server


def test_planted_identity_is_heard_of_and_nothing_else(watched, issuer, hook, tmp_path):
    (tmp_path / "team").mkdir()
    (tmp_path / "team/token").write_text("secret-of-the-hook\n")
    team = Team(tmp_path / "team", watched, watched.url + "/ct", identities=["*@example.com"],
                issuers=[issuer.url],
                alerts=[{"file": "alerts.jsonl"}, {"webhook": {"url": hook.url + "/in", "token-file": "token"}}])
    team.once(0)
    assert team.size() == 3 and hook.requests == []
    leaf = issued(watched, issuer, "mallory@example.org")[0]
    issued(watched, issuer, "cid@example.com")
    team.once(1)
    [alert] = hook.alerts()
    assert alert == team.alerts()[0] and len(team.alerts()) == 1
    assert (alert["alert"], alert["san"], alert["logIndex"]) == ("identity-unlisted", ["mallory@example.org"], 3)
    assert int(alert["serial"], 16) == leaf.serial_number and alert["issuer"] == issuer.url
    assert hook.requests[0].headers["Authorization"] == "Bearer secret-of-the-hook"
    assert hook.requests[0].headers["Content-Type"] == "application/json" and hook.requests[0].method == "POST"
    team.once(0)
    assert len(hook.requests) == 1, "what was heard of once isn't heard of again"


def test_restart_continues_where_it_was(watched, issuer, tmp_path):
    log = stolen(watched)
    team = Team(tmp_path / "team", watched, tmp_path / "log")
    export(log, tmp_path / "log")
    team.once(0)
    # The first entries are gone from the copy: they aren't needed any more.
    issued(watched, issuer, "cid@example.com")
    for path in (tmp_path / "log/tile/data").rglob("*"):
        if path.is_file():
            path.unlink()
    export(stolen(watched), tmp_path / "log")
    team.once(0)
    assert team.size() == 4


def test_identity_is_bound_to_its_issuer(watched, issuer, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct",
                identities=[{"san": "ann@example.com", "issuer": issuer.url},
                            {"san": "**", "issuer": "https://other.example"}])
    team.once(1)
    assert [alert["san"] for alert in team.alerts()] == [["ben@example.com"]]


def test_unlisted_issuer_is_heard_of(watched, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct", issuers=["https://token.actions.example"])
    team.once(1)
    assert team.kinds() == ["issuer-unlisted"] * 2


def test_serial_number_is_recognised_after_a_restart(watched, tmp_path):
    log, team = stolen(watched), Team(tmp_path / "team", watched, tmp_path / "log")
    export(log, tmp_path / "log")
    team.once(0)
    log.entries.append(moved(log.entries[1], 3, timestamp=int(time.time() * 1000)))
    export(log, tmp_path / "log")
    team.once(1)
    assert team.kinds() == ["serial-repeated"]


def test_fork_is_heard_of_with_both_checkpoints_and_state_stays(watched, tmp_path):
    log, team = stolen(watched), Team(tmp_path / "team", watched, tmp_path / "log")
    log.head_size = 2
    export(log, tmp_path / "log")
    team.once(0)
    log.head_size = None
    log.entries[1] = dataclasses.replace(log.entries[1], timestamp=log.entries[1].timestamp + 1)
    export(log, tmp_path / "log")
    team.once(1)
    team.once(1)
    alerts = team.alerts()
    assert [alert["alert"] for alert in alerts] == ["log-inconsistent"] * 2 and len(alerts[0]["checkpoints"]) == 2
    assert team.size() == 2 and len(list(team.folder.glob("audit.state.evidence-*"))) == 1


def test_stale_checkpoint_is_heard_of(watched, tmp_path):
    log, team = stolen(watched), Team(tmp_path / "team", watched, tmp_path / "log", **{"stale-after": "1s"})
    export(log, tmp_path / "log")
    team.once(0, **{"stale-after": "1d"})
    team.path.write_text(yaml.safe_dump(team.settings))
    poll(lambda: mayfly.run("audit", "--config", team.path, "--once").returncode == 1)
    assert team.kinds() == ["checkpoint-stale"]


def test_records_are_compared_where_they_can_be_reached(watched, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct", records=str(watched.directory))
    team.once(0)
    with sqlite3.connect(watched.directory / "mayfly.db") as database:
        database.execute("DELETE FROM records WHERE leaf_index = 1")
    (team.folder / "audit.state").unlink()
    team.once(1)
    assert team.kinds() == ["record-missing"]


def test_command_gets_the_alert_and_a_failing_one_is_a_failure(watched, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct", identities=["nobody"])
    script = team.folder / "tell"
    script.write_text('#!/bin/sh\ncat >> "$1"\n')
    script.chmod(0o700)
    command = {"command": ["./tell", str(team.folder / "told")]}
    team.once(1, alerts=[{"file": "alerts.jsonl"}, command])
    assert [json.loads(line) for line in (team.folder / "told").read_text().splitlines()] == team.alerts()
    (team.folder / "audit.state").unlink()
    script.write_text("#!/bin/sh\nexit 3\n")
    done = team.once(2, alerts=[{"file": "alerts.jsonl"}, command])
    assert "it ended with 3" in done.stderr
    assert not (team.folder / "audit.state").exists(), "nobody was told, so it will be looked at again"


def test_webhook_that_fails_is_a_failure_and_heard_of_later(watched, hook, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct", identities=["ann@example.com"],
                alerts=[{"webhook": {"url": hook.url}}])
    hook.status = 500
    assert "it answered 500" in team.once(2).stderr
    hook.status, sent = 204, hook.alerts()[0]
    team.once(1)
    assert hook.alerts()[-1] == sent, "the same alert has the same id"


def test_log_that_cannot_be_reached_exits_2(watched, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct")
    watched.kill()
    assert "nobody answers there" in team.once(2).stderr


@pytest.mark.parametrize("changes, sentence", [
    ({"identites": []}, "did you mean 'identities'"), ({"identities": ["a?b"]}, "must be a pattern"),
    ({"alerts": []}, "at least one place"), ({"interval": "0s"}, "at least 1s"),
    ({"alerts": [{"webhook": {"url": "ftp://x"}}]}, "http"), ({"alerts": [{"command": ["sh"]}]}, "path of a program"),
])
def test_mistake_in_the_configuration_names_its_line(watched, tmp_path, changes, sentence):
    done = Team(tmp_path / "team", watched, watched.url + "/ct").once(2, **changes)
    assert sentence in done.stderr and "line " in done.stderr


def test_continuous_watch_hears_of_new_entries_and_stops_when_told(watched, issuer, tmp_path):
    team = Team(tmp_path / "team", watched, watched.url + "/ct", identities=["*@example.com"], interval="1s")
    team.path.write_text(yaml.safe_dump(team.settings))
    process = subprocess.Popen([mayfly.BINARY, "audit", "--config", str(team.path)], stderr=subprocess.PIPE, text=True)
    try:
        poll(lambda: (team.folder / "audit.state").exists(), 20)
        issued(watched, issuer, "mallory@example.org")
        poll(lambda: team.kinds() == ["identity-unlisted"], 20)
        assert "another process" in mayfly.run("audit", "--config", team.path, "--once").stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()

"""An exchange of keys that fails or is interrupted: nothing is lost, the server goes on, and the next attempt ends it."""
import json
import shutil

import pytest

import client
import mayfly
from mayfly import poll
from test_rotation import awaited, generations, issuing, offline, run


def warned(server):
    """The parts that `/readyz` warns of."""
    return {row["part"] for row in client.get(server.url, "/readyz").json()["warnings"]}


def test_configuration_that_can_not_be_used_keeps_the_old_keys(deployment, offline, issuer):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old = server.issue(issuer)
    good = deployment.path("good.yaml")
    shutil.copy(directory / "mayfly.yaml", good)
    mayfly.change_settings(directory, lambda settings: settings.update(unknown=1))
    run("ca", "rotate", "--data", directory, "--config", good, "--root-key", keys / "ca.key", "--overlap", "0s")
    awaited(lambda: "couldn't change to other keys" in server.log(), 15, "the refusal")
    awaited(lambda: "keys" in warned(server), 5, "the warning")
    assert issuing(server.issue(issuer)) == issuing(old) and "opening anew" not in server.log()
    shutil.copy(good, directory / "mayfly.yaml")
    awaited(lambda: issuing(server.issue(issuer)) != issuing(old), 15, "the change")
    assert "keys" not in warned(server)
    assert server.log().count("couldn't change to other keys") == 1


@pytest.fixture
def reopening(deployment, offline, issuer):
    """A server that has closed everything for another key and can't open it: the next database isn't one yet."""
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old = server.issue(issuer)
    (directory / "other.db").write_text("not a database yet" * 1000)
    mayfly.change_settings(directory, lambda settings: settings["log"].update(database="other.db"))
    run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key", "--overlap", "0s")
    poll(lambda: "trying again" in server.log(), 15, "the failure")
    return directory, server, old


def test_opening_anew_is_tried_again(reopening, issuer):
    directory, server, old = reopening
    shutil.copy(directory / "mayfly.db", directory / "draft.db")
    (directory / "draft.db").rename(directory / "other.db")
    awaited(lambda: issuing(server.issue(issuer)) != issuing(old), 20, "the change")
    assert server.process.poll() is None


def test_signal_between_closing_and_opening_ends_the_server(reopening):
    _, server, _ = reopening
    server.terminate()
    assert server.wait(10) == 0
    assert "stopped" in server.log()


@pytest.mark.parametrize("command", [["ca", "rotate"], ["tsa", "rotate"], ["log", "rotate-key"],
                                     ["log", "rotate-key", "--log", "records"]])
def test_key_that_could_not_be_published_is_not_made(deployment, command):
    directory = deployment.init()
    shutil.copy(directory / "tsa/tsa.key", directory / "trust/root.key")
    before = mayfly.fingerprint(directory)
    done = mayfly.run(*command, "--data", directory)
    assert done.returncode == 1 and "role targets" in done.stderr
    assert mayfly.fingerprint(directory) == before


def test_exchange_that_could_not_be_published_is_reported_as_done(deployment):
    directory = deployment.init()
    # In place of a file that is only written there is a folder.
    (directory / "trust/tuf/2.snapshot.json").mkdir()
    transcript = run("ca", "rotate", "--data", directory)
    assert "NOT YET PUBLISHED" in transcript and "mayfly trust renew" in transcript and "2.snapshot.json" in transcript
    assert len(generations(directory)) == 2
    (directory / "trust/tuf/2.snapshot.json").rmdir()
    run("trust", "renew", "--data", directory)


def test_key_that_an_interrupted_exchange_has_left_is_replaced(deployment, offline):
    directory, keys = offline
    (directory / "ca/issuing-2.key").write_text("what was left")
    run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")
    assert "PRIVATE KEY" in (directory / "ca/issuing-2.key").read_text()
    assert (directory / "ca/issuing-2.key").stat().st_mode & 0o777 == 0o600


def test_key_that_waits_for_a_certificate_is_kept(deployment, offline, tmp_path):
    directory, keys = offline
    run("ca", "csr", tmp_path / "request.pem", "--data", directory)
    key = (directory / "ca/issuing-2.key").read_bytes()
    done = mayfly.run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")
    assert done.returncode == 1 and "ca/issuing-2.key waits" in done.stderr and "ca install" in done.stderr
    assert (directory / "ca/issuing-2.key").read_bytes() == key
    run("ca", "sign", tmp_path / "request.pem", "--root", directory / "ca/root.pem", "--root-key", keys / "ca.key",
        "--chain-out", tmp_path / "chain.pem")
    run("ca", "install", tmp_path / "chain.pem", "--data", directory, "--overlap", "0s")
    assert not (directory / "ca/issuing-2.csr").exists()
    run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")


def test_new_online_key_is_on_the_disk_before_the_repository_names_it(offline):
    directory, keys = offline
    # The last step can't be done, as if the command had ended before it.
    online = directory / "trust/online.key"
    old = online.read_bytes()
    online.unlink()
    online.mkdir()
    (online / "file").touch()
    failed = mayfly.run("trust", "renew", "--data", directory, "--root-key", keys / "trust.key", "--new-online-key")
    assert failed.returncode == 1 and "online.key" in failed.stderr
    new = directory / "trust/online.key.new"
    made = new.read_bytes()
    assert new.stat().st_mode & 0o777 == 0o600
    assert len(json.loads((directory / "trust/tuf/2.root.json").read_bytes())["signatures"]) == 1
    (online / "file").unlink()
    online.rmdir()
    online.write_bytes(old)
    # The next renewal ends it.
    run("trust", "renew", "--data", directory, "--root-key", keys / "trust.key")
    assert online.read_bytes() == made and not new.exists()


def test_refused_renewal_leaves_no_key(offline):
    directory, keys = offline
    before = mayfly.fingerprint(directory)
    failed = mayfly.run("trust", "renew", "--data", directory, "--root-key", directory / "tsa/tsa.key", "--new-online-key",
                        "--new-root-key", directory / "new.key")
    assert failed.returncode == 1
    assert mayfly.fingerprint(directory) == before

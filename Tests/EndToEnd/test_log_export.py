"""`mayfly log export`: the log as files that any web server can serve, and no checkpoint that its tiles don't bear out."""
import functools
import http.server
import shutil
import sqlite3
import threading

import pytest

import client
import mayfly
from auditor import Auditor, HTTPSource
from load import send_all
from test_log_commands import busy, log  # noqa: F401, F811
from transparency import tile_path


@pytest.fixture(scope="module")
def long(module_deployment, issuer):
    """A log of 521 entries: two full tiles and a bit."""
    server = module_deployment.serve(module_deployment.init(), issuer.settings())
    token = issuer.token()
    send_all(server.url, [client.body_v2(token, client.generate()) for _ in range(520)], 16)
    return server


class Folder:
    """A folder as `HTTPSource` below /ct/, over a web server that knows nothing of logs."""

    def __init__(self, path):
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(path))
        handler.func.log_message = lambda *_: None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.source = HTTPSource(f"http://127.0.0.1:{self.server.server_port}")

    def __call__(self, path):
        return self.source(path.removeprefix("/ct"))

    def end(self):
        self.server.shutdown()
        self.server.server_close()


def audit(path, key, heads=()):
    folder = Folder(path)
    try:
        auditor = Auditor(folder, key)
        auditor.heads |= set(heads)
        return auditor.audit(rfc6962=False)
    finally:
        folder.end()


def export(server, path, code=0):
    done = log("export", server.directory, path)
    assert done.returncode == code, done.stderr
    return done


def files(path):
    return {str(file.relative_to(path)): file.stat().st_mtime_ns for file in path.rglob("*") if file.is_file()}


def test_exported_files_are_a_log(long, tmp_path):
    done = export(long, tmp_path / "out")
    assert "521 entries" in done.stdout and "100%" in done.stderr and "\r" not in done.stderr
    assert audit(tmp_path / "out", long.log_key).size == 521
    for path in ["checkpoint", tile_path(0, 1), tile_path("data", 2, 9), tile_path(1, 0, 2)]:
        assert (tmp_path / "out" / path).read_bytes() == client.get(long.url, "/ct/" + path).body


def test_second_export_writes_only_what_is_new(deployment, issuer, tmp_path):
    server = deployment.serve(deployment.init(), issuer.settings())
    token = issuer.token()
    send_all(server.url, [client.body_v2(token, client.generate()) for _ in range(260)], 16)
    out = tmp_path / "deep" / "out"
    export(server, out)
    first, head = files(out), audit(out, server.log_key)
    assert "0 files written" in export(server, out).stdout and files(out) == first
    server.issue(issuer)
    export(server, out)
    changed = {name for name, time in files(out).items() if first.get(name) != time}
    assert changed == {"checkpoint", "tile/0/001.p/6", "tile/data/001.p/6"}
    assert audit(out, server.log_key, [head]).size == 262


def test_broken_export_has_no_checkpoint_and_is_taken_up(long, tmp_path):
    out = tmp_path / "out"
    obstacle = out / "tile/data/002.p/9"
    obstacle.parent.mkdir(parents=True)
    (out / "tile/data/002.p/9.new").mkdir()
    done = export(long, out, code=2)
    assert "couldn't write" in done.stderr and not (out / "checkpoint").exists()
    (out / "tile/data/002.p/9.new").rmdir()
    before = files(out)
    export(long, out)
    after = files(out)
    assert all(after[name] == time for name, time in before.items())
    assert audit(out, long.log_key).size == 521


def test_folder_of_another_log_is_not_touched(long, busy, tmp_path):
    out = tmp_path / "out"
    export(long, out)
    before = files(out)
    export(busy, out, code=2)
    assert files(out) == before


def test_what_a_broken_export_of_another_log_left_is_refused_or_written_anew(deployment, issuer, tmp_path):
    servers = []
    for name in ["one", "other"]:
        directory = deployment.path(name)
        mayfly.init(directory)
        servers.append(deployment.serve(directory, issuer.settings()))
        servers[-1].issue(issuer)
    one, other = servers
    out = tmp_path / "out"
    export(one, out)
    (out / "checkpoint").unlink()
    before = (out / "tile/data/000.p/2").read_bytes()
    done = export(other, out, code=2)
    assert "the folder's tile/0/000.p/2 is another" in done.stderr and not (out / "checkpoint").exists()
    assert (out / "tile/data/000.p/2").read_bytes() == before
    # Broken off between the two: nothing says whose data tile it is.
    (out / "tile/0/000.p/2").unlink()
    export(other, out)
    assert audit(out, other.log_key).size == 2


def test_export_of_a_log_that_went_back_is_refused(deployment, issuer, tmp_path):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    assert server.stop() == 0
    older = deployment.path("older")
    shutil.copytree(directory, older)
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    out = tmp_path / "out"
    export(server, out)
    done = log("export", older, out)
    assert done.returncode == 2 and "doesn't go on from" in done.stderr
    # The same size again, with another entry in it.
    fork = deployment.serve(older, issuer.settings())
    fork.issue(issuer)
    done = log("export", older, out)
    assert done.returncode == 2 and "doesn't go on from" in done.stderr


def test_changed_entry_is_not_exported(deployment, issuer, tmp_path):
    import contextlib
    import sqlite3
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    assert server.stop() == 0
    with contextlib.closing(sqlite3.connect(directory / "mayfly.db")) as database:
        (stored,) = database.execute("SELECT stored FROM entries WHERE leaf_index = 1").fetchone()
        stored = stored[:200] + bytes([stored[200] ^ 1]) + stored[201:]
        database.execute("UPDATE entries SET stored = ? WHERE leaf_index = 1", (stored,))
        database.commit()
    done = log("export", directory, tmp_path / "out")
    assert done.returncode == 2 and "entry 1 has been changed" in done.stderr
    assert not (tmp_path / "out/checkpoint").exists()
    done = log("show", directory, 1)
    assert done.returncode == 2 and "entry 1 has been changed" in done.stderr

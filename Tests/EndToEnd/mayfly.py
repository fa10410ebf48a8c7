"""The program under test: data directories, running servers, and how they end."""
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.parse

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import serialization

import client
from auditor import Auditor, HTTPSource

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MAYFLY_BINARY") or str(ROOT / ".build/release/mayfly")
START_SECONDS = 30


def run(*arguments, timeout=60):
    """Runs one command to its end."""
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout)


def init(directory, *arguments):
    done = run("init", directory, *arguments)
    assert done.returncode == 0, done.stderr
    return directory


def contents(path):
    """What a file says: of a database that can be read its rows, since SQLite keeps house when one is opened."""
    if path.suffix == ".db":
        try:
            with contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
                return "\n".join(database.iterdump()).encode()
        except sqlite3.DatabaseError:
            pass
    return path.read_bytes()


def fingerprint(directory):
    """A digest of every name, mode and content below a directory."""
    digest = hashlib.sha256()
    for path in sorted(pathlib.Path(directory).rglob("*")):
        digest.update(f"{path.relative_to(directory)} {path.lstat().st_mode}\n".encode())
        if path.is_file():
            digest.update(contents(path))
    return digest.hexdigest()


def change_settings(directory, change):
    """Applies `change` to the mapping in mayfly.yaml."""
    path = pathlib.Path(directory) / "mayfly.yaml"
    settings = yaml.safe_load(path.read_text()) or {}
    change(settings)
    path.write_text(yaml.safe_dump(settings, sort_keys=False))


def poll(check, seconds=10, what="the awaited"):
    """Waits for `check()` to be true; the deadline is a failure."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.01)


class NotReady(Exception):
    def __init__(self, code, text):
        super().__init__(f"exit {code}: {text}")
        self.code, self.text = code, text


class Server:
    """A running `mayfly serve`, ready when the constructor returns; NotReady if it ended instead."""

    command = ("serve",)

    def __init__(self, directory, *arguments, environment=None, stdout=subprocess.DEVNULL, listen="127.0.0.1:0"):
        self.directory, self.lines, self.listen = pathlib.Path(directory), [], None
        self.process = subprocess.Popen(
            [BINARY, *self.command, "--data", str(directory), "--listen", listen, *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, text=True,
            env=os.environ | (environment or {}))
        self.settled = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if not self.settled.wait(START_SECONDS) or self.listen is None:
            self.kill()
            raise NotReady(self.process.returncode, self.log())
        self.url = "http://" + self.listen
        self.host, self.port = "127.0.0.1", urllib.parse.urlsplit(self.url).port

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if message.get("message") == "ready":
                self.listen = message["listen"]
                self.settled.set()
        self.process.wait()
        self.settled.set()

    def log(self):
        return "".join(self.lines)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=30):
        code = self.process.wait(seconds)
        self.reader.join(seconds)
        return code

    def stop(self):
        """Graceful end; returns the exit code."""
        if self.process.poll() is None:
            self.terminate()
        return self.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()

    # What the server's own files say, for judges that must not ask the server.

    @property
    def log_key(self):
        return serialization.load_pem_public_key((self.directory / "log/log.pub").read_bytes())

    @property
    def chain(self):
        return x509.load_pem_x509_certificates((self.directory / "ca/chain.pem").read_bytes())

    def auditor(self):
        return Auditor(HTTPSource(self.url), self.log_key)

    def issue(self, issuer, kind="p256", **claims):
        """A certificate chain for a new key, over the v2 API."""
        answer = client.sign_v2(self.url, issuer.token(**claims), client.generate(kind))
        assert answer.status == 200, answer.body
        return answer.certificates()

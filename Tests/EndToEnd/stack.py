"""The whole private stack on loopback, and other people's programs on a machine that knows nothing but its trust root."""
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
from dataclasses import dataclass

import mayfly
from judges import TOOLS
from loopback import Loopback
from oidc import EMAIL, GITHUB_CLAIMS, Issuer

PROGRAMS = TOOLS / "usr/bin"
SCRIPTS = pathlib.Path(sys.executable).parent
COSIGN_2 = TOOLS / "trixie/usr/bin/cosign"
SECONDS = 60


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Wall(Loopback):
    """The proxy that every program is told to use for anything but loopback; whoever asks it wanted to leave."""

    def __init__(self):
        self.asked = []
        super().__init__()

    def answer(self, request):
        self.asked.append(f"{request.method} {request.path}")
        return 403, {}, b"nothing leaves this machine\n"


class Stack:
    """`mayfly serve` with every service under one URL, for a person's issuer and a CI system's, and what it exports."""

    def __init__(self, deployment, *arguments):
        self.people, self.ci, self.wall = Issuer(("RS256", "ES256")), Issuer(("RS256",)), Wall()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.directory = deployment.init("--base-url", self.url, *arguments)
        issuers = self.people.settings() | self.ci.settings("github-workflow")
        mayfly.change_settings(self.directory, lambda settings: settings.update({"oidc-issuers": issuers}))
        self.mayfly("trust", "renew", "--data", self.directory)
        self.server = deployment.serve_files(self.directory, listen=f"127.0.0.1:{port}")
        self.trust = deployment.path("trust")
        self.mayfly("trust", "export", self.trust, "--data", self.directory)

    def mayfly(self, *arguments):
        done = mayfly.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def trusted_root(self):
        return self.trust / "trusted_root.json"

    @property
    def signing_config(self):
        return self.trust / "signing_config.v0.2.json"

    @property
    def trust_config(self):
        return self.trust / "trust_config.json"

    def pem(self, name):
        """One key or certificate by its TUF name."""
        return self.trust / "pem" / name

    @property
    def tuf_root(self):
        return self.trust / "tuf/root.json"

    @property
    def tuf_url(self):
        return self.url + "/tuf"

    def token(self, **claims):
        """RS256, the one kind of token that every client reads."""
        return self.people.token("RS256", **claims)

    def ci_token(self):
        return self.ci.token("RS256", **GITHUB_CLAIMS)

    def end(self):
        """Whoever used the stack must not have wanted to go anywhere else."""
        for part in (self.people, self.ci, self.wall):
            part.stop()
        assert self.wall.asked == [], "somebody wanted to leave"


@dataclass(frozen=True)
class Signer:
    """Whose signature a verifier is told to expect."""
    identity: str
    issuer: str


class Machine:
    """A machine of its own for other people's programs: an empty home and an environment with nothing in it."""

    def __init__(self, stack, folder):
        self.stack, self.folder = stack, pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir(parents=True)
        self.environment = {
            "PATH": f"{PROGRAMS}:{SCRIPTS}:/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8",
            "TUF_ROOT": str(self.home / "tuf-cache"), "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_DATA_HOME": str(self.home / "data"), "XDG_CONFIG_HOME": str(self.home / "config"),
            "COLUMNS": "500", "COSIGN_PASSWORD": "", "PYTHONDONTWRITEBYTECODE": "1",
            "no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost",
        } | {name: stack.wall.url for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
        self.person = Signer(EMAIL, stack.people.url)
        self.file = self.write("a.txt", "hello\n")

    @property
    def strangers(self):
        """The right identity by another issuer, and another identity by the right issuer."""
        return [Signer(self.person.identity, self.stack.ci.url), Signer("mallory@example.com", self.person.issuer)]

    def path(self, name):
        return self.folder / name

    def write(self, name, text):
        path = self.path(name)
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return path

    def token_file(self, token=None):
        """Without a newline at its end, which cosign would send along."""
        return self.write("token", token or self.stack.token())

    def finish(self, *command, **environment):
        """Runs one command to its end, in the machine's folder."""
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=SECONDS, cwd=self.folder,
                              stdin=subprocess.DEVNULL, env=self.environment | environment)

    def run(self, *command, **environment):
        """What a command that must work says."""
        done = self.finish(*command, **environment)
        assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def refused(self, *command, **environment):
        """What a command that must not work says."""
        done = self.finish(*command, **environment)
        assert done.returncode != 0, f"{command[0]} accepted it:\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    # How each program is pointed at the stack.

    def initialize(self, program="cosign"):
        """The trust root by TUF, once for a machine."""
        return self.run(program, "initialize", "--mirror", self.stack.tuf_url, "--root", self.stack.tuf_root)

    @property
    def cosign_sign_files(self):
        return ("--signing-config", self.stack.signing_config, "--trusted-root", self.stack.trusted_root)

    @property
    def cosign_verify_files(self):
        return ("--trusted-root", self.stack.trusted_root)

    def cosign_expect(self, signer=None):
        signer = signer or self.person
        return ("--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer)

    def python_expect(self, signer=None):
        signer = signer or self.person
        return ("--cert-identity", signer.identity, "--cert-oidc-issuer", signer.issuer)

    def go_expect(self, signer=None):
        signer = signer or self.person
        return ("-expectedSAN", signer.identity, "-expectedIssuer", signer.issuer)

    def mayfly_sign(self, token=None):
        return (mayfly.BINARY, "sign", "--token-file", self.token_file(token), "--trust-config", self.stack.trust_config)

    def mayfly_verify(self, signer=None):
        return (mayfly.BINARY, "verify", "--trusted-root", self.stack.trusted_root, *self.cosign_expect(signer))


class Registry:
    """Debian's docker-registry, which has no referrers API: signatures are found by the fallback tag."""

    def __init__(self, folder):
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        settings = folder / "registry.yml"
        settings.write_text(json.dumps({
            "version": 0.1, "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}, "delete": {"enabled": True}},
            "http": {"addr": self.host}}))
        self.output = open(folder / "registry.log", "w+")
        self.process = subprocess.Popen([PROGRAMS / "docker-registry", "serve", settings], stdout=self.output,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        mayfly.poll(self.answers, what="the registry")

    def answers(self):
        assert self.process.poll() is None, "the registry ended"
        with contextlib.closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def push(self, machine, name="acme/app"):
        """A small image that nobody has signed; its name by digest."""
        (machine.folder / "layer").mkdir(exist_ok=True)
        machine.write("layer/hello", os.urandom(8).hex())
        machine.run("tar", "-cf", "layer.tar", "-C", "layer", "hello")
        tag = f"{self.host}/{name}:v1"
        machine.run("crane", "append", "--oci-empty-base", "--new_layer", "layer.tar", "--new_tag", tag)
        return f"{self.host}/{name}@" + machine.run("crane", "digest", tag).strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.output.close()

"""The recorded answers of Fulcio 1.8.8, case by case, against a server with the embedded log."""
import collections
import os
import pathlib
import re
import socket
import subprocess
import sys

import pytest
import yaml

import mayfly
from conftest import CONFORMANCE
from mayfly import poll

PORT = 18888        # the issuers' address is part of the recorded certificates
RUNNER = CONFORMANCE / "fulcio_cases.py"
LISTED = {name: reason for reason, names in
          yaml.safe_load((pathlib.Path(__file__).parent / "data/conformance.yaml").read_text()).items() for name in names}
NAMES = [case["name"] for path in sorted((CONFORMANCE / "cases").glob("*.yaml"))
         for case in yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)).get("cases", [])]
Outcome = collections.namedtuple("Outcome", "passed differences")


def listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def loadable(text):
    """The configuration without what Mayfly refuses to load. These entries' tokens are refused by Fulcio, and here too."""
    configuration = yaml.safe_load(text)
    del configuration["ci-issuer-metadata"]["own-no-san"]
    for entry in configuration["oidc-issuers"].values():
        if entry.get("ci-provider") in ("own-no-san", "no-such-provider"):
            entry["ci-provider"] = "own-missing"
    return configuration


@pytest.fixture(scope="module")
def outcomes(module_deployment, tmp_path_factory):
    """Runs all cases once; each test below looks at one of them."""
    folder = tmp_path_factory.mktemp("conformance")
    environment = os.environ | {"CASES_KEYS": str(folder / "keys")}

    def runner(*arguments, **options):
        return subprocess.run([sys.executable, RUNNER, *map(str, arguments)], capture_output=True, text=True,
                              env=environment, **options)

    assert not listening(PORT) and not listening(PORT + 1), f"ports {PORT} and {PORT + 1} are taken"
    issuers = subprocess.Popen([sys.executable, RUNNER, "issuers"], env=environment, stdout=subprocess.DEVNULL)
    try:
        poll(lambda: listening(PORT) and listening(PORT + 1), 30, "the conformance issuers")
        (folder / "identity.yaml").write_text(yaml.safe_dump(loadable(runner("config", check=True).stdout)))
        runner("ca", "--dir", folder / "ca", check=True)
        (folder / "passphrase").write_text("conformance")
        directory = module_deployment.init("--root", folder / "ca/chain.pem", "--key", folder / "ca/ca.key",
                                           "--passphrase-file", folder / "passphrase")
        server = mayfly.Server(directory, "--identity-config", folder / "identity.yaml")
        module_deployment.servers.append(server)
        done = runner("run", "--url", server.url, "--cases", CONFORMANCE / "cases", "--expect",
                      CONFORMANCE / "recorded-fulcio-1.8.8.json", "--ct", "--ct-key", directory / "log/log.pub", "-v",
                      timeout=600)
        assert re.search(r"^\d+ passed, \d+ failed$", done.stdout, re.M), done.stdout[-2000:] + done.stderr[-2000:]
        server.auditor().audit()
    finally:
        issuers.kill()
        issuers.wait()
    found, name = {}, None
    for line in done.stdout.splitlines():
        if line.startswith(("ok   ", "FAIL ")):
            name = line[5:]
            found[name] = Outcome(line.startswith("ok"), [])
        elif line.startswith("    ") and name:
            found[name].differences.append(line.strip())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_answer_is_the_recorded_one(outcomes, name):
    outcome = outcomes[name]
    if name in LISTED:
        assert not outcome.passed, f"listed under {LISTED[name]!r}, and passes: take it off the list"
    else:
        assert outcome.passed, "\n".join(outcome.differences)


def test_list_names_existing_cases_only():
    assert set(LISTED) <= set(NAMES)

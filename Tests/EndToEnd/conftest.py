"""Fixtures: issuers, data directories and servers, all gone when the test that asked for them is."""
import os
import pathlib
import sys

import pytest
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import mayfly  # noqa: E402
import oidc  # noqa: E402

CONFORMANCE = pathlib.Path(os.environ.get("MAYFLY_CONFORMANCE") or mayfly.ROOT.parent / "shared/conformance")
collect_ignore = []
if not (CONFORMANCE / "fulcio_cases.py").exists():
    collect_ignore.append("test_conformance.py")


def pytest_report_header():
    found = "compared with" if not collect_ignore else "not compared, there is nothing in"
    return [f"mayfly: {mayfly.BINARY}", f"conformance: {found} {CONFORMANCE}"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    """A skipped test proves nothing: it counts as failed, with its reason."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def issuer():
    """The well-behaved issuer that most tests share; whoever changes it makes one of its own."""
    made = oidc.Issuer()
    yield made
    made.stop()


@pytest.fixture
def new_issuer():
    """Makes issuers that end with the test."""
    made = []

    def make(**options):
        made.append(oidc.Issuer(**options))
        return made[-1]

    yield make
    for one in made:
        one.stop()


class Deployment:
    """Makes data directories and servers below one folder and ends all of them."""

    def __init__(self, folder):
        self.folder, self.servers, self.count = folder, [], 0

    def path(self, name):
        self.count += 1
        return self.folder / f"{self.count}-{name}"

    def init(self, *arguments):
        return mayfly.init(self.path("data"), *arguments)

    def identities(self, issuers, metas=None):
        path = self.path("identity.yaml")
        path.write_text(yaml.safe_dump({"oidc-issuers": issuers, **({"meta-issuers": metas} if metas else {})}))
        return path

    def serve(self, directory, issuers, *arguments, metas=None, **options):
        """A server on `directory` for these issuers' settings."""
        settings = self.identities(issuers, metas)
        return self.serve_files(directory, "--identity-config", settings, *arguments, **options)

    def serve_files(self, directory, *arguments, **options):
        """A server on `directory` as it is."""
        server = mayfly.Server(directory, *arguments, **options)
        self.servers.append(server)
        return server

    def end(self):
        for server in self.servers:
            server.kill()
            # RFC 7519 tokens start with these characters: none may reach a log line.
            assert "eyJ" not in server.log(), "a token is in the server's log"


@pytest.fixture
def deployment(tmp_path):
    made = Deployment(tmp_path)
    yield made
    made.end()


@pytest.fixture(scope="module")
def module_deployment(tmp_path_factory):
    made = Deployment(tmp_path_factory.mktemp("mayfly"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def server(module_deployment, issuer):
    """A server with P-256 keys for the shared issuer, one per test file."""
    return module_deployment.serve(module_deployment.init(), issuer.settings())

"""Fixtures: issuers, data directories and servers, all gone when the test that asked for them is."""
import os
import pathlib
import sys

import pytest
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import mayfly  # noqa: E402
import oidc  # noqa: E402
import stack as stacks  # noqa: E402

CONFORMANCE = pathlib.Path(os.environ.get("MAYFLY_CONFORMANCE") or mayfly.ROOT.parent / "shared/conformance")
CAPTURES = pathlib.Path(os.environ.get("MAYFLY_CAPTURES") or mayfly.ROOT.parent / "shared/reference/captures")
# The public suite, https://github.com/sigstore/sigstore-conformance, checked out somewhere else.
SIGSTORE_CONFORMANCE = pathlib.Path(os.environ.get("MAYFLY_SIGSTORE_CONFORMANCE") or mayfly.ROOT.parent / "sigstore-conformance")
# Tests of recorded exchanges that are not part of the repository, by what must be there for them.
RECORDED = {"test_conformance.py": CONFORMANCE / "fulcio_cases.py", "test_captures.py": CAPTURES / "cosign-sign-blob.json",
            "test_conformance_bundles.py": SIGSTORE_CONFORMANCE / "test/assets/bundle-verify/a.txt"}
collect_ignore = [test for test, needed in RECORDED.items() if not needed.exists()]


def pytest_report_header():
    said = lambda test: "not compared, there is nothing in" if test in collect_ignore else "compared with"
    return [f"mayfly: {mayfly.BINARY}"] + [f"{test}: {said(test)} {needed.parent}" for test, needed in RECORDED.items()]


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


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The whole private stack, one for all who only sign and verify."""
    deployment = Deployment(tmp_path_factory.mktemp("stack"))
    try:
        made = stacks.Stack(deployment)
        yield made
        made.end()
    finally:
        deployment.end()


@pytest.fixture
def machine(stack, tmp_path):
    """A machine that knows the stack's trust root as files, and nothing else."""
    return stacks.Machine(stack, tmp_path / "machine")


@pytest.fixture(scope="session")
def registry(tmp_path_factory):
    made = stacks.Registry(tmp_path_factory.mktemp("registry"))
    yield made
    made.stop()

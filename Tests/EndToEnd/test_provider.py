"""A real OpenID Connect provider, Debian's glewlwyd, in place of the tests' own."""
import subprocess

import pytest

import client
import mayfly

SCRIPT = mayfly.ROOT / "scripts/lib/glewlwyd"


def glewlwyd(verb, folder, *arguments):
    done = subprocess.run([SCRIPT, verb, folder, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    folder = tmp_path_factory.mktemp("glewlwyd")
    url = glewlwyd("start", folder).splitlines()[0]
    yield folder, url
    glewlwyd("stop", folder)


@pytest.fixture
def server(deployment, provider):
    _, url = provider
    return deployment.serve(deployment.init(), {url: {"issuer-url": url, "client-id": "sigstore", "type": "email"}})


def test_verified_user_gets_a_certificate(server, provider):
    token = glewlwyd("token", provider[0])
    answer = client.sign_v2(server.url, token, challenge="alice@example.com")
    assert answer.status == 200, answer.body
    leaf, issuing = answer.certificates()[:2]
    names = leaf.extensions.get_extension_for_class(client.x509.SubjectAlternativeName).value
    assert names.get_values_for_type(client.x509.RFC822Name) == ["alice@example.com"]
    leaf.verify_directly_issued_by(issuing)


@pytest.mark.parametrize("arguments, challenge", [
    (["--user", "bob"], "bob@example.com"), (["--client", "elsewhere"], "alice@example.com")])
def test_unverified_user_and_foreign_audience_are_refused(server, provider, arguments, challenge):
    token = glewlwyd("token", provider[0], *arguments)
    answer = client.sign_v2(server.url, token, challenge=challenge)
    assert (answer.status, answer.json()["message"]) == (400, client.TOKEN_REFUSED)

"""Every kind of key, by public key and by request, from every kind of authority: chain, profile and SCT judged outside."""
import datetime
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

import client
import mayfly
from oidc import EMAIL, GITHUB_CLAIMS, KUBERNETES_CLAIMS
from transparency import check_certificate

CA_ALGORITHMS = ("p256", "p384", "p521", "rsa3072", "rsa4096", "ed25519")
ARC = "1.3.6.1.4.1.57264.1."


@pytest.fixture(scope="module", params=CA_ALGORITHMS)
def authority(request, module_deployment, issuer):
    """A server whose authority has this kind of key."""
    directory = module_deployment.init("--ca-algorithm", request.param)
    server = module_deployment.serve(directory, issuer.settings())
    yield server
    server.stop()


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def openssl_verify(chain, folder):
    """OpenSSL's opinion of a chain now, in its strict mode."""
    for name, certificates in (("leaf", chain[:1]), ("between", chain[1:-1]), ("root", chain[-1:])):
        text = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)
        (folder / f"{name}.pem").write_bytes(text)
    return subprocess.run(
        ["openssl", "verify", "-x509_strict", "-purpose", "any", "-CAfile", folder / "root.pem",
         "-untrusted", folder / "between.pem", folder / "leaf.pem"], capture_output=True, text=True)


def extension(certificate, oid):
    return certificate.extensions.get_extension_for_oid(oid)


def identity(certificate, number):
    """The text of one of Fulcio's extensions, or None."""
    try:
        value = extension(certificate, x509.ObjectIdentifier(ARC + number)).value.value
    except x509.ExtensionNotFound:
        return None
    return (value if int(number) <= 6 else value[2:] if value[1] < 128 else value[3:]).decode()


def check_issued(answer, key, server, folder):
    chain = answer.certificates()
    leaf, now = chain[0], datetime.datetime.now(datetime.timezone.utc)
    assert [der(c) for c in chain[1:]] == [der(c) for c in server.chain]
    assert leaf.public_key() == key.public_key()
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == datetime.timedelta(minutes=10)
    assert abs(leaf.not_valid_before_utc - now) < datetime.timedelta(seconds=10)
    usage = extension(leaf, ExtensionOID.EXTENDED_KEY_USAGE)
    assert list(usage.value) == [ExtendedKeyUsageOID.CODE_SIGNING] and not usage.critical
    verified = openssl_verify(chain, folder)
    assert verified.returncode == 0, verified.stderr
    entry = check_certificate(der(leaf), chain[1].public_key(), server.log_key)
    assert entry.leaf_index() >= 1, "the first entry belongs to the log itself"
    return leaf


@pytest.mark.parametrize("kind", client.KEY_KINDS)
def test_public_key_of_each_kind_is_certified(authority, issuer, kind, tmp_path):
    key = client.generate(kind)
    answer = client.sign_v2(authority.url, issuer.token(), key)
    assert answer.status == 200, answer.body
    check_issued(answer, key, authority, tmp_path)


@pytest.mark.parametrize("kind", client.KEY_KINDS)
def test_certificate_request_of_each_kind_is_answered(authority, issuer, kind, tmp_path):
    key = client.generate(kind)
    answer = client.send(authority.url, "POST", client.SIGNING_V2, client.csr_body_v2(issuer.token(), key))
    assert answer.status == 200, answer.body
    check_issued(answer, key, authority, tmp_path)


def test_v1_answers_201_with_the_chain_as_pem(server, issuer, tmp_path):
    """API-51, API-52."""
    key = client.generate()
    answer = client.sign_v1(server.url, issuer.token(), key)
    assert (answer.status, answer.headers["Content-Type"]) == (201, "application/pem-certificate-chain")
    assert answer.headers["SCT"] is None
    check_issued(answer, key, server, tmp_path)


def test_token_is_taken_from_the_header_when_the_body_has_none(server, issuer, tmp_path):
    """API-20, API-21."""
    key = client.generate()
    body = client.body_v2("", key)
    answer = client.send(server.url, "POST", client.SIGNING_V2, body, Authorization="Bearer " + issuer.token())
    assert answer.status == 200, answer.body
    check_issued(answer, key, server, tmp_path)


def test_trust_bundle_and_root_certificate_are_the_chain_on_disk(server):
    """API-40, API-55."""
    bundle = client.get(server.url, "/api/v2/trustBundle").json()
    texts = [c.public_bytes(serialization.Encoding.PEM).decode() for c in server.chain]
    assert bundle == {"chains": [{"certificates": texts}]}
    answer = client.get(server.url, "/api/v1/rootCert")
    assert answer.status == 200 and x509.load_pem_x509_certificates(answer.body) == server.chain


@pytest.mark.parametrize("kind, claims, name, values", [
    ("email", {}, x509.RFC822Name(EMAIL), {"8": None, "24": "subject-of-the-token"}),
    ("kubernetes", KUBERNETES_CLAIMS,
     x509.UniformResourceIdentifier("https://kubernetes.io/namespaces/build/serviceaccounts/signer"),
     {"24": KUBERNETES_CLAIMS["sub"]}),
    ("github-workflow", GITHUB_CLAIMS,
     x509.UniformResourceIdentifier("https://github.com/" + GITHUB_CLAIMS["job_workflow_ref"]),
     {"2": "push", "5": "acme/arm", "9": "https://github.com/" + GITHUB_CLAIMS["job_workflow_ref"],
      "16": "https://github.com/acme",
      "21": "https://github.com/acme/arm/actions/runs/9182736455/attempts/2", "22": "public"}),
])
def test_identity_is_written_into_the_certificate(deployment, issuer, kind, claims, name, values):
    """ID-1 … ID-16."""
    server = deployment.serve(deployment.init(), issuer.settings(kind))
    challenge = claims.get("sub", EMAIL)
    answer = client.sign_v2(server.url, issuer.token(**claims), challenge=challenge)
    assert answer.status == 200, answer.body
    leaf = answer.certificates()[0]
    names = extension(leaf, ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    assert list(names.value) == [name] and names.critical
    assert identity(leaf, "1") == identity(leaf, "8") == issuer.url
    for number, value in values.items():
        assert identity(leaf, number) == (value or issuer.url), number


def test_uri_subject_is_certified_within_its_domain(deployment, issuer):
    """ID-12."""
    settings = issuer.settings("uri", **{"subject-domain": "http://127.0.0.1"})
    server = deployment.serve(deployment.init(), settings)
    subject = "http://127.0.0.1/teams/release"
    answer = client.sign_v2(server.url, issuer.token(sub=subject, email=None), challenge=subject)
    assert answer.status == 200, answer.body
    names = extension(answer.certificates()[0], ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert list(names) == [x509.UniformResourceIdentifier(subject)]
    elsewhere = "http://elsewhere.example/teams/release"
    answer = client.sign_v2(server.url, issuer.token(sub=elsewhere, email=None), challenge=elsewhere)
    assert (answer.status, answer.json()["message"]) == (400, client.TOKEN_REFUSED)


def test_adopted_chain_issues_with_its_encrypted_key(deployment, issuer, tmp_path):
    from authorities import chain, key_pem
    adopted = chain()
    (tmp_path / "chain.pem").write_bytes(adopted.chain_pem())
    (tmp_path / "issuing.key").write_bytes(key_pem(adopted.key, b"a passphrase"))
    (tmp_path / "passphrase").write_bytes(b"a passphrase\n")
    directory = deployment.init("--root", tmp_path / "chain.pem", "--key", tmp_path / "issuing.key",
                                "--passphrase-file", tmp_path / "passphrase")
    server = deployment.serve(directory, issuer.settings())
    key = client.generate()
    answer = client.sign_v2(server.url, issuer.token(), key)
    assert answer.status == 200, answer.body
    leaf = check_issued(answer, key, server, tmp_path)
    assert leaf.issuer == adopted.certificate.subject


def test_passphrase_that_could_not_open_its_keys_again_is_refused(deployment, tmp_path):
    (tmp_path / "passphrase").write_text("a" * 1025)
    directory = deployment.path("data")
    done = mayfly.run("init", directory, "--passphrase-file", tmp_path / "passphrase")
    assert done.returncode == 1 and "1024 bytes" in done.stderr and not directory.exists()


def test_generated_keys_can_be_encrypted(deployment, issuer, tmp_path):
    (tmp_path / "passphrase").write_text("a passphrase\n")
    directory = deployment.init("--passphrase-file", tmp_path / "passphrase")
    assert "ENCRYPTED" in (directory / "ca/issuing.key").read_text()
    server = deployment.serve(directory, issuer.settings())
    assert client.sign_v2(server.url, issuer.token()).status == 200


def test_private_keys_are_readable_by_their_owner_only(deployment):
    directory = deployment.init()
    for name in ("ca/issuing.key", "ca/root.key", "log/log.key"):
        assert (directory / name).stat().st_mode & 0o777 == 0o600, name


@pytest.mark.parametrize("arguments", [[], ["--csr"]])
def test_request_command_fetches_a_certificate(server, issuer, tmp_path, arguments):
    (tmp_path / "token").write_text(issuer.token())
    done = mayfly.run("request", "--url", server.url, "--token-file", tmp_path / "token",
                      "--certificate-out", tmp_path / "certificate.pem", "--key-out", tmp_path / "key.pem",
                      "--roots", server.directory / "ca/root.pem", *arguments)
    assert done.returncode == 0, done.stderr
    key = serialization.load_pem_private_key((tmp_path / "key.pem").read_bytes(), None)
    chain = x509.load_pem_x509_certificates((tmp_path / "certificate.pem").read_bytes())
    assert chain[0].public_key() == key.public_key()
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0


def test_request_command_refuses_a_chain_to_another_root(server, issuer, tmp_path):
    from authorities import authority as own, pem
    (tmp_path / "token").write_text(issuer.token())
    (tmp_path / "other.pem").write_bytes(pem(own("Another Root").certificate))
    done = mayfly.run("request", "--url", server.url, "--token-file", tmp_path / "token",
                      "--certificate-out", tmp_path / "certificate.pem", "--key-out", tmp_path / "key.pem",
                      "--roots", tmp_path / "other.pem")
    assert done.returncode != 0 and done.stderr
    assert not (tmp_path / "certificate.pem").exists()

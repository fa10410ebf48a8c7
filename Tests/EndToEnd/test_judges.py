"""Other people's programs read what Mayfly writes: linters, a monitor, OpenSSL and an unmodified Sigstore client."""
import base64
import datetime
import hashlib
import json
import pathlib
import socket
import subprocess
import time

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sigstore._internal.fulcio.client import FulcioClient, FulcioClientError
from sigstore._internal.sct import verify_sct
from sigstore._internal.timestamp import TimestampSource, TimestampVerificationResult
from sigstore._internal.trust import KeyringPurpose
from sigstore.errors import VerificationError
from sigstore.models import TrustedRoot
from sigstore.oidc import IdentityToken
from sigstore.verify.policy import Identity
from sigstore.verify.verifier import Verifier

import authorities
import client
import judges
from load import send_all
from mayfly import poll
from oidc import EMAIL
from paperlog import PaperLog, PaperLogServer
from transparency import embedded_scts, log_id, subject_public_key_info

ALLOWED = yaml.safe_load((pathlib.Path(__file__).parent / "data/lint-allowed.yaml").read_text())
CA_ALGORITHMS = ("p256", "p384", "p521", "rsa3072", "rsa4096")
PEM = serialization.Encoding.PEM


@pytest.fixture(scope="module")
def issued(server, issuer, tmp_path_factory):
    """The three certificates of a fresh chain and the two of the timestamp authority as files."""
    folder = tmp_path_factory.mktemp("issued")
    for name, certificate in zip(("leaf", "intermediate", "root"), server.issue(issuer)):
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(PEM))
    chain = x509.load_pem_x509_certificates((server.directory / "tsa/chain.pem").read_bytes())
    for name, certificate in zip(("tsa", "tsa-root"), chain):
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(PEM))
    return folder


@pytest.mark.parametrize("which", ["leaf", "intermediate", "root", "tsa", "tsa-root"])
@pytest.mark.parametrize("judge", ["zlint", "pkilint"])
def test_linter_finds_only_what_is_explained(issued, judge, which):
    findings = getattr(judges, judge)(issued / f"{which}.pem")
    assert set(findings) == set(ALLOWED[judge][which]), findings


@pytest.mark.parametrize("judge", ["zlint", "pkilint"])
def test_linter_finds_a_certificate_that_is_wrong(judge, tmp_path):
    """The counterpart: both judges see a certificate whose serial number is negative or whose dates are swapped."""
    issuer = authorities.chain()
    good = authorities.der(authorities.sign(authorities.leaf_builder(issuer), issuer.key))
    serial = x509.load_der_x509_certificate(good).serial_number
    length = (serial.bit_length() + 8) // 8
    at = good.index(bytes([2, length]) + serial.to_bytes(length, "big"))
    bad = good[:at + 2] + bytes([good[at + 2] | 0x80]) + good[at + 3:]
    (tmp_path / "bad.pem").write_text(
        "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(bad).decode() + "-----END CERTIFICATE-----\n")
    if judge == "zlint":
        done = subprocess.run([judges.TOOLS / "usr/bin/zlint", tmp_path / "bad.pem"], capture_output=True, text=True)
        assert done.returncode != 0 or '"error"' in done.stdout
    else:
        assert set(judges.pkilint(tmp_path / "bad.pem")) - set(ALLOWED[judge]["leaf"])


def test_certspotter_follows_the_log_to_its_end(deployment, issuer, tmp_path):
    """RFC 6962 §4 as a foreign monitor reads it: every entry parsed, every root recomputed, nothing malformed."""
    server = deployment.serve(deployment.init(), issuer.settings())
    token = issuer.token()
    send_all(server.url, [client.body_v2(token, client.generate()) for _ in range(300)], 8)
    monitor = judges.CertSpotter(server.url, server.log_key, tmp_path)
    try:
        poll(lambda: monitor.verified_size() or "error" in monitor.text(), 30, "reading the log")
        assert monitor.verified_size() == 301, monitor.text()
        assert monitor.malformed() == []
    finally:
        monitor.stop()


def test_certspotter_finds_a_certificate_that_was_handed_in(deployment, issuer, tmp_path):
    """A stolen issuing key at work: whoever meets its certificate hands it in, and the domain's watcher is told."""
    server = deployment.serve(deployment.init(), issuer.settings())
    key = serialization.load_pem_private_key((server.directory / "ca/issuing.key").read_bytes(), None)
    thief = authorities.Authority(key, server.chain)
    for _ in range(5):
        server.issue(issuer)
    planted = authorities.der(authorities.sign(authorities.leaf_builder(thief, domain="login.victim.example"), key))
    body = json.dumps({"chain": [base64.b64encode(planted).decode()]}).encode()
    assert client.send(server.url, "POST", "/ct/v1/add-chain", body).status == 200
    monitor = judges.CertSpotter(server.url, server.log_key, tmp_path, watched=".victim.example")
    try:
        poll(lambda: "login.victim.example" in monitor.text(), 30, "the alarm")
        assert hashlib.sha256(planted).hexdigest() in monitor.text()
        poll(lambda: monitor.verified_size() == 7, 30, "the end of the log")
        assert monitor.text().count("DNS Name") == 1, monitor.text()
        assert monitor.malformed() == []
    finally:
        monitor.stop()


def test_certspotter_sees_a_log_that_lies(tmp_path):
    """The counterpart: the same monitor, the same way, on a log whose entries are not its tree's."""
    log, issuer = PaperLog(), authorities.chain()
    for _ in range(5):
        authorities.issue(issuer, log)
    true_leaf = log.leaf
    log.leaf = lambda index: true_leaf(4 - index)
    remote = PaperLogServer(log)
    monitor = judges.CertSpotter(remote.url, log.public_key, tmp_path)
    try:
        poll(lambda: "does not match the entries" in monitor.text(), 30, "the complaint")
        assert monitor.verified_size() == 0
    finally:
        monitor.stop()
        remote.stop()


# OpenSSL as a TLS client judges the SCT.

def openssl_sct(chain, key, log_key, folder):
    """What `openssl s_client -ct` says about the SCT of a certificate that a TLS server shows."""
    # OpenSSL counts whole seconds and takes an SCT of the second that has just begun for one from the future.
    timestamp = embedded_scts(chain[0].public_bytes(serialization.Encoding.DER))[0].timestamp / 1000
    poll(lambda: time.time() > timestamp + 1, 3, "the next second")
    (folder / "leaf.pem").write_bytes(chain[0].public_bytes(PEM))
    (folder / "between.pem").write_bytes(b"".join(c.public_bytes(PEM) for c in chain[1:-1]))
    (folder / "root.pem").write_bytes(chain[-1].public_bytes(PEM))
    (folder / "key.pem").write_bytes(authorities.key_pem(key))
    encoded = base64.b64encode(subject_public_key_info(log_key)).decode()
    (folder / "logs.cnf").write_text(f"enabled_logs = mayfly\n[mayfly]\ndescription = Mayfly\nkey = {encoded}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", folder / "leaf.pem", "-key", folder / "key.pem",
         "-cert_chain", folder / "between.pem", "-quiet"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        poll(lambda: answers(port), 10, "the TLS server")
        return subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", folder / "root.pem", "-purpose", "any",
             "-ct", "-ctlogfile", folder / "logs.cnf"], input="", capture_output=True, text=True, timeout=20).stdout
    finally:
        server.kill()
        server.wait()


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def test_openssl_accepts_the_sct(server, issuer, tmp_path):
    key = client.generate()
    chain = client.sign_v2(server.url, issuer.token(), key).certificates()
    said = openssl_sct(chain, key, server.log_key, tmp_path)
    assert "Verify return code: 0 (ok)" in said and said.count("SCT validation status: valid") == 1, said


def test_openssl_refuses_the_sct_of_another_log(server, issuer, tmp_path):
    key = client.generate()
    chain = client.sign_v2(server.url, issuer.token(), key).certificates()
    said = openssl_sct(chain, key, ec.generate_private_key(ec.SECP256R1()).public_key(), tmp_path)
    assert "SCT validation status: unknown log" in said, said


# sigstore-python: its request, its SCT check, its chain rules, its identity policy.

def trusted_root(chain, log_key, folder):
    """A hand-made trust root: this authority, this CT log, and a record log that nothing is asked of."""
    since = {"start": "2020-01-01T00:00:00Z"}
    text = lambda data: base64.b64encode(data).decode()

    def log(key):
        spki = subject_public_key_info(key)
        return {"baseUrl": "https://log.invalid", "hashAlgorithm": "SHA2_256",
                "publicKey": {"rawBytes": text(spki), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": since},
                "logId": {"keyId": text(log_id(key))}}

    certificates = [{"rawBytes": text(c.public_bytes(serialization.Encoding.DER))} for c in chain]
    root = {"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log(ec.generate_private_key(ec.SECP256R1()).public_key())], "ctlogs": [log(log_key)],
            "certificateAuthorities": [{"subject": {"organization": "o", "commonName": "c"}, "uri": "https://ca.invalid",
                                        "certChain": {"certificates": certificates}, "validFor": since}],
            "timestampAuthorities": []}
    (folder / "trusted_root.json").write_text(json.dumps(root))
    return TrustedRoot.from_file(str(folder / "trusted_root.json"))


def sigstore_request(url, token):
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return FulcioClient(url).signing_cert.post(builder.sign(key, hashes.SHA256()), IdentityToken(token))


def sigstore_accepts(certificate, root, issuer_url):
    """What sigstore-python does with a certificate before it looks at a signature; raises where it refuses."""
    when = TimestampVerificationResult(source=TimestampSource.TIMESTAMP_AUTHORITY,
                                       time=datetime.datetime.now(datetime.timezone.utc))
    chain = Verifier(trusted_root=root)._verify_chain_at_time(certificate, when)
    verify_sct(certificate, chain, root.ct_keyring(KeyringPurpose.VERIFY))
    Identity(identity=EMAIL, issuer=issuer_url).verify(certificate)


@pytest.mark.parametrize("algorithm", CA_ALGORITHMS)
def test_sigstore_python_accepts_its_certificate(deployment, issuer, tmp_path, algorithm):
    """client-needs 2 and 3, for each kind of authority that this client supports."""
    server = deployment.serve(deployment.init("--ca-algorithm", algorithm), issuer.settings())
    answer = sigstore_request(server.url, issuer.token("RS256"))
    assert len(answer.chain) == 2
    sigstore_accepts(answer.cert, trusted_root(answer.chain, server.log_key, tmp_path), issuer.url)


def test_sigstore_python_refuses_the_sct_of_another_log(server, issuer, tmp_path):
    answer = sigstore_request(server.url, issuer.token("RS256"))
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(VerificationError):
        sigstore_accepts(answer.cert, trusted_root(answer.chain, other, tmp_path), issuer.url)


def test_sigstore_python_shows_a_refusal(server, issuer):
    with pytest.raises(FulcioClientError):
        sigstore_request(server.url, issuer.token("RS256", email_verified=False))

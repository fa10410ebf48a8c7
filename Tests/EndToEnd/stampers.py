"""Timestamp authorities of the tests' own, good and bad, and who asks one for timestamps."""
import datetime
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from rfc3161_client.base import HashAlgorithm

import authorities
import client
from authorities import Authority, key_pem, key_usage, now, sign

PATH = "/api/v1/timestamp"
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING


def leaf(parent, key=None, usages=(TIME_STAMPING,), critical=True, is_ca=False, key_usages=("digital_signature",),
         seconds=86400, start=-60):
    """A timestamp authority's certificate below `parent`."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = (x509.CertificateBuilder()
               .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests TSA")]))
               .issuer_name(parent.certificate.subject).public_key(key.public_key())
               .serial_number(x509.random_serial_number())
               .not_valid_before(now() + datetime.timedelta(seconds=start))
               .not_valid_after(now() + datetime.timedelta(seconds=seconds))
               .add_extension(key_usage(*key_usages), True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(parent.key.public_key()), False))
    if is_ca:
        builder = builder.add_extension(x509.BasicConstraints(True, None), True)
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(usages)), critical)
    return Authority(key, [sign(builder, parent.key)] + parent.chain)


def root():
    return authorities.authority("Tests TSA Root")


def use(directory, made, passphrase=None, key=None):
    """Puts a timestamp authority of ours in the place of the one that `init` made."""
    (directory / "tsa/chain.pem").write_bytes(made.chain_pem())
    (directory / "tsa/tsa.key").write_bytes(key_pem(key or made.key, passphrase))


def ask(url, body, content_type=QUERY):
    connection = client.Connection(url)
    try:
        return connection.send("POST", PATH, body, Content_Type=content_type)
    finally:
        connection.close()


def request(message, hash=HashAlgorithm.SHA256, nonce=True, certificates=True):
    return (TimestampRequestBuilder().hash_algorithm(hash).data(message).nonce(nonce=nonce)
            .cert_request(cert_request=certificates).build().as_bytes())


def verify(chain, answer, message):
    """As sigstore-python does, with rfc3161-client; raises what it finds."""
    response = decode_timestamp_response(answer)
    builder = VerifierBuilder().tsa_certificate(chain[0]).add_root_certificate(chain[-1])
    for certificate in chain[1:-1]:
        builder = builder.add_intermediate_certificate(certificate)
    assert builder.build().verify_message(response, message)
    return response


def openssl_query(folder, *options):
    """A request for `folder`/message by `openssl ts -query`."""
    subprocess.run(["openssl", "ts", "-query", "-data", folder / "message", "-out", folder / "request.tsq", *options],
                   check=True, capture_output=True)
    return (folder / "request.tsq").read_bytes()


def openssl_verify(folder, answer, chain):
    """What `openssl ts -verify` says of an answer to the last request; it knows the chain, and trusts its root."""
    (folder / "answer.tsr").write_bytes(answer)
    (folder / "root.pem").write_bytes(authorities.pem(chain[-1]))
    (folder / "chain.pem").write_bytes(b"".join(map(authorities.pem, chain[:-1])))
    return subprocess.run(
        ["openssl", "ts", "-verify", "-queryfile", folder / "request.tsq", "-in", folder / "answer.tsr",
         "-CAfile", folder / "root.pem", "-untrusted", folder / "chain.pem"], capture_output=True, text=True)


def openssl_text(folder, answer):
    """What `openssl ts -reply -text` reads in an answer."""
    (folder / "answer.tsr").write_bytes(answer)
    return subprocess.run(["openssl", "ts", "-reply", "-in", folder / "answer.tsr", "-text"], check=True,
                          capture_output=True, text=True).stdout

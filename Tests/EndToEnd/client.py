"""A Fulcio client in a few functions: keys, proofs, certificate requests, both versions of the API."""
import base64
import functools
import http.client
import json
import urllib.parse
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from oidc import EMAIL

KEY_KINDS = ("p256", "p384", "p521", "rsa2048", "rsa3072", "rsa4096", "ed25519")
CURVES = {"p256": (ec.SECP256R1, hashes.SHA256()), "p384": (ec.SECP384R1, hashes.SHA384()),
          "p521": (ec.SECP521R1, hashes.SHA512())}
SIGNING_V1, SIGNING_V2 = "/api/v1/signingCert", "/api/v2/signingCert"
TOKEN_REFUSED = "There was an error processing the identity token"
PROOF_REFUSED = "The signature supplied in the request could not be verified"
KEY_UNREADABLE = "The public key supplied in the request could not be parsed"
KEY_WEAK = "The public key supplied in the request is insecure"
CSR_UNREADABLE = "The certificate signing request could not be parsed"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: object
    body: bytes

    def json(self):
        return json.loads(self.body)

    def certificates(self):
        """The chain of a signing answer, leaf first."""
        if self.headers["Content-Type"] == "application/pem-certificate-chain":
            return x509.load_pem_x509_certificates(self.body)
        inner = self.json()["signedCertificateEmbeddedSct"]
        return [x509.load_pem_x509_certificate(text.encode()) for text in inner["chain"]["certificates"]]


@functools.cache
def rsa_key(bits):
    return rsa.generate_private_key(65537, bits)


def generate(kind="p256"):
    """A new private key; RSA keys, which are slow to make, are made once per run."""
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind][0]())
    return ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else rsa_key(int(kind[3:]))


def digest_of(key):
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[key.curve.key_size]
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def prove(key, challenge=EMAIL):
    data, digest = challenge.encode(), digest_of(key)
    if digest is None:
        return key.sign(data)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), digest)
    return key.sign(data, ec.ECDSA(digest))


def public_pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_der(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def base64_text(data):
    return base64.b64encode(data).decode()


def request_pem(key):
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    builder = builder.add_extension(x509.BasicConstraints(False, None), True)
    return builder.sign(key, digest_of(key)).public_bytes(serialization.Encoding.PEM)


def body_v2(token, key, challenge=EMAIL, proof=None):
    proof = prove(key, challenge) if proof is None else proof
    asked = {"publicKey": {"algorithm": "ECDSA", "content": public_pem(key).decode()},
             "proofOfPossession": base64_text(proof)}
    return json.dumps({"credentials": {"oidcIdentityToken": token}, "publicKeyRequest": asked}).encode()


def csr_body_v2(token, key):
    return json.dumps({"credentials": {"oidcIdentityToken": token},
                       "certificateSigningRequest": base64_text(request_pem(key))}).encode()


def body_v1(key, challenge=EMAIL):
    return json.dumps({"publicKey": {"algorithm": "ecdsa", "content": base64_text(public_der(key))},
                       "signedEmailAddress": base64_text(prove(key, challenge))}).encode()


class Connection:
    """One kept-alive connection to a server."""

    def __init__(self, url, timeout=30):
        parts = urllib.parse.urlsplit(url)
        self.http = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def send(self, method, path, body=None, **headers):
        named = {"Content-Type": "application/json"} if body is not None else {}
        self.http.request(method, path, body, named | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = self.http.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def close(self):
        self.http.close()


def send(url, method, path, body=None, timeout=30, **headers):
    connection = Connection(url, timeout)
    try:
        return connection.send(method, path, body, **headers)
    finally:
        connection.close()


def get(url, path):
    return send(url, "GET", path)


def sign_v2(url, token, key=None, challenge=EMAIL, timeout=30):
    return send(url, "POST", SIGNING_V2, body_v2(token, key or generate(), challenge), timeout)


def sign_v1(url, token, key=None, challenge=EMAIL):
    return send(url, "POST", SIGNING_V1, body_v1(key or generate(), challenge), Authorization="Bearer " + token)

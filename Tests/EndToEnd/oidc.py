"""An OpenID Connect issuer on loopback whose tokens, keys and manners the tests decide."""
import base64
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from loopback import Loopback

EMAIL = "release@example.com"
ALGORITHMS = ("ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA")
CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_rsa_keys = []


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def generate(algorithm):
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm]())
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if not _rsa_keys:
        _rsa_keys.append(rsa.generate_private_key(65537, 2048))
    return _rsa_keys[0]


def jwk(key, algorithm, kid):
    public = key.public_key()
    if algorithm == "EdDSA":
        members = {"kty": "OKP", "crv": "Ed25519", "x": base64url(public.public_bytes_raw())}
    elif algorithm in CURVES:
        point, size = public.public_numbers(), (public.key_size + 7) // 8
        members = {"kty": "EC", "crv": f"P-{public.key_size}", "x": number(point.x, size), "y": number(point.y, size)}
    else:
        members = {"kty": "RSA", "n": number(public.public_numbers().n), "e": number(public.public_numbers().e)}
    return {"kid": kid, "use": "sig", "alg": algorithm} | members


def sign(key, algorithm, message):
    if algorithm == "EdDSA":
        return key.sign(message)
    digest = HASHES[algorithm[2:]]
    if algorithm.startswith("RS"):
        return key.sign(message, padding.PKCS1v15(), digest)
    if algorithm.startswith("PS"):
        return key.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


class Issuer(Loopback):
    """`status` is what discovery and keys answer with; `hold` is an event they wait for first."""

    def __init__(self, algorithms=ALGORITHMS, **options):
        self.algorithms, self.status, self.hold, self.asked = tuple(algorithms), 200, None, []
        self.generation = 0
        self.rotate()
        super().__init__(**options)

    def rotate(self):
        """New keys under new names; what was signed before no longer verifies with the published set."""
        self.generation += 1
        self.keys = {algorithm: generate(algorithm) for algorithm in self.algorithms}

    def kid(self, algorithm):
        return f"{algorithm}-{self.generation}"

    def answer(self, request):
        self.asked.append(request.path)
        if self.hold is not None:
            while not (self.hold.wait(0.05) or self.stopping.is_set()):
                pass
        if self.status != 200:
            return self.status, {}, b"{}"
        if request.path == "/.well-known/openid-configuration":
            document = {"issuer": self.url, "jwks_uri": self.url + "/jwks", "authorization_endpoint": self.url + "/auth",
                        "token_endpoint": self.url + "/token", "response_types_supported": ["code"],
                        "subject_types_supported": ["public"],
                        "id_token_signing_alg_values_supported": list(self.algorithms)}
        elif request.path == "/jwks":
            document = {"keys": [jwk(key, name, self.kid(name)) for name, key in self.keys.items()]}
        else:
            return 404, {}, b"{}"
        return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()

    def claims(self, **changes):
        now = int(time.time())
        claims = {"iss": self.url, "aud": "sigstore", "iat": now, "exp": now + 600, "sub": "subject-of-the-token",
                  "email": EMAIL, "email_verified": True} | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, algorithm=None, header=None, **changes):
        """A signed token; a claim given as None is left out."""
        algorithm = algorithm or self.algorithms[0]
        head = {"alg": algorithm, "kid": self.kid(algorithm), "typ": "JWT"} | (header or {})
        parts = [base64url(json.dumps(part).encode()) for part in (head, self.claims(**changes))]
        message = ".".join(parts)
        return message + "." + base64url(sign(self.keys[algorithm], algorithm, message.encode()))

    def settings(self, kind="email", **more):
        """This issuer's entry in a Fulcio configuration."""
        return {self.url: {"issuer-url": self.url, "client-id": "sigstore", "type": kind} | more}


GITHUB_CLAIMS = {
    "sub": "repo:acme/arm:ref:refs/heads/main", "email": None, "email_verified": None,
    "job_workflow_ref": "acme/tools/.github/workflows/sign.yml@refs/tags/v4", "job_workflow_sha": "a" * 40,
    "sha": "b" * 40, "event_name": "push", "repository": "acme/arm", "workflow": "release", "ref": "refs/heads/main",
    "runner_environment": "github-hosted", "repository_id": "512204877", "repository_owner": "acme",
    "repository_owner_id": "60118230", "repository_visibility": "public", "run_id": "9182736455", "run_attempt": "2",
    "workflow_ref": "acme/arm/.github/workflows/release.yml@refs/heads/main", "workflow_sha": "c" * 40,
}
KUBERNETES_CLAIMS = {
    "sub": "system:serviceaccount:build:signer", "email": None, "email_verified": None,
    "kubernetes.io": {"namespace": "build", "serviceaccount": {"name": "signer", "uid": "u"}},
}

"""Recorded exchanges of real clients with another server, and what two answers must have in common."""
import base64
import json
import re

from cryptography import x509

NAME = re.compile(r"[0-9a-f]{64}([0-9a-f]{16})?")
# What Protocol Buffers' JSON leaves out when it is zero, and one server wrote all the same.
ZERO = (None, "0")
# What differs from answer to answer in name, not in meaning: digests in front of file names, entries by their hash.
MAPS = ("meta", "targets", "keys", "roles", "hashes", "custom")


def load(path):
    """The recorded requests that were for the signing stack; the others were for a token issuer or for a registry."""
    captured = json.loads(path.read_text())
    return [request for request in captured.get("http_requests", [])
            if not request["path"].startswith(("/oidc/", "/ghtoken"))]


def raw(text):
    """A body as it was on the wire: what isn't text was recorded as base64."""
    return base64.b64decode(text[4:]) if text.startswith("b64:") else text.encode()


def subject(request):
    """Whom the recorded certificate was for; the other server named a subject without an email `urn:sub:…`."""
    pem = request["resp"]
    if pem.startswith("{"):
        pem = json.loads(pem)["signedCertificateEmbeddedSct"]["chain"]["certificates"][0]
    certificate = x509.load_pem_x509_certificate(pem.encode())
    name, = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return name.value.removeprefix("urn:sub:")


def shape(value, within=""):
    """The keys and types of a JSON value. Numbers in strings are told from other strings."""
    if isinstance(value, dict):
        members = {name: shape(member, name) for name, member in value.items() if member not in ZERO}
        if within in MAPS or members and all(NAME.fullmatch(name) for name in members):
            return {"*": next(iter(members.values()), None)}
        return members
    if isinstance(value, list):
        return [shape(value[0], within)] if value else []
    if isinstance(value, str):
        return "number in a string" if re.fullmatch(r"[0-9]+", value) else "string"
    return type(value).__name__


def missing(wanted, got, path=""):
    """What of one shape the other lacks or has of another type, as paths."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return [lack for name, member in wanted.items() for lack in
                (missing(member, got[name], f"{path}.{name}") if name in got else [f"{path}.{name} is not there"])]
    if isinstance(wanted, list) and isinstance(got, list):
        return missing(wanted[0], got[0], path + "[]") if wanted and got else []
    return [] if wanted == got else [f"{path}: {got} instead of {wanted}"]


def surplus(wanted, got, path=""):
    """What the second shape has and the first has not."""
    return [line.removesuffix(" is not there") for line in missing(got, wanted, path) if line.endswith(" is not there")]


def kind(headers, body):
    """What an answer is, so that each kind is compared in its own way."""
    if body[:1] in (b"{", b"["):
        return "json"
    if body.startswith(b"-----BEGIN CERTIFICATE"):
        return f"chain of {'two or more' if len(x509.load_pem_x509_certificates(body)) > 1 else 'one'}"
    if body.startswith(b"-----BEGIN PUBLIC KEY"):
        return "public key"
    return headers.get("Content-Type", "").split(";")[0]

"""Witnesses of C2SP tlog-witness: the program's own as a process, and what an outsider can check of a cosignature."""
import base64
import time

import yaml
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

import mayfly
from transparency import Broken, note_key_id, require, sha256, tree_head_message, vector

ORIGIN = "mayfly.internal/ct"


class Cosigner:
    """A verifier key as tlog-cosignature writes it, read without the program's help."""

    def __init__(self, vkey):
        self.vkey = vkey
        self.name, key_id, encoded = vkey.split("+", 2)
        body = base64.b64decode(encoded, validate=True)
        require(body[:1] == b"\4" and len(body) == 33, "not a key of type 4")
        self.id = sha256(self.name.encode(), b"\n", body)[:4]
        require(self.id.hex() == key_id, "the key id is another key's")
        self.key = ed25519.Ed25519PublicKey.from_public_bytes(body[1:])

    def verify(self, note):
        """The time of this witness's cosignature on a note; Broken if it has none that is good."""
        text, _, lines = note.decode().rpartition("\n\n")
        text += "\n"
        for line in lines.splitlines():
            _, name, encoded = line.split(" ")
            body = base64.b64decode(encoded, validate=True)
            if name != self.name or body[:4] != self.id:
                continue
            seconds = int.from_bytes(body[4:12], "big")
            try:
                self.key.verify(body[12:], f"cosignature/v1\ntime {seconds}\n{text}".encode())
            except InvalidSignature:
                raise Broken("the cosignature does not verify") from None
            require(abs(seconds - time.time()) < 300, "the cosignature's time is not now")
            return seconds
        raise Broken(f"no cosignature by {self.name}")

    def has_signed(self, note):
        try:
            return bool(self.verify(note))
        except Broken:
            return False


class Witness(mayfly.Server):
    """A running `mayfly witness serve`."""

    command = ("witness", "serve")


def make(directory, name, logs):
    """A witness's directory that knows these logs, origin to public key; returns what verifies it."""
    done = mayfly.run("witness", "init", directory, "--name", name)
    assert done.returncode == 0, done.stderr
    known = []
    for number, (origin, key) in enumerate(logs.items()):
        (directory / f"{number}.pub").write_bytes(key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        known.append({"origin": origin, "key": f"{number}.pub"})
    path = directory / "witness.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"logs": known}))
    return Cosigner(done.stdout.strip())


def checkpoint(key, size, root, origin=ORIGIN, signed_size=None):
    """A checkpoint as a log with this private key signs it; `signed_size` makes the signature one of another tree."""
    when = int(time.time() * 1000)
    message = tree_head_message(when, size if signed_size is None else signed_size, root)
    signed = b"\4\3" + vector(2, key.sign(message, ec.ECDSA(hashes.SHA256())))
    body = note_key_id(origin, key.public_key()) + when.to_bytes(8, "big") + signed
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n\n— {origin} {base64.b64encode(body).decode()}\n"


def request(old, proof, note):
    lines = [f"old {old}"] + [base64.b64encode(node).decode() for node in proof]
    return ("\n".join(lines) + "\n\n" + note).encode()

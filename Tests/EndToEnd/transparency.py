"""Certificate Transparency as RFC 6962 and C2SP static-ct-api write it, for judges. Shares no code with the server."""
import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import asn1

EMPTY_ROOT = hashlib.sha256(b"").digest()


class Broken(Exception):
    """Something that the log promised does not hold."""


def require(holds, text):
    if not holds:
        raise Broken(text)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def subject_public_key_info(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def log_id(key):
    return sha256(subject_public_key_info(key))


class Reader:
    """The TLS presentation language (RFC 8446 §3)."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        require(self.at + count <= len(self.data), "structure cut short")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def vector(self, length_size):
        return self.take(self.number(length_size))

    def at_end(self):
        return self.at == len(self.data)

    def end(self, name):
        require(self.at_end(), f"bytes after the {name}")


def vector(length_size, data):
    return len(data).to_bytes(length_size, "big") + data


# RFC 6962 §2.1: the tree.

def leaf_hash(leaf):
    return sha256(b"\0", leaf)


def node_hash(left, right):
    return sha256(b"\1", left, right)


class GrowingTree:
    """Hashes go in one by one; the root of all that went in comes out at any time."""

    def __init__(self):
        self.size, self.stack = 0, []

    def push(self, value):
        self.size += 1
        level = 0
        while self.stack and self.stack[-1][0] == level:
            value = node_hash(self.stack.pop()[1], value)
            level += 1
        self.stack.append((level, value))

    def root(self):
        if not self.stack:
            return EMPTY_ROOT
        value = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            value = node_hash(left, value)
        return value


def root_from_inclusion(leaf, index, size, path):
    """RFC 9162 §2.1.3.2."""
    require(index < size, f"index {index} is not in a tree of {size}")
    at, last, value = index, size - 1, leaf
    for sibling in path:
        require(last > 0, "inclusion proof too long")
        if at & 1 or at == last:
            value = node_hash(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    require(last == 0, "inclusion proof too short")
    return value


def verify_inclusion(leaf, index, size, path, root):
    require(root_from_inclusion(leaf, index, size, path) == root, f"inclusion proof of entry {index} in {size} fails")


def verify_consistency(first, second, first_root, second_root, proof):
    """RFC 9162 §2.1.4.2."""
    where = f"consistency proof from {first} to {second}"
    require(0 < first <= second, where + " makes no sense")
    if first == second:
        return require(not proof and first_root == second_root, where + " fails")
    path = list(proof) if first & (first - 1) else [first_root] + list(proof)
    require(path, where + " is empty")
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for value in path[1:]:
        require(last > 0, where + " is too long")
        if at & 1 or at == last:
            older, newer = node_hash(value, older), node_hash(value, newer)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, value)
        at, last = at >> 1, last >> 1
    require(last == 0 and older == first_root and newer == second_root, where + " fails")


# Signatures.

def verify_signed(key, signed, message, name):
    """DigitallySigned of RFC 5246 §4.7 with SHA-256 and ECDSA, as every Sigstore client expects it."""
    reader = Reader(signed)
    algorithms, signature = reader.take(2), reader.vector(2)
    reader.end(name)
    require(algorithms == b"\4\3", f"{name} is signed with algorithms {algorithms.hex()}, not with ECDSA and SHA-256")
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Broken(f"signature of {name} does not verify") from None


def tree_head_message(timestamp, size, root):
    return b"\0\1" + timestamp.to_bytes(8, "big") + size.to_bytes(8, "big") + root


@dataclass(frozen=True)
class TreeHead:
    size: int
    root: bytes
    timestamp: int


def note_key_id(origin, key):
    """The key id of an RFC6962NoteSignature (static-ct-api, "Checkpoints")."""
    return sha256(origin.encode(), b"\n\5", log_id(key))[:4]


def read_checkpoint(note, key, origin=None):
    """A checkpoint whose signature by the log's key verifies; any other signatures are left alone."""
    text, _, signatures = note.decode("utf-8").partition("\n\n")
    lines = text.split("\n")
    require(len(lines) >= 3, "checkpoint has fewer than three lines")
    name, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    require(str(size) == lines[1] and len(root) == 32, "checkpoint's size or root is malformed")
    require(origin is None or name == origin, f"checkpoint's origin is {name!r}, not {origin!r}")
    require(signatures.endswith("\n"), "checkpoint does not end in a newline")
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        require(dash == "—", "checkpoint's signature line has no em dash")
        body = base64.b64decode(encoded, validate=True)
        if signer == name and body[:4] == note_key_id(name, key):
            timestamp = int.from_bytes(body[4:12], "big")
            verify_signed(key, body[12:], tree_head_message(timestamp, size, root), "the checkpoint")
            return TreeHead(size, root, timestamp)
    raise Broken("checkpoint carries no signature by the log's key")


# Entries.

@dataclass(frozen=True)
class Entry:
    """A TimestampedEntry (RFC 6962 §3.4) with what static-ct-api and get-entries put beside it."""
    timestamp: int
    is_precertificate: bool
    issuer_key_hash: bytes      # empty for a certificate
    signed: bytes               # the certificate, or the to-be-signed part of the precertificate
    extensions: bytes
    precertificate: bytes = b""
    chain: tuple = ()           # SHA-256 of each certificate of the chain, issuer first

    def signed_entry(self):
        return self.issuer_key_hash + vector(3, self.signed)

    def timestamped_entry(self):
        kind = b"\0\1" if self.is_precertificate else b"\0\0"
        return self.timestamp.to_bytes(8, "big") + kind + self.signed_entry() + vector(2, self.extensions)

    def merkle_leaf(self):
        return b"\0\0" + self.timestamped_entry()

    def tile_leaf(self):
        beside = vector(3, self.precertificate) if self.is_precertificate else b""
        return self.timestamped_entry() + beside + vector(2, b"".join(self.chain))

    def leaf_index(self):
        return read_leaf_index(self.extensions)


def read_timestamped_entry(reader):
    timestamp, kind = reader.number(8), reader.number(2)
    require(kind in (0, 1), f"entry type {kind} is unknown")
    issuer_key_hash = reader.take(32) if kind else b""
    return Entry(timestamp, bool(kind), issuer_key_hash, reader.vector(3), reader.vector(2))


def read_data_tile(data):
    reader, entries = Reader(data), []
    while not reader.at_end():
        entry = read_timestamped_entry(reader)
        precertificate = reader.vector(3) if entry.is_precertificate else b""
        chain = reader.vector(2)
        require(len(chain) % 32 == 0, "chain fingerprints are not 32 bytes each")
        prints = tuple(chain[i:i + 32] for i in range(0, len(chain), 32))
        entries.append(Entry(entry.timestamp, entry.is_precertificate, entry.issuer_key_hash, entry.signed,
                             entry.extensions, precertificate, prints))
    return entries


def leaf_index_extension(index):
    return b"\0" + vector(2, index.to_bytes(5, "big"))


def read_leaf_index(extensions):
    """The index in CtExtensions (static-ct-api, "SCT extension"), which must be there exactly once."""
    reader, found = Reader(extensions), []
    while not reader.at_end():
        kind, data = reader.number(1), reader.vector(2)
        if kind == 0:
            require(len(data) == 5, "leaf_index is not five bytes")
            found.append(int.from_bytes(data, "big"))
    require(len(found) == 1, f"{len(found)} leaf_index extensions instead of one")
    return found[0]


def tile_path(kind, index, width=256):
    """The path of a tile below the log's address; `kind` is a level or "data"."""
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03d}")
    return f"tile/{kind}/" + "/".join(parts) + ("" if width == 256 else f".p/{width}")


# Signed certificate timestamps.

@dataclass(frozen=True)
class SignedCertificateTimestamp:
    version: int
    log_id: bytes
    timestamp: int
    extensions: bytes
    signature: bytes            # DigitallySigned

    def encoded(self):
        return (bytes([self.version]) + self.log_id + self.timestamp.to_bytes(8, "big")
                + vector(2, self.extensions) + self.signature)


def read_sct(data):
    reader = Reader(data)
    return SignedCertificateTimestamp(reader.number(1), reader.take(32), reader.number(8), reader.vector(2),
                                      reader.take(len(data) - reader.at))


def embedded_scts(certificate):
    """The SCTs of a certificate in the order of its list (RFC 6962 §3.3)."""
    values = [value for name, _, value, _ in asn1.extensions(asn1.to_be_signed(certificate)) if name == asn1.SCT_LIST]
    require(len(values) <= 1, "more than one SCT list")
    if not values:
        return []
    outer = Reader(asn1.read_only(values[0]).content)
    listed = Reader(outer.vector(2))
    outer.end("SCT list")
    found = []
    while not listed.at_end():
        found.append(read_sct(listed.vector(2)))
    return found


def entry_of(certificate, issuer_key, sct):
    """What the log must hold for a certificate with this SCT inside."""
    tbs = asn1.without_extension(asn1.to_be_signed(certificate), asn1.SCT_LIST)
    return Entry(sct.timestamp, True, sha256(subject_public_key_info(issuer_key)), tbs, sct.extensions)


def sct_message(entry):
    """What an SCT signs (RFC 6962 §3.2)."""
    return b"\0\0" + entry.timestamped_entry()


def check_certificate(certificate, issuer_key, log_key):
    """The entry behind a certificate's one SCT, after the SCT's signature has been verified."""
    scts = embedded_scts(certificate)
    require(len(scts) == 1, f"{len(scts)} SCTs instead of one")
    sct = scts[0]
    require(sct.version == 0, f"SCT version {sct.version}")
    require(sct.log_id == log_id(log_key), "SCT names another log")
    entry = entry_of(certificate, issuer_key, sct)
    verify_signed(log_key, sct.signature, sct_message(entry), "the SCT")
    return entry

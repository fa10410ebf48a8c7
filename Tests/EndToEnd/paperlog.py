"""A certificate log in memory: the foreign log a server may be told to use, and the log that tests the auditor."""
import base64
import json
import time
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

import asn1
from authorities import der
from loopback import Loopback
from transparency import (Entry, GrowingTree, SignedCertificateTimestamp, leaf_hash, leaf_index_extension, log_id,
                          node_hash, note_key_id, sct_message, sha256, subject_public_key_info, tile_path,
                          tree_head_message, vector)


def split(size):
    """The largest power of two below `size` (RFC 6962 §2.1)."""
    return 1 << (size - 1).bit_length() - 1


def root(hashes_):
    tree = GrowingTree()
    for value in hashes_:
        tree.push(value)
    return tree.root()


def inclusion_path(index, values):
    if len(values) <= 1:
        return []
    k = split(len(values))
    if index < k:
        return inclusion_path(index, values[:k]) + [root(values[k:])]
    return inclusion_path(index - k, values[k:]) + [root(values[:k])]


def consistency_path(first, values, whole=True):
    if first == len(values):
        return [] if whole else [root(values)]
    k = split(len(values))
    if first <= k:
        return consistency_path(first, values[:k], whole) + [root(values[k:])]
    return consistency_path(first - k, values[k:], False) + [root(values[:k])]


class PaperLog:
    """Entries in a list. Calling it with a path answers the read side; `wrong` names one defect to show."""

    def __init__(self, origin="paper.example/log", wrong=None):
        self.key, self.origin, self.wrong = ec.generate_private_key(ec.SECP256R1()), origin, wrong
        self.entries, self.issuers, self.head_size = [], {}, None

    @property
    def public_key(self):
        return self.key.public_key()

    def sign(self, message):
        return b"\4\3" + vector(2, self.key.sign(message, ec.ECDSA(hashes.SHA256())))

    def add_precertificate(self, precertificate, chain, index=None, timestamp=None):
        """Logs it and returns the encoded SCT."""
        tbs = asn1.without_extension(asn1.to_be_signed(precertificate), asn1.POISON)
        prints = []
        for certificate in chain:
            prints.append(sha256(der(certificate)))
            self.issuers[prints[-1]] = der(certificate)
        index = len(self.entries) if index is None else index
        timestamp = timestamp or int(time.time() * 1000)
        entry = Entry(timestamp, True, sha256(subject_public_key_info(chain[0].public_key())), tbs,
                      leaf_index_extension(index), precertificate, tuple(prints))
        self.entries.append(entry)
        signed = self.sign(b"another message" if self.wrong == "signature" else sct_message(entry))
        identifier = bytes(32) if self.wrong == "id" else log_id(self.public_key)
        return SignedCertificateTimestamp(0, identifier, timestamp, entry.extensions, signed).encoded()

    def hashes(self, size=None):
        return [leaf_hash(entry.merkle_leaf()) for entry in self.entries[:size]]

    # The read side.

    def size(self):
        return len(self.entries) if self.head_size is None else self.head_size

    def checkpoint(self):
        size, timestamp = self.size(), int(time.time() * 1000)
        value = root(self.hashes(size))
        signed = timestamp.to_bytes(8, "big") + self.sign(tree_head_message(timestamp, size, value))
        line = base64.b64encode(note_key_id(self.origin, self.public_key) + signed).decode()
        body = f"{self.origin}\n{size}\n{base64.b64encode(value).decode()}\n"
        return f"{body}\n— {self.origin} {line}\n".encode()

    def tiles(self):
        """Every tile of the current tree by its path."""
        row, level, found = self.hashes(self.size()), 0, {}
        for at in range(0, len(row), 256):
            part = self.entries[at:min(at + 256, len(row))]
            found[tile_path("data", at // 256, len(part))] = b"".join(entry.tile_leaf() for entry in part)
        while row:
            for at in range(0, len(row), 256):
                part = row[at:at + 256]
                found[tile_path(level, at // 256, len(part))] = b"".join(part)
            for _ in range(8):
                row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
            level += 1
        return found

    def extra_data(self, entry):
        chain = b"".join(vector(3, self.issuers[fingerprint]) for fingerprint in entry.chain)
        return (vector(3, entry.precertificate) if entry.is_precertificate else b"") + vector(3, chain)

    def leaf(self, index):
        entry, text = self.entries[index], lambda data: base64.b64encode(data).decode()
        return {"leaf_input": text(entry.merkle_leaf()), "extra_data": text(self.extra_data(entry))}

    def rfc6962(self, name, query):
        text, size = (lambda data: base64.b64encode(data).decode()), self.size()
        number = lambda key: int(query[key][0])
        if name == "get-sth":
            timestamp, value = int(time.time() * 1000), root(self.hashes(size))
            return {"tree_size": size, "timestamp": timestamp, "sha256_root_hash": text(value),
                    "tree_head_signature": text(self.sign(tree_head_message(timestamp, size, value)))}
        if name == "get-entries":
            return {"entries": [self.leaf(i) for i in range(number("start"), min(number("end") + 1, size))]}
        if name == "get-sth-consistency":
            return {"consistency": [text(x) for x in consistency_path(number("first"), self.hashes(number("second")))]}
        if name == "get-roots":
            return {"certificates": [text(d) for d in self.issuers.values()]}
        values = self.hashes(number("tree_size"))
        if name == "get-proof-by-hash":
            index = values.index(base64.b64decode(query["hash"][0]))
            return {"leaf_index": index, "audit_path": [text(x) for x in inclusion_path(index, values)]}
        if name == "get-entry-and-proof":
            index = number("leaf_index")
            return self.leaf(index) | {"audit_path": [text(x) for x in inclusion_path(index, values)]}
        raise KeyError(name)

    def __call__(self, path):
        parts = urllib.parse.urlsplit(path)
        if parts.path == "/ct/checkpoint":
            return 200, self.checkpoint()
        if parts.path.startswith("/ct/v1/"):
            answer = self.rfc6962(parts.path[len("/ct/v1/"):], urllib.parse.parse_qs(parts.query))
            return 200, json.dumps(answer).encode()
        if parts.path.startswith("/ct/issuer/"):
            return 200, self.issuers[bytes.fromhex(parts.path.rsplit("/", 1)[1])]
        tile = self.tiles().get(parts.path[len("/ct/"):])
        return (404, b"") if tile is None else (200, tile)

    # The write side of RFC 6962.

    def add_pre_chain(self, body):
        chain = [base64.b64decode(text) for text in json.loads(body)["chain"]]
        parents = [x509.load_der_x509_certificate(data) for data in chain[1:]]
        x509.load_der_x509_certificate(chain[0]).verify_directly_issued_by(parents[0])
        encoded = self.add_precertificate(chain[0], parents)
        text = lambda data: base64.b64encode(data).decode()
        extensions = int.from_bytes(encoded[41:43], "big")
        return {"sct_version": 0, "id": text(encoded[1:33]), "timestamp": int.from_bytes(encoded[33:41], "big"),
                "extensions": text(encoded[43:43 + extensions]), "signature": text(encoded[43 + extensions:])}


class PaperLogServer(Loopback):
    """The log over HTTP. `failures` is a list of (status, headers) to answer before the log itself does."""

    def __init__(self, log, **options):
        self.log, self.failures, self.requests = log, [], []
        super().__init__(**options)

    def answer(self, request):
        self.requests.append(request)
        if request.method == "POST" and request.path.endswith("/ct/v1/add-pre-chain"):
            if self.failures:
                status, headers = self.failures.pop(0) if len(self.failures) > 1 else self.failures[0]
                if status is not None:
                    return status, headers, b"the log's own words: secret-of-the-log"
                self.failures.clear()
            return 200, {"Content-Type": "application/json"}, json.dumps(self.log.add_pre_chain(request.body)).encode()
        status, body = self.log(request.path)
        return status, {}, body

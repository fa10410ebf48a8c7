#!/usr/bin/env python3
"""Reads a whole certificate log from outside and says whether it kept its promises.

    auditor.py URL log.pub [CERTIFICATE.pem …]

URL is the server's address; the log is read below /ct/ (tiles) and /ct/v1/ (RFC 6962). Shares no code with the server.
"""
import base64
import http.client
import json
import sys
import urllib.parse

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

import asn1
from transparency import (Broken, GrowingTree, Reader, TreeHead, check_certificate, leaf_hash, log_id, node_hash,
                          read_checkpoint, read_data_tile, read_timestamped_entry, require, sha256,
                          subject_public_key_info, tile_path, tree_head_message, verify_consistency, verify_inclusion,
                          verify_signed)

ENTRIES_PER_REQUEST = 256
PROOFS = 64                     # proofs of each kind asked for per audit; the tree itself is always rebuilt whole


class HTTPSource:
    """Answers of a running server: path to (status, body)."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)

    def __call__(self, path):
        try:
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (ConnectionError, http.client.HTTPException):
            self.connection.close()
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            return answer.status, answer.read()


class Auditor:
    """One log over its whole life: every tree head ever seen must stay true in each later audit."""

    def __init__(self, source, key, origin=None):
        self.source, self.key, self.origin = source, key, origin
        self.heads = set()
        self.entries, self.hashes = [], []
        self.examined = set()           # leaf hashes of entries whose contents have been judged
        self.issuers = {}

    # What the log answers.

    def get(self, path):
        status, body = self.source(path)
        require(status == 200, f"GET {path} answers {status}")
        return body

    def get_json(self, path):
        return json.loads(self.get(path))

    def note(self, checkpoint):
        """Keeps a checkpoint somebody saw, so that every later audit is measured against it."""
        head = read_checkpoint(checkpoint, self.key, self.origin)
        self.heads.add(head)
        return head

    def tile(self, kind, index, width):
        """A tile of at least `width` entries; a partial tile may give way to the full one."""
        path = "/ct/" + tile_path(kind, index, width)
        status, body = self.source(path)
        if status == 404 and width < 256:
            path = "/ct/" + tile_path(kind, index)
            status, body = self.source(path)
        require(status == 200, f"GET {path} answers {status}")
        return body

    # The audit.

    def audit(self, certificates=(), rfc6962=True):
        """Judges the log as it is now; returns its tree head. Each certificate is (leaf DER, issuer's key)."""
        self.issuers = {}
        head = self.note(self.get("/ct/checkpoint"))
        self.read_entries(head.size)
        self.check_heads(head)
        self.check_hash_tiles(head.size)
        self.check_entries()
        for certificate, issuer_key in certificates:
            self.check_included(certificate, issuer_key)
        if rfc6962:
            self.check_rfc6962(head, certificates)
        return head

    def read_entries(self, size):
        fresh = []
        for index in range((size + 255) // 256):
            width = min(256, size - 256 * index)
            tile = read_data_tile(self.tile("data", index, width))
            require(len(tile) >= width, f"data tile {index} holds {len(tile)} entries instead of {width}")
            fresh += tile[:width]
        hashes = [leaf_hash(entry.merkle_leaf()) for entry in fresh]
        known = min(size, len(self.hashes))
        require(hashes[:known] == self.hashes[:known], "an entry seen earlier is another one now")
        if size >= len(self.hashes):
            self.entries, self.hashes = fresh, hashes

    def check_heads(self, latest):
        """Every tree head ever seen is a prefix of the tree of the latest one."""
        tallest = max(head.size for head in self.heads)
        require(latest.size >= tallest, f"the log shrank from {tallest} to {latest.size} entries")
        wanted = {}
        for head in self.heads:
            require(wanted.setdefault(head.size, head.root) == head.root, f"two trees of size {head.size} are signed")
        tree = GrowingTree()
        for value in [None] + self.hashes[:latest.size]:
            if value is not None:
                tree.push(value)
            if tree.size in wanted:
                require(wanted[tree.size] == tree.root(), f"signed root of {tree.size} entries is not the tree's root")

    def check_hash_tiles(self, size):
        """Each hash tile holds exactly the hashes that follow from the entries (C2SP tlog-tiles)."""
        row, level = self.hashes[:size], 0
        while row:
            for index in range((len(row) + 255) // 256):
                expected = row[256 * index:256 * index + 256]
                tile = self.tile(level, index, len(expected))
                require(tile[:32 * len(expected)] == b"".join(expected), f"hash tile {level}/{index} is wrong")
            for _ in range(8):
                row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
            level += 1

    def check_entries(self):
        serials = set()
        for index, entry in enumerate(self.entries):
            where = f"entry {index}"
            require(entry.leaf_index() == index, f"{where} calls itself {entry.leaf_index()}")
            serial = self.serial(entry)
            require(serial not in serials, f"{where} repeats a serial number")
            serials.add(serial)
            chain = [self.issuer(fingerprint) for fingerprint in entry.chain]
            if self.hashes[index] not in self.examined:
                self.check_contents(entry, chain, where)
                self.examined.add(self.hashes[index])

    @staticmethod
    def serial(entry):
        """Issuer and serial number, which together occur once in a log, or twice: precertificate and certificate."""
        tbs = entry.signed if entry.is_precertificate else asn1.to_be_signed(entry.signed)
        fields = asn1.read_only(tbs).children()
        return entry.is_precertificate, fields[1].content, fields[3].whole

    def issuer(self, fingerprint):
        if fingerprint not in self.issuers:
            der = self.get("/ct/issuer/" + fingerprint.hex())
            require(sha256(der) == fingerprint, f"issuer {fingerprint.hex()} has another fingerprint")
            self.issuers[fingerprint] = x509.load_der_x509_certificate(der)
        return self.issuers[fingerprint]

    @staticmethod
    def check_contents(entry, chain, where):
        """What was logged is a (pre)certificate signed by the chain beside it."""
        submitted = x509.load_der_x509_certificate(entry.precertificate or entry.signed)
        for child, parent in zip([submitted] + chain, chain):
            try:
                child.verify_directly_issued_by(parent)
            except (InvalidSignature, ValueError, TypeError):
                raise Broken(f"{where}: chain does not hold together") from None
        if entry.is_precertificate:
            require(chain, f"{where} has no chain")
            require(entry.issuer_key_hash == sha256(subject_public_key_info(chain[0].public_key())),
                    f"{where}: issuer key hash is not that of the chain")
            tbs = asn1.to_be_signed(entry.precertificate)
            poison = [x for x in asn1.extensions(tbs) if x[0] == asn1.POISON]
            require([x[1:3] for x in poison] == [(True, b"\5\0")], f"{where}: precertificate is not poisoned once")
            require(asn1.without_extension(tbs, asn1.POISON) == entry.signed,
                    f"{where}: precertificate and leaf differ")

    def check_included(self, certificate, issuer_key):
        """The log holds what the certificate's SCT promises, at the index the SCT names."""
        entry = check_certificate(certificate, issuer_key, self.key)
        index = entry.leaf_index()
        require(index < len(self.entries), f"entry {index} was acknowledged and is lost")
        require(self.entries[index].merkle_leaf() == entry.merkle_leaf(), f"entry {index} is not the certificate's")

    # The same log by its RFC 6962 interface.

    def check_rfc6962(self, head, certificates):
        sth = self.get_json("/ct/v1/get-sth")
        size, root = sth["tree_size"], base64.b64decode(sth["sha256_root_hash"])
        verify_signed(self.key, base64.b64decode(sth["tree_head_signature"]),
                      tree_head_message(sth["timestamp"], size, root), "the tree head")
        require(size >= head.size, "get-sth is older than the checkpoint")
        self.heads.add(TreeHead(size, root, sth["timestamp"]))
        if size > head.size:
            self.read_entries(size)
            self.check_heads(TreeHead(size, root, sth["timestamp"]))
        self.check_get_entries(size)
        older_heads = sorted({known.size: known for known in self.heads if 0 < known.size <= size}.items())
        for _, older in older_heads[::max(1, len(older_heads) // PROOFS)]:
            answer = self.get_json(f"/ct/v1/get-sth-consistency?first={older.size}&second={size}")
            proof = [base64.b64decode(value) for value in answer["consistency"]]
            verify_consistency(older.size, size, older.root, root, proof)
        step = max(1, size // PROOFS)
        for index in sorted(set(range(0, size, step)) | ({size - 1} if size else set())):
            self.check_proofs(index, size, root)
        roots = [base64.b64decode(c) for c in self.get_json("/ct/v1/get-roots")["certificates"]]
        require(roots, "get-roots is empty")
        for root_der in roots:
            x509.load_der_x509_certificate(root_der)

    def check_get_entries(self, size):
        at = 0
        while at < size:
            end = min(size, at + ENTRIES_PER_REQUEST) - 1
            page = self.get_json(f"/ct/v1/get-entries?start={at}&end={end}")["entries"]
            require(0 < len(page) <= end - at + 1, f"get-entries gives {len(page)} entries for {at} to {end}")
            for row in page:
                self.check_leaf(at, base64.b64decode(row["leaf_input"]), base64.b64decode(row["extra_data"]))
                at += 1

    def check_leaf(self, index, leaf_input, extra_data):
        entry = self.entries[index]
        require(leaf_input == entry.merkle_leaf(), f"get-entries and data tiles differ at {index}")
        reader = Reader(leaf_input[2:])
        read_timestamped_entry(reader)
        reader.end("leaf")
        extra = Reader(extra_data)
        if entry.is_precertificate:
            require(extra.vector(3) == entry.precertificate, f"extra_data of entry {index} has another precertificate")
        chain, prints = Reader(extra.vector(3)), []
        extra.end("extra_data")
        while not chain.at_end():
            prints.append(sha256(chain.vector(3)))
        require(tuple(prints) == entry.chain, f"extra_data of entry {index} has another chain")

    def check_proofs(self, index, size, root):
        value = self.hashes[index]
        query = urllib.parse.urlencode({"hash": base64.b64encode(value).decode(), "tree_size": size})
        answer = self.get_json("/ct/v1/get-proof-by-hash?" + query)
        require(answer["leaf_index"] == index, f"get-proof-by-hash finds entry {index} at {answer['leaf_index']}")
        verify_inclusion(value, index, size, [base64.b64decode(x) for x in answer["audit_path"]], root)
        answer = self.get_json(f"/ct/v1/get-entry-and-proof?leaf_index={index}&tree_size={size}")
        self.check_leaf(index, base64.b64decode(answer["leaf_input"]), base64.b64decode(answer["extra_data"]))
        verify_inclusion(value, index, size, [base64.b64decode(x) for x in answer["audit_path"]], root)


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    with open(arguments[1], "rb") as file:
        key = serialization.load_pem_public_key(file.read())
    certificates = []
    for name in arguments[2:]:
        with open(name, "rb") as file:
            chain = x509.load_pem_x509_certificates(file.read())
        certificates.append((chain[0].public_bytes(serialization.Encoding.DER), chain[1].public_key()))
    auditor = Auditor(HTTPSource(arguments[0]), key)
    try:
        head = auditor.audit(certificates)
    except (Broken, ValueError, KeyError, TypeError, OSError) as problem:
        sys.exit(f"the log of {arguments[0]} is broken: {problem}")
    print(f"log {log_id(key).hex()}: {head.size} entries, root {head.root.hex()}, "
          f"{len(certificates)} certificates found in it")


if __name__ == "__main__":
    main(sys.argv[1:])

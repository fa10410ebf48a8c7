"""The record log from outside: requests as Rekor v2 takes them, answers judged, and the whole tree read. Shares no code
with the server."""
import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

import client
from transparency import GrowingTree, leaf_hash, node_hash, require, sha256, tile_path, verify_inclusion

ENTRIES = "/api/v2/log/entries"
DIGESTS = {"p256": hashlib.sha256, "p384": hashlib.sha384, "p521": hashlib.sha512}
DETAILS = {"p256": "PKIX_ECDSA_P256_SHA_256", "p384": "PKIX_ECDSA_P384_SHA_384", "p521": "PKIX_ECDSA_P521_SHA_512",
           "rsa2048": "PKIX_RSA_PKCS1V15_2048_SHA256", "rsa3072": "PKIX_RSA_PKCS1V15_3072_SHA256",
           "rsa4096": "PKIX_RSA_PKCS1V15_4096_SHA256"}
NAMES = {32: "SHA2_256", 48: "SHA2_384", 64: "SHA2_512"}


def text(data):
    return base64.b64encode(data).decode()


def request(artifact, kind="p256", key=None, certificate=None):
    """A request for an entry as a mapping, signed by a new key unless one is given."""
    key = key or client.generate(kind)
    verifier = {"publicKey": {"rawBytes": text(client.public_der(key))}}
    if certificate is not None:
        verifier = {"x509Certificate": {"rawBytes": text(certificate.public_bytes(serialization.Encoding.DER))}}
    return {"hashedRekordRequestV002": {
        "digest": text(DIGESTS.get(kind, hashlib.sha256)(artifact).digest()),
        "signature": {"content": text(client.prove(key, artifact.decode())),
                      "verifier": verifier | {"keyDetails": DETAILS[kind]}}}}


def body_of(sent):
    """The leaf that clients make of what they sent: RFC 8785 by hand, for all of it is ASCII."""
    inner = sent["hashedRekordRequestV002"]
    digest = inner["digest"]
    data = {"algorithm": NAMES[len(base64.b64decode(digest))], "digest": digest}
    spec = {"hashedRekordV002": {"data": data, "signature": inner["signature"]}}
    return json.dumps({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": spec},
                      sort_keys=True, separators=(",", ":")).encode()


def post(url, sent, connection=None, **headers):
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    if connection:
        return connection.send("POST", ENTRIES, body, **headers)
    return client.send(url, "POST", ENTRIES, body, **headers)


def verify(key, signature, message):
    """A signature as clients verify it."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        require(False, "a checkpoint's signature is wrong")


def read_checkpoint(note, key, origin="127.0.0.1"):
    """Size and root of a signed note (C2SP tlog-checkpoint), with Sigstore's key id of an ECDSA key."""
    head, _, lines = note.decode().partition("\n\n")
    lines = lines.splitlines()
    require(len(lines) == 1 and lines[0].startswith(f"\u2014 {origin} "), "the checkpoint isn't signed under its origin")
    signature = base64.b64decode(lines[0].split(" ")[2], validate=True)
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    require(signature[:4] == sha256(info)[:4], "the checkpoint's key id is another key's")
    verify(key, signature[4:], (head + "\n").encode())
    written, size, root = head.split("\n")
    require(written == origin, "the checkpoint is of another log")
    return int(size), base64.b64decode(root, validate=True)


def check_answer(answer, sent, key, origin="127.0.0.1"):
    """Judges an answer of 201 as clients do; returns (index, leaf hash, checkpoint)."""
    require(answer.status == 201, f"status {answer.status}: {answer.body}")
    entry = answer.json()
    require(set(entry) == {"logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "inclusionProof",
                           "canonicalizedBody"}, "fields are missing, or too many")
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    require(base64.b64decode(entry["logId"]["keyId"]) == sha256(info), "the log id is another key's")
    require(entry["kindVersion"] == {"kind": "hashedrekord", "version": "0.0.2"}, "another kind of entry")
    require(entry["integratedTime"] == "0" and entry["inclusionPromise"] is None, "a time or promise in Rekor v2")
    body = base64.b64decode(entry["canonicalizedBody"])
    require(body == body_of(sent), "the leaf isn't what was sent")
    proof = entry["inclusionProof"]
    size, root = read_checkpoint(proof["checkpoint"]["envelope"].encode(), key, origin)
    require(proof["treeSize"] == str(size) and base64.b64decode(proof["rootHash"]) == root, "proof of another tree")
    require(proof["logIndex"] == entry["logIndex"] and int(entry["logIndex"]) >= 1, "index")
    require(len(proof["hashes"]) >= 1, "a proof without hashes")
    index = int(entry["logIndex"])
    verify_inclusion(leaf_hash(body), index, size, [base64.b64decode(value) for value in proof["hashes"]], root)
    return index, leaf_hash(body), proof["checkpoint"]["envelope"].encode()


class RecordAuditor:
    """A record log over its whole life: every checkpoint ever seen must stay true."""

    def __init__(self, url, key, origin="127.0.0.1"):
        self.url, self.key, self.origin, self.heads = url, key, origin, set()

    def get(self, path):
        answer = client.get(self.url, "/api/v2/" + path)
        require(answer.status == 200, f"GET {path} answers {answer.status}")
        return answer.body

    def note(self, checkpoint):
        head = read_checkpoint(checkpoint, self.key, self.origin)
        self.heads.add(head)
        return head

    def audit(self, acknowledged=()):
        """Reads everything; returns the bodies. Each acknowledged is (index, leaf hash, checkpoint)."""
        for _, _, checkpoint in acknowledged:
            self.note(checkpoint)
        size, root = self.note(self.get("checkpoint"))
        bodies = []
        for tile in range((size + 255) // 256):
            bodies += self.bundle(tile, min(256, size - 256 * tile))
        leaves = [leaf_hash(body) for body in bodies]
        self.check_heads(leaves, size, root)
        self.check_tiles(leaves)
        for index, leaf, _ in acknowledged:
            require(leaves[index] == leaf, f"acknowledged entry {index} is another one")
        require(len(set(leaves)) == len(leaves), "an entry is there twice")
        return bodies

    def bundle(self, tile, width):
        data, bodies = self.get(tile_path("entries", tile, width)), []
        while data:
            count = int.from_bytes(data[:2], "big")
            bodies.append(data[2:2 + count])
            require(len(bodies[-1]) == count, "an entry bundle is cut short")
            data = data[2 + count:]
        require(len(bodies) == width, f"entry bundle {tile} holds {len(bodies)} instead of {width}")
        return bodies

    def check_heads(self, leaves, size, root):
        roots, tree = {}, GrowingTree()
        for seen_size, seen_root in self.heads:
            require(seen_size <= size, f"the log shrank from {seen_size} to {size}")
            require(roots.setdefault(seen_size, seen_root) == seen_root, f"two trees of size {seen_size} are signed")
        for count, leaf in enumerate(leaves, 1):
            tree.push(leaf)
            require(roots.get(count, tree.root()) == tree.root(), f"the tree of size {count} was another one")
        require(tree.root() == root, "the entries don't lead to the root")

    def check_tiles(self, hashes_):
        level = 0
        while hashes_:
            for tile in range((len(hashes_) + 255) // 256):
                expected = hashes_[256 * tile:256 * tile + 256]
                found = self.get(tile_path(str(level), tile, len(expected)))
                require(found == b"".join(expected), f"tile {level}/{tile} isn't made of what is below it")
            full = len(hashes_) // 256
            hashes_ = [root_of(hashes_[256 * tile:256 * tile + 256]) for tile in range(full)]
            level += 1


def root_of(hashes_):
    while len(hashes_) > 1:
        hashes_ = [node_hash(*hashes_[at:at + 2]) for at in range(0, len(hashes_), 2)]
    return hashes_[0]

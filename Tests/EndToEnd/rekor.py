"""Rekor's first API from outside: what its clients propose, and answers judged as they judge them. Shares no code with the
server."""
import base64
import hashlib
import json

from cryptography.hazmat.primitives import serialization

import client
from records import DIGESTS, text, verify
from transparency import leaf_hash, require, sha256, verify_inclusion

LOG = "/api/v1/log"
ENTRIES = LOG + "/entries"
NAMES = {"p256": "sha256", "p384": "sha384", "p521": "sha512"}


def key_info(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def pem_of(key, certificate=None):
    return certificate.public_bytes(serialization.Encoding.PEM) if certificate else client.public_pem(key)


def hashedrekord(artifact, kind="p256", key=None, certificate=None):
    """A proposal as a mapping, signed by a new key unless one is given."""
    key = key or client.generate(kind)
    value = DIGESTS.get(kind, hashlib.sha256)(artifact.encode()).hexdigest()
    return {"kind": "hashedrekord", "apiVersion": "0.0.1", "spec": {
        "data": {"hash": {"algorithm": NAMES.get(kind, "sha256"), "value": value}},
        "signature": {"content": text(client.prove(key, artifact)), "publicKey": {"content": text(pem_of(key, certificate))}}}}


def dsse(payload, keys, payload_type="application/vnd.in-toto+json"):
    """A proposal of an envelope with a signature by each key."""
    message = f"DSSEv1 {len(payload_type)} {payload_type} {len(payload)} {payload}"
    envelope = {"payload": text(payload.encode()), "payloadType": payload_type,
                "signatures": [{"sig": text(client.prove(key, message))} for key in keys]}
    return {"kind": "dsse", "apiVersion": "0.0.1", "spec": {"proposedContent": {
        "envelope": json.dumps(envelope), "verifiers": [text(pem_of(key)) for key in keys]}}}


def body_of(proposal):
    """The leaf that Rekor makes of a proposal: RFC 8785 by hand, for all of it is ASCII."""
    spec = proposal["spec"]
    if proposal["kind"] == "dsse":
        content = spec["proposedContent"]
        envelope = json.loads(content["envelope"])
        hashed = lambda data: {"algorithm": "sha256", "value": hashlib.sha256(data).hexdigest()}
        pairs = sorted(zip([one["sig"] for one in envelope["signatures"]], content["verifiers"]))
        spec = {"envelopeHash": hashed(content["envelope"].encode()),
                "payloadHash": hashed(base64.b64decode(envelope["payload"])),
                "signatures": [{"signature": signature, "verifier": verifier} for signature, verifier in pairs]}
    return json.dumps({"apiVersion": "0.0.1", "kind": proposal["kind"], "spec": spec},
                      sort_keys=True, separators=(",", ":")).encode()


def propose(url, proposal, connection=None):
    body = proposal if isinstance(proposal, bytes) else json.dumps(proposal).encode()
    if connection:
        return connection.send("POST", ENTRIES, body)
    return client.send(url, "POST", ENTRIES, body)


def ask(url, path, question=None):
    """What a question is answered with."""
    if question is None:
        answer = client.get(url, path)
    else:
        answer = client.send(url, "POST", path, json.dumps(question).encode())
    require(answer.status == 200, f"status {answer.status}: {answer.body}")
    return answer.json()


def tree_id(url):
    return int(ask(url, LOG)["treeID"])


def read_checkpoint(note, key, tree, host="127.0.0.1"):
    """Size and root of a signed note whose origin names a tree of Rekor v1, signed in the name of the host."""
    head, _, lines = note.partition("\n\n")
    written, size, root = head.split("\n")
    require(written == f"{host} - {tree}", "the checkpoint is of another tree")
    lines = lines.splitlines()
    require(len(lines) == 1 and lines[0].startswith(f"\u2014 {host} "), "the checkpoint isn't signed by its host")
    signature = base64.b64decode(lines[0].split(" ")[2], validate=True)
    require(signature[:4] == sha256(key_info(key))[:4], "the checkpoint's key id is another key's")
    verify(key, signature[4:], (head + "\n").encode())
    return int(size), base64.b64decode(root, validate=True)


def check_entry(answer, key, body=None):
    """Judges an entry as rekor-cli does: promise, proof, checkpoint; returns (id, index, time)."""
    (name, entry), = answer.items()
    require(set(entry) == {"body", "integratedTime", "logID", "logIndex", "verification"}, "members")
    stored = base64.b64decode(entry["body"], validate=True)
    require(body is None or stored == body, "the leaf isn't what was proposed")
    require(entry["logID"] == sha256(key_info(key)).hex(), "the log id is another key's")
    signed = {part: entry[part] for part in ("body", "integratedTime", "logID", "logIndex")}
    promise = base64.b64decode(entry["verification"]["signedEntryTimestamp"], validate=True)
    verify(key, promise, json.dumps(signed, sort_keys=True, separators=(",", ":")).encode())
    proof = entry["verification"]["inclusionProof"]
    require(set(proof) == {"checkpoint", "hashes", "logIndex", "rootHash", "treeSize"}, "members of the proof")
    tree, leaf = int(name[:16], 16), leaf_hash(stored)
    require(len(name) == 80 and 0 < tree < 1 << 63 and bytes.fromhex(name[16:]) == leaf, "the name isn't the leaf's")
    size, root = read_checkpoint(proof["checkpoint"], key, tree)
    require(proof["treeSize"] == size and bytes.fromhex(proof["rootHash"]) == root, "proof of another tree")
    require(proof["logIndex"] == entry["logIndex"], "index")
    verify_inclusion(leaf, proof["logIndex"], size, [bytes.fromhex(value) for value in proof["hashes"]], root)
    return name, entry["logIndex"], entry["integratedTime"]


def check_logged(answer, proposal, key):
    """Judges the answer to a proposal; returns (id, index, time)."""
    require(answer.status == 201, f"status {answer.status}: {answer.body}")
    found = check_entry(answer.json(), key, body_of(proposal))
    require(answer.headers["ETag"] == found[0], "ETag")
    require(answer.headers["Location"] == f"{ENTRIES}/{found[0]}", "Location")
    return found

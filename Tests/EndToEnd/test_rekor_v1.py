"""The record log as Rekor v1's clients see it (gitsign, rekor-cli, npm, cosign 2): what it takes, shows, finds and proves."""
import base64
import copy
import hashlib
import itertools
import json
import shutil
import time

import pytest
from cryptography.hazmat.primitives import serialization

import captures
import client
import mayfly
import rekor
from load import in_parallel
from postgres import Postgres
from records import RecordAuditor, post, request
from rekor import ENTRIES, LOG, ask, check_entry, check_logged, dsse, hashedrekord, propose, tree_id
from transparency import leaf_hash, verify_consistency

DATA = mayfly.ROOT / "Tests/EndToEnd/data/rekor-v1"
RECORDED = ["cosign-sign-blob", "cosign-attest-blob", "py-sign", "py-attest", "gitsign-commit"]
STATEMENT = '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"%064x"}}]}'
INDEX = "/api/v1/index/retrieve"
RETRIEVE = ENTRIES + "/retrieve"
numbers = itertools.count(1)


def key_of(directory):
    return serialization.load_pem_public_key((directory / "record-log/log.pub").read_bytes())


def fresh(kind="p256", **parts):
    """A proposal that no test has sent before."""
    return hashedrekord(f"artifact {next(numbers)}", kind, **parts)


def add(server, proposal):
    return check_logged(propose(server.url, proposal), proposal, key_of(server.directory))


def refused(answer, message, status=400):
    assert answer.status == status, answer.body
    assert answer.json()["code"] == status and message in answer.json()["message"], answer.body


def verifier_of(proposal):
    return proposal["spec"]["signature"]["publicKey"]["content"]


# What was recorded with the real clients.

@pytest.mark.parametrize("name", RECORDED)
def test_recorded_request_is_accepted_and_answered_in_the_recorded_shape(deployment, issuer, name):
    server = deployment.serve(deployment.init(), issuer.settings())
    recorded = json.loads((DATA / f"{name}.json").read_text())
    answer = propose(server.url, recorded["request"].encode())
    assert answer.status == recorded["status"]
    body = base64.b64decode(next(iter(json.loads(recorded["answer"]).values()))["body"])
    identity, index, _ = check_entry(answer.json(), key_of(server.directory), body)
    assert index == 1 and identity[16:] == recorded["headers"]["ETag"][16:]
    assert answer.headers["ETag"] == identity and answer.headers["Location"] == f"{ENTRIES}/{identity}"
    assert answer.headers["Content-Type"] == recorded["headers"]["Content-Type"]
    wanted, got = (captures.shape(json.loads(body)) for body in (recorded["answer"], answer.body))
    assert not captures.missing(wanted, got) and not captures.surplus(wanted, got)


def test_gitsign_finds_the_commit_that_it_logged(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    for name in RECORDED:
        logged = propose(server.url, json.loads((DATA / f"{name}.json").read_text())["request"].encode())
    recorded = json.loads((DATA / "gitsign-search.json").read_text())
    found = client.send(server.url, "POST", INDEX, recorded["request"].encode())
    assert found.json() == [logged.headers["ETag"]]
    # gitsign asks for the leaf hash alone.
    shown = ask(server.url, f"{ENTRIES}/{found.json()[0][16:]}")
    assert check_entry(shown, key_of(server.directory))[0] == found.json()[0]


# New entries.

@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa2048", "rsa4096"])
def test_every_kind_of_key_is_logged_and_proven(server, kind):
    add(server, fresh(kind))


@pytest.mark.parametrize("kinds", [["p256"], ["p384"], ["rsa2048"], ["ed25519"], ["p256", "p256", "p521", "ed25519"]],
                         ids=" ".join)
def test_envelopes_are_logged_with_every_signature(server, kinds):
    add(server, dsse(STATEMENT % next(numbers), [client.generate(kind) for kind in kinds]))


def test_certificate_that_was_just_issued_is_logged_and_found(server, issuer):
    key = client.generate()
    token = issuer.token(email="somebody@example.com", sub="somebody")
    leaf = client.sign_v2(server.url, token, key, challenge="somebody@example.com").certificates()[0]
    identity, _, logged = add(server, fresh(key=key, certificate=leaf))
    assert abs(logged - time.time()) < 60
    for query in ({"email": "Somebody@example.com"}, {"subject": "somebody@example.com"}):
        assert ask(server.url, INDEX, query) == [identity]


def test_entry_that_is_there_is_a_conflict_with_its_address(server):
    for proposal in (fresh(), dsse(STATEMENT % next(numbers), [client.generate()])):
        identity, _, _ = add(server, proposal)
        answer = propose(server.url, proposal)
        refused(answer, f"an equivalent entry already exists in the transparency log with UUID {identity}", 409)
        assert answer.headers["Location"] == f"{ENTRIES}/{identity}"
        assert answer.json()["details"][0]["reason"] == "RECORD_DUPLICATE"
        check_entry(ask(server.url, answer.headers["Location"]), key_of(server.directory), rekor.body_of(proposal))


def at(*path, to):
    def change(proposal):
        for name in path[:-1]:
            proposal = proposal[name]
        proposal[path[-1]] = to(proposal[path[-1]]) if callable(to) else to
    return change


def flipped(value):
    data = bytearray(base64.b64decode(value))
    data[len(data) // 2] ^= 1
    return base64.b64encode(bytes(data)).decode()


def without(value):
    return lambda content: {name: part for name, part in content.items() if name != value}


def envelope(change):
    """The same proposal with the envelope changed."""
    def to(text):
        content = json.loads(text)
        change(content)
        return json.dumps(content)
    return at("spec", "proposedContent", "envelope", to=to)


SIGNATURE, HASH = ("spec", "signature"), ("spec", "data", "hash")
HASHEDREKORD = {
    "another kind": (at("kind", to="rekord"), "kinds hashedrekord and dsse"),
    "intoto": (at("kind", to="intoto"), "kinds hashedrekord and dsse"),
    "no kind": (lambda proposal: proposal.pop("kind"), "kind"),
    "another version": (at("apiVersion", to="0.0.2"), "0.0.1"),
    "no spec": (lambda proposal: proposal.pop("spec"), "spec"),
    "hash flipped": (at(*HASH, "value", to=lambda value: "0" * 8 + value[8:]), "verifying signature"),
    "hash cut": (at(*HASH, "value", to=lambda value: value[:-2]), "invalid value for hash"),
    "hash of SHA-1": (at(*HASH, to={"algorithm": "sha1", "value": "0" * 40}), "algorithm"),
    "hash of SHA-512": (at(*HASH, to={"algorithm": "sha512", "value": "0" * 128}), "entry algorithms are not allowed"),
    "no data": (at("spec", "data", to=None), "hash"),
    "signature flipped": (at(*SIGNATURE, "content", to=flipped), "verifying signature"),
    "signature and more": (at(*SIGNATURE, "content", to=lambda value: flipped(value)[:-4] + "AAAA"), "signature"),
    "no signature": (at(*SIGNATURE, to=without("content")), "spec.signature.content"),
    "another's key": (at(*SIGNATURE, "publicKey", "content",
                         to=lambda _: base64.b64encode(client.public_pem(client.generate())).decode()),
                      "verifying signature"),
    "two keys": (at(*SIGNATURE, "publicKey", "content",
                    to=lambda value: base64.b64encode(base64.b64decode(value) * 2).decode()), "more than one PEM block"),
    "no PEM": (at(*SIGNATURE, "publicKey", "content", to="AAAA"), "invalid public key"),
    "no key": (at(*SIGNATURE, to=without("publicKey")), "spec.signature.publicKey"),
}
DSSE = {
    "payload changed": (envelope(lambda content: content.update(payload=flipped(content["payload"]))), "envelope"),
    "type changed": (envelope(lambda content: content.update(payloadType="application/json")), "envelope"),
    "signature flipped": (envelope(lambda content: content["signatures"][0].update(
        sig=flipped(content["signatures"][0]["sig"]))), "envelope"),
    "unsigned": (envelope(lambda content: content.update(signatures=[])), "DSSE envelope must contain 1"),
    "a second signature by nobody": (envelope(lambda content: content["signatures"].append({"sig": "AAAA"})),
                                     "all signatures must have a key that verifies it"),
    "another's key": (at("spec", "proposedContent", "verifiers", to=lambda _: [
        base64.b64encode(client.public_pem(client.generate())).decode()]), "envelope"),
    "no verifiers": (at("spec", "proposedContent", "verifiers", to=[]), "verifiers"),
    "no envelope": (at("spec", "proposedContent", to=without("envelope")), "envelope"),
    "what the log computes": (at("spec", to=lambda spec: spec | {"payloadHash": {"algorithm": "sha256", "value": "0"}}),
                              "but not both"),
    "no content": (at("spec", to={}), "spec.proposedContent"),
}


@pytest.mark.parametrize("kind,name", [("hashedrekord", name) for name in HASHEDREKORD] + [("dsse", name) for name in DSSE])
def test_changed_proposal_is_refused_and_not_logged(server, kind, name):
    change, message = (HASHEDREKORD if kind == "hashedrekord" else DSSE)[name]
    proposal = fresh() if kind == "hashedrekord" else dsse(STATEMENT % next(numbers), [client.generate()])
    original, before = copy.deepcopy(proposal), ask(server.url, LOG)["treeSize"]
    change(proposal)
    assert proposal != original
    answer = propose(server.url, proposal)
    refused(answer, message)
    assert answer.json()["message"].startswith("error processing entry: ")
    assert answer.json()["details"][0]["reason"] == "RECORD_REFUSED"
    assert ask(server.url, LOG)["treeSize"] == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}{}", b"\xff", b'{"kind":1,"kind":2}', b"x" * 1000])
@pytest.mark.parametrize("path", [ENTRIES, RETRIEVE, INDEX])
def test_what_is_no_request_is_refused(server, path, body):
    refused(client.send(server.url, "POST", path, body), "")


def test_large_envelope_is_an_entry_of_two_hashes(server):
    statement = json.dumps({"subject": [], "predicate": "x" * (1 << 20)})
    add(server, dsse(statement, [client.generate()]))
    assert propose(server.url, b" " * (1 << 22) + json.dumps(fresh()).encode()).status == 413


# Questions.

def test_entry_is_shown_by_index_name_leaf_hash_and_proposal(server):
    proposal, key = fresh(), key_of(server.directory)
    identity, index, logged = add(server, proposal)
    add(server, fresh())
    digits = identity[16:]
    answers = [ask(server.url, f"{ENTRIES}?logIndex={index}")]
    answers += [ask(server.url, f"{ENTRIES}/{name}") for name in (identity, digits, identity.upper(), digits.upper())]
    for question in ({"logIndexes": [index]}, {"entryUUIDs": [identity]}, {"entryUUIDs": [digits]}, {"entries": [proposal]}):
        found = ask(server.url, RETRIEVE, question)
        assert len(found) == 1
        answers += found
    for answer in answers:
        assert check_entry(answer, key, rekor.body_of(proposal)) == (identity, index, logged)


def test_several_entries_are_retrieved_and_missing_ones_left_out(server):
    names = [add(server, fresh())[0] for _ in range(6)]
    unknown = [names[0][:16] + "0" * 64, "1" * 80, "2" * 64]
    found = ask(server.url, RETRIEVE, {"entryUUIDs": names + unknown, "logIndexes": [1 << 40]})
    assert [check_entry(answer, key_of(server.directory))[0] for answer in found] == names
    refused(client.send(server.url, "POST", RETRIEVE, json.dumps({"logIndexes": list(range(11))}).encode()), "10 entries")


@pytest.mark.parametrize("path,status", [
    (f"{ENTRIES}?logIndex=1000000", 404), (f"{ENTRIES}?logIndex=-1", 400), (f"{ENTRIES}?logIndex=x", 400), (ENTRIES, 400),
    (f"{ENTRIES}?logIndex=1&logIndex=1", 400), (f"{ENTRIES}?logIndex=99999999999999999999", 400),
    (f"{ENTRIES}/{'0' * 64}", 404), (f"{ENTRIES}/{'1' * 80}", 404), (f"{ENTRIES}/{'0' * 80}", 400), (f"{ENTRIES}/", 400),
    (f"{ENTRIES}/abc", 400), (f"{ENTRIES}/{'g' * 64}", 400), (f"{LOG}/publicKey?treeID=1", 400), (f"{LOG}/proof", 400),
    (f"{LOG}/proof?lastSize=1000000", 400), (f"{LOG}/proof?lastSize=0", 400), (f"{LOG}/proof?firstSize=2&lastSize=1", 400),
    (f"{LOG}/x", 404), ("/api/v1/logs", 404), ("/api/v1/index/x", 404),
])
def test_what_is_not_there_or_makes_no_sense_is_refused(server, path, status):
    answer = client.get(server.url, path)
    assert answer.status == status, answer.body
    if path.startswith((ENTRIES, LOG + "/p")):
        assert answer.json()["code"] == status and answer.json()["message"]


@pytest.mark.parametrize("method,path", [("POST", LOG), ("POST", f"{LOG}/publicKey"), ("GET", RETRIEVE), ("GET", INDEX),
                                         ("PUT", ENTRIES), ("DELETE", f"{ENTRIES}/{'0' * 64}")])
def test_other_methods_are_refused(server, method, path):
    assert client.send(server.url, method, path, b"{}" if method != "GET" else None).status == 501


def test_entries_are_found_by_hash_key_and_subject_the_newest_first(server):
    key = client.generate()
    proposals = [fresh(key=key) for _ in range(3)]
    names = [add(server, proposal)[0] for proposal in proposals]
    number = next(numbers)
    attested = dsse(STATEMENT % number, [key])
    names.append(add(server, attested)[0])
    by_key = {"publicKey": {"format": "x509", "content": verifier_of(proposals[0])}}
    assert ask(server.url, INDEX, by_key) == names[::-1]
    value = proposals[1]["spec"]["data"]["hash"]["value"]
    for digest in (value, "sha256:" + value, value.upper()):
        assert ask(server.url, INDEX, {"hash": digest}) == [names[1]]
    assert ask(server.url, INDEX, by_key | {"hash": value, "operator": "and"}) == [names[1]]
    assert ask(server.url, INDEX, by_key | {"hash": value, "operator": "or"}) == names[::-1]
    envelope_of = attested["spec"]["proposedContent"]["envelope"]
    payload = base64.b64decode(json.loads(envelope_of)["payload"])
    for digest in (f"{number:064x}", hashlib.sha256(envelope_of.encode()).hexdigest(), hashlib.sha256(payload).hexdigest()):
        assert ask(server.url, INDEX, {"hash": "sha256:" + digest}) == [names[3]]
    assert ask(server.url, INDEX, {"hash": "sha256:" + "0" * 64}) == []
    assert ask(server.url, INDEX, {}) == []


def test_entry_of_the_second_version_is_shown_and_found_by_the_first(server):
    sent, key = request(b"artifact %d" % next(numbers)), key_of(server.directory)
    entry = post(server.url, sent).json()
    body = base64.b64decode(entry["canonicalizedBody"])
    identity, index, logged = check_entry(ask(server.url, f"{ENTRIES}?logIndex={entry['logIndex']}"), key, body)
    assert index == int(entry["logIndex"]) and abs(logged - time.time()) < 60
    inner = sent["hashedRekordRequestV002"]
    digest = base64.b64decode(inner["digest"]).hex()
    assert ask(server.url, INDEX, {"hash": digest}) == [identity]
    verifier = serialization.load_der_public_key(
        base64.b64decode(inner["signature"]["verifier"]["publicKey"]["rawBytes"]))
    pem = verifier.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    query = {"publicKey": {"format": "x509", "content": base64.b64encode(pem).decode()}}
    assert ask(server.url, INDEX, query) == [identity]


def test_both_versions_are_one_tree(server):
    proposal, key = fresh(), key_of(server.directory)
    identity, index, _ = add(server, proposal)
    bodies = RecordAuditor(server.url, key).audit()
    assert bodies[index] == rekor.body_of(proposal) and leaf_hash(bodies[index]).hex() == identity[16:]
    info = ask(server.url, LOG)
    size, root = rekor.read_checkpoint(info["signedTreeHead"], key, int(info["treeID"]))
    assert (size, root) == (info["treeSize"], bytes.fromhex(info["rootHash"])) and size >= len(bodies)
    assert info["treeID"] == str(int(identity[:16], 16)) and info["inactiveShards"] == []


def test_tree_grows_consistently(server):
    key, heads = key_of(server.directory), []
    for _ in range(8):
        info = ask(server.url, LOG)
        heads.append(rekor.read_checkpoint(info["signedTreeHead"], key, int(info["treeID"])))
        add(server, fresh())
    for (first, first_root), (second, second_root) in itertools.combinations(heads, 2):
        answer = ask(server.url, f"{LOG}/proof?firstSize={first}&lastSize={second}&treeID={tree_id(server.url)}")
        verify_consistency(first, second, first_root, second_root, [bytes.fromhex(value) for value in answer["hashes"]])


def test_public_key_is_shown_in_pem(server):
    for query in ("", "?treeID=", f"?treeID={tree_id(server.url)}"):
        answer = client.get(server.url, f"{LOG}/publicKey{query}")
        assert answer.headers["Content-Type"] == "application/x-pem-file"
        assert answer.body == (server.directory / "record-log/log.pub").read_bytes()


# Load, restarts and replicas.

def test_many_at_once_are_logged_once_each(server):
    """Sixteen clients, and every proposal sent by two of them."""
    sent, key = [fresh() for _ in range(200)], key_of(server.directory)

    def work(number):
        connection = client.Connection(server.url)
        return [(proposal, propose(server.url, proposal, connection)) for proposal in sent[number % 8::8]]

    answers = [answer for part in in_parallel(16, work) for answer in part]
    logged = {check_logged(answer, proposal, key)[0] for proposal, answer in answers if answer.status == 201}
    rest = [answer for _, answer in answers if answer.status != 201]
    assert len(logged) == 200 and len(rest) == 200
    assert {answer.status for answer in rest} == {409}
    assert {answer.headers["Location"].rpartition("/")[2] for answer in rest} == logged


def test_what_was_logged_is_shown_and_found_after_a_kill(deployment, issuer):
    server = deployment.serve(deployment.init(), issuer.settings())
    proposals = [fresh() for _ in range(20)]
    logged = [add(server, proposal) for proposal in proposals]
    tree = tree_id(server.url)
    server.kill()
    server = deployment.serve(server.directory, issuer.settings())
    assert tree_id(server.url) == tree
    for proposal, (identity, index, time_logged) in zip(proposals, logged):
        shown = ask(server.url, f"{ENTRIES}/{identity}")
        assert check_entry(shown, key_of(server.directory)) == (identity, index, time_logged)
        assert ask(server.url, INDEX, {"hash": proposal["spec"]["data"]["hash"]["value"]}) == [identity]


@pytest.fixture(scope="module")
def postgres():
    made = Postgres()
    yield made
    made.stop()


def test_replicas_show_and_find_what_each_has_logged(deployment, issuer, postgres, tmp_path):
    directory = deployment.init("--store", "postgres", "--dsn-file", postgres.new_database(tmp_path))
    replicas = [deployment.serve(directory, issuer.settings())]
    copied = deployment.path("copy")
    shutil.copytree(directory, copied)
    replicas.append(deployment.serve(copied, issuer.settings()))
    key, proposals = key_of(directory), [fresh() for _ in range(40)]

    def work(number):
        return [(proposal, propose(replicas[number % 2].url, proposal)) for proposal in proposals]

    answers = [answer for part in in_parallel(2, work) for answer in part]
    logged = [check_logged(answer, proposal, key) for proposal, answer in answers if answer.status == 201]
    assert len(logged) == 40 and sorted(answer.status for _, answer in answers) == [201] * 40 + [409] * 40
    for replica in replicas:
        for proposal in proposals:
            found = ask(replica.url, INDEX, {"hash": proposal["spec"]["data"]["hash"]["value"]})
            assert len(found) == 1 and found[0] in {identity for identity, _, _ in logged}
            check_entry(ask(replica.url, f"{ENTRIES}/{found[0]}"), key, rekor.body_of(proposal))


def test_without_the_section_there_is_no_log(deployment, issuer):
    directory = deployment.init()
    mayfly.change_settings(directory, lambda settings: settings.pop("record-log"))
    server = deployment.serve(directory, issuer.settings())
    for path in (LOG, f"{LOG}/publicKey", f"{ENTRIES}?logIndex=0"):
        assert client.get(server.url, path).status == 404
    assert propose(server.url, fresh()).status == 404

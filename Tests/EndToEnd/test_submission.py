"""RFC 6962 §4.1 and §4.2: anybody may hand in what the authority signed, and nothing else, and each is in the log once."""
import base64
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import asn1
import authorities
import client
import mayfly
from load import in_parallel
from transparency import (Entry, Reader, embedded_scts, entry_of, leaf_hash, log_id, read_data_tile, read_leaf_index,
                          sct_message, SignedCertificateTimestamp, tile_path, verify_signed)

DER = serialization.Encoding.DER


def ders(chain):
    return [certificate.public_bytes(DER) for certificate in chain]


def submit(server, call, chain):
    """What a client of RFC 6962 does with DER certificates."""
    body = json.dumps({"chain": [base64.b64encode(der).decode() for der in chain]})
    return client.send(server.url, "POST", "/ct/v1/" + call, body.encode())


def read_answer(answer):
    assert answer.status == 200, answer.body
    said = answer.json()
    part = lambda name: base64.b64decode(said[name], validate=True)
    return SignedCertificateTimestamp(said["sct_version"], part("id"), said["timestamp"], part("extensions"),
                                      part("signature"))


def logged(server, index):
    """The entry at a place, from the last data tile."""
    size = server.auditor().audit().size
    tile = client.get(server.url, "/ct/" + tile_path("data", index // 256, min(256, size - index // 256 * 256)))
    return read_data_tile(tile.body)[index % 256]


def refusal(answer):
    assert answer.status == 400, answer.body
    return answer.json()["details"][0]["reason"], answer.json()["message"]


def test_precertificate_of_an_issued_certificate_gets_the_first_timestamp_again(server, issuer):
    chain = server.issue(issuer)
    first = embedded_scts(ders(chain)[0])[0]
    entry = logged(server, read_leaf_index(first.extensions))
    size = server.auditor().audit().size
    for path in (ders(chain)[1:], ders(chain)[1:2], []):
        again = read_answer(submit(server, "add-pre-chain", [entry.precertificate, *path]))
        assert (again.log_id, again.timestamp, again.extensions) == (first.log_id, first.timestamp, first.extensions)
        message = sct_message(entry_of(ders(chain)[0], chain[1].public_key(), first))
        verify_signed(server.log_key, again.signature, message, "the SCT")
    assert server.auditor().audit().size == size


def test_certificate_is_an_entry_of_its_own_once(server, issuer):
    """RFC 6962 §3.1: the SCT for a logged precertificate would not be appropriate for the certificate."""
    chain = server.issue(issuer)
    size = server.auditor().audit().size
    sct = read_answer(submit(server, "add-chain", ders(chain)))
    assert sct.log_id == log_id(server.log_key) and read_leaf_index(sct.extensions) == size
    entry = Entry(sct.timestamp, False, b"", ders(chain)[0], sct.extensions)
    verify_signed(server.log_key, sct.signature, sct_message(entry), "the SCT")
    assert logged(server, size).merkle_leaf() == entry.merkle_leaf()
    again = read_answer(submit(server, "add-chain", ders(chain)))
    assert (again.timestamp, again.extensions) == (sct.timestamp, sct.extensions)
    assert server.auditor().audit().size == size + 1
    hash_ = base64.b64encode(leaf_hash(entry.merkle_leaf())).decode().replace("+", "%2B")
    proof = client.get(server.url, f"/ct/v1/get-proof-by-hash?hash={hash_}&tree_size={size + 1}")
    assert proof.json()["leaf_index"] == size


def test_authority_is_in_the_log_from_the_beginning(server):
    sct = read_answer(submit(server, "add-chain", ders(server.chain)))
    assert read_leaf_index(sct.extensions) == 0


def test_one_certificate_sent_many_times_at_once_is_one_entry(server, issuer):
    chains = [ders(server.issue(issuer)) for _ in range(3)]
    size = server.auditor().audit().size
    answers = in_parallel(12, lambda number: submit(server, "add-chain", chains[number % 3]))
    # Sixteen may wait, so that none of these is sent away.
    scts = [read_answer(answer) for answer in answers]
    assert len({(sct.timestamp, sct.extensions) for sct in scts}) == 3
    assert server.auditor().audit().size == size + 3


def test_submissions_stay_known_after_a_restart(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    chain = ders(server.issue(issuer))
    first = read_answer(submit(server, "add-chain", chain))
    assert server.stop() == 0
    server = deployment.serve(directory, issuer.settings())
    again = read_answer(submit(server, "add-chain", chain))
    assert (again.timestamp, again.extensions) == (first.timestamp, first.extensions)
    assert server.auditor().audit().size == 3


def test_certificate_issued_without_the_log_gets_into_it(server, issuer):
    """What monitors want to see: the issuing key at work elsewhere; long expired, and without this log's promise."""
    thief = issuing(server)
    builder = authorities.leaf_builder(thief, "admin@example.com")
    start = authorities.now() - authorities.days(100)
    builder._not_valid_before, builder._not_valid_after = (
        (start + authorities.days(n)).replace(tzinfo=None) for n in (0, 1))
    size = server.auditor().audit().size
    precertificate = authorities.precertificate(builder, thief)
    certificate = authorities.der(authorities.sign(builder, thief.key))
    for number, (call, der) in enumerate([("add-pre-chain", precertificate), ("add-chain", certificate)]):
        for _ in range(2):
            sct = read_answer(submit(server, call, [der, *ders(server.chain)]))
            assert read_leaf_index(sct.extensions) == size + number
        entry = logged(server, size + number)
        verify_signed(server.log_key, sct.signature, sct_message(entry), "the SCT")
    assert logged(server, size).precertificate == precertificate
    assert logged(server, size + 1).signed == certificate
    assert server.auditor().audit().size == size + 2


def test_serial_number_of_any_length_is_recorded_by_its_beginning(deployment, issuer):
    """RFC 5280 §4.1.2.2 allows 20 octets, but a thief may write more than an index of the database holds."""
    server = deployment.serve(deployment.init(), issuer.settings())
    thief = issuing(server)
    tbs = asn1.read_only(authorities.sign(authorities.leaf_builder(thief), thief.key).tbs_certificate_bytes)
    version, _, algorithm, *rest = [part.whole for part in tbs.children()]
    for index, last in enumerate([b"a", b"b"], 1):
        serial = asn1.write(2, b"\x12" * 4000 + last)
        signed = asn1.write(0x30, version, serial, algorithm, *rest)
        signature = thief.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        certificate = asn1.write(0x30, signed, algorithm, asn1.write(3, b"\0", signature))
        for _ in range(2):
            assert read_leaf_index(read_answer(submit(server, "add-chain", [certificate])).extensions) == index
    rows = mayfly.run("log", "search", "--data", server.directory, "--all", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(row)["serial"] for row in rows] == ["12" * 32] * 2


@pytest.mark.parametrize("call,made,rule", [
    ("add-chain", "precertificate", "a precertificate belongs to add-pre-chain"),
    ("add-pre-chain", "certificate", "must have the poison extension"),
    ("add-pre-chain", "mild", "must have the poison extension"),
    ("add-pre-chain", "stamped", "must not have timestamps"),
    ("add-chain", "ber", "element 0 of the chain is not a certificate in DER"),
    ("add-chain", "trailing", "element 0 of the chain is not a certificate in DER"),
    ("add-chain", "forged", "is not issued by a CA of this log"),
])
def test_what_is_no_entry_is_refused(server, call, made, rule):
    """RFC 6962 §3.1: only what its CA signed, a precertificate with its poison; and in one encoding only."""
    thief = issuing(server)
    builder = authorities.leaf_builder(thief)
    good = authorities.der(authorities.sign(builder, thief.key))
    inner = asn1.read_only(good).content
    mild = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(asn1.POISON), b"\5\0"), False)
    stamped = builder.add_extension(x509.PrecertPoison(), True)
    der = {
        "precertificate": lambda: authorities.precertificate(builder, thief), "certificate": lambda: good,
        "mild": lambda: authorities.der(authorities.sign(mild, thief.key)),
        "stamped": lambda: authorities.with_scts(stamped, thief, [bytes(50)]),
        "ber": lambda: b"\x30\x84" + len(inner).to_bytes(4, "big") + inner, "trailing": lambda: good + b"\0",
        "forged": lambda: good[:-1] + bytes([good[-1] ^ 1]),
    }[made]()
    size = server.auditor().audit().size
    reason, message = refusal(submit(server, call, [der]))
    assert reason == "CHAIN_REFUSED" and rule in message
    assert server.auditor().audit().size == size


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{}", b'{"chain":[]}', b'{"chain":"AA=="}', b'{"chain":[1]}', b'{"chain":["?"]}', b'{"chain":["AA"]}',
    b'{"chain":[' + b",".join([b'"MAA="'] * 9) + b"]}", b'{"chain":["MAA="],"chain":["MAA="]}', b"{" * 1000,
])
def test_body_that_is_no_chain_is_refused(server, body):
    for call in ("add-chain", "add-pre-chain"):
        assert refusal(client.send(server.url, "POST", "/ct/v1/" + call, body))[0] == "CHAIN_REFUSED"


def test_submission_is_bounded_and_posted(server):
    body = b'{"chain":["' + b"A" * (1 << 18) + b'"]}'
    assert client.send(server.url, "POST", "/ct/v1/add-chain", body).status == 413
    assert client.get(server.url, "/ct/v1/add-chain").status == 501
    assert client.send(server.url, "POST", "/ct/v1/get-sth", b"{}").status == 501


def issuing(server):
    """The server's authority in the hands of a thief."""
    key = serialization.load_pem_private_key((server.directory / "ca/issuing.key").read_bytes(), None)
    return authorities.Authority(key, server.chain)


def test_foreign_chain_is_refused(server):
    foreign = authorities.chain()
    leaf = authorities.der(authorities.sign(authorities.leaf_builder(foreign), foreign.key))
    size = server.auditor().audit().size
    assert refusal(submit(server, "add-chain", [leaf]))[0] == "CHAIN_REFUSED"
    reason, message = refusal(submit(server, "add-chain", [leaf, *ders(server.chain)]))
    assert reason == "CHAIN_REFUSED" and "element 0 of the chain is not issued by the next one" in message
    assert server.auditor().audit().size == size


def test_watcher_takes_notice_only_of_what_was_made_past_the_log(deployment, issuer):
    """Whoever hands in a certificate with the log's promise must not be able to raise an alarm by it."""
    server = deployment.serve(deployment.init(), issuer.settings())
    verify = lambda: mayfly.run("log", "verify", server.url + "/ct", "--key", server.directory / "log/log.pub")
    read_answer(submit(server, "add-chain", ders(server.issue(issuer))))
    done = verify()
    assert done.returncode == 0, done.stdout + done.stderr
    thief = issuing(server)
    made = authorities.der(authorities.sign(authorities.leaf_builder(thief), thief.key))
    read_answer(submit(server, "add-chain", [made]))
    done = verify()
    assert done.returncode != 0 and "without this log's promise" in done.stdout + done.stderr

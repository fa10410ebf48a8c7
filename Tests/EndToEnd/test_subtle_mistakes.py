"""The ways of being subtly wrong that clients were measured with: for each, what our side does instead.

The names are the rows of the recorded matrices. A row that every client bore is here as well: one thing is what we do.
"""
import base64
import datetime
import hashlib
import json
import subprocess

import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID
from rfc3161_client import decode_timestamp_response

import client
from oidc import EMAIL
from transparency import check_certificate, embedded_scts, leaf_hash, log_id, subject_public_key_info, verify_inclusion

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
ROWS = {}
ISSUER_V1, ISSUER_V2 = (x509.ObjectIdentifier("1.3.6.1.4.1.57264.1." + number) for number in ("1", "8"))


def row(*names):
    """Says which rows a check is about."""
    def remember(check):
        ROWS.update(dict.fromkeys(names, check))
        return check
    return remember


class Evidence:
    """One signature's worth of answers, and the trust root that clients judge them by."""

    def __init__(self, stack, folder):
        self.stack, self.folder, key = stack, folder, client.generate()
        self.root = json.loads(stack.trusted_root.read_text())
        self.config = json.loads(stack.signing_config.read_text())
        self.certified = client.send(stack.url, "POST", client.SIGNING_V2, client.csr_body_v2(stack.token(), key))
        self.chain = self.certified.certificates()
        self.leaf = self.chain[0]
        self.signature = key.sign(b"hello\n", ec.ECDSA(hashes.SHA256()))
        self.request = {
            "digest": base64.b64encode(hashlib.sha256(b"hello\n").digest()).decode(),
            "signature": {"content": base64.b64encode(self.signature).decode(), "verifier": {
                "x509Certificate": {"rawBytes": base64.b64encode(self.leaf.public_bytes(DER)).decode()},
                "keyDetails": "PKIX_ECDSA_P256_SHA_256"}}}
        self.recorded = client.send(stack.url, "POST", "/api/v2/log/entries",
                                    json.dumps({"hashedRekordRequestV002": self.request}).encode())
        self.entry = self.recorded.json()
        self.before = datetime.datetime.now(datetime.timezone.utc)
        self.stamped = self.stamp("-sha256", "-cert")
        self.timestamp = decode_timestamp_response(self.stamped.body)

    def stamp(self, *options):
        (self.folder / "signature").write_bytes(self.signature)
        self.openssl("-query", "-data", "signature", *options, "-out", "query")
        return client.send(self.stack.url, "POST", "/api/v1/timestamp", (self.folder / "query").read_bytes(),
                           Content_Type="application/timestamp-query")

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", "ts", *arguments], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def authority(self, kind):
        """The only authority of a kind in the trust root: its chain, and since when it counts."""
        listed, = self.root[kind]
        chain = [x509.load_der_x509_certificate(base64.b64decode(one["rawBytes"]))
                 for one in listed["certChain"]["certificates"]]
        return chain, valid_since(listed)

    def log(self, kind):
        """The only log of a kind in the trust root, and its key."""
        listed, = self.root[kind]
        return listed, serialization.load_der_public_key(base64.b64decode(listed["publicKey"]["rawBytes"]))


def valid_since(listed):
    """Since when something counts; nothing in a fresh trust root ends."""
    window = listed.get("validFor") or listed["publicKey"]["validFor"]
    assert "end" not in window
    return datetime.datetime.fromisoformat(window["start"])


@pytest.fixture(scope="module")
def evidence(stack, tmp_path_factory):
    return Evidence(stack, tmp_path_factory.mktemp("evidence"))


# Certificates: matrix-ct-ca.txt.

@row("baseline", "fulcio 201", "fulcio detached SCT", "root only (chain of 1 CA)")
def chain_is_answered_whole_with_200(e):
    assert e.certified.status == 200
    assert list(e.certified.json()) == ["signedCertificateEmbeddedSct"] and len(e.chain) >= 2
    for child, parent in zip(e.chain, e.chain[1:]):
        child.verify_directly_issued_by(parent)


@row("no SCT", "bad SCT signature", "two SCTs same log", "SCT with static-ct leaf_index extension",
     "SCT with unknown extension bytes", "CT logId in trust root wrong", "no ctlogs in trust root",
     "CT log validFor ended before now", "CT log validFor in future")
def one_sct_verifies_by_the_listed_log(e):
    listed, key = e.log("ctlogs")
    entry = check_certificate(e.leaf.public_bytes(DER), e.chain[1].public_key(), key)
    assert entry.leaf_index() >= 1
    sct, = embedded_scts(e.leaf.public_bytes(DER))
    assert base64.b64decode(listed["logId"]["keyId"]) == log_id(key) == sct.log_id
    assert valid_since(listed).timestamp() * 1000 <= sct.timestamp


@row("CT key P-384 (SHA-384)", "CT key P-384 but SHA-256 sig", "CT key Ed25519", "CT key RSA-2048")
def log_signs_with_p256(e):
    assert isinstance(e.log("ctlogs")[1].curve, ec.SECP256R1)


@row("CA key p256", "CA key rsa", "CA key ed25519")
def authority_signs_with_a_key_that_every_client_reads(e):
    assert isinstance(e.chain[1].public_key(), (ec.EllipticCurvePublicKey, rsa.RSAPublicKey))


@row("leaf_no_aki", "leaf_san_noncrit", "leaf_eku_any", "leaf_ku_none", "leaf_extra_ext", "leaf_bc",
     "leaf subject CN=x", "leaf serial 8 bytes", "leaf SAN otherName")
def leaf_has_the_profile(e):
    found = {extension.oid: extension for extension in e.leaf.extensions}
    above = e.chain[1].extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert found[ExtensionOID.AUTHORITY_KEY_IDENTIFIER].value.key_identifier == above.digest
    assert found[ExtensionOID.SUBJECT_ALTERNATIVE_NAME].critical and e.leaf.subject == x509.Name([])
    assert list(found[ExtensionOID.SUBJECT_ALTERNATIVE_NAME].value) == [x509.RFC822Name(EMAIL)]
    assert list(found[ExtensionOID.EXTENDED_KEY_USAGE].value) == [ExtendedKeyUsageOID.CODE_SIGNING]
    assert found[ExtensionOID.KEY_USAGE].value.digital_signature
    assert {oid for oid, extension in found.items() if extension.critical} == {
        ExtensionOID.KEY_USAGE, ExtensionOID.SUBJECT_ALTERNATIVE_NAME}
    assert 8 <= (e.leaf.serial_number.bit_length() + 7) // 8 <= 20


@row("no fulcio ext", "only issuer v2 ext (.1.8)", "only issuer v1 ext (.1.1)")
def issuer_is_written_in_both_forms(e):
    url = e.stack.people.url.encode()
    value = lambda oid: e.leaf.extensions.get_extension_for_oid(oid).value.value
    assert value(ISSUER_V1) == url and value(ISSUER_V2) == b"\x0c" + bytes([len(url)]) + url


@row("trust root has only the root, not the intermediate", "CA validFor ended", "CA validFor future")
def trust_root_lists_the_whole_chain(e):
    chain, since = e.authority("certificateAuthorities")
    assert chain == e.chain[1:] and since <= e.leaf.not_valid_before_utc


# The record log: matrix-rekor-v2.txt.

@row("genesis (index 0) through cosign first")
def first_entry_is_the_log_s_own(e):
    assert int(e.entry["logIndex"]) >= 1 and len(e.entry["inclusionProof"]["hashes"]) >= 1


@row("rekor status 200", "omit inclusionProof.rootHash", "omit inclusionProof.treeSize", "omit inclusionProof.logIndex",
     "omit integratedTime", "omit inclusionPromise", "omit logId", "omit kindVersion", "omit canonicalizedBody")
def entry_is_answered_whole_with_201(e):
    assert e.recorded.status == 201
    assert e.entry["kindVersion"] == {"kind": "hashedrekord", "version": "0.0.2"}
    assert e.entry["inclusionProof"]["logIndex"] == e.entry["logIndex"]
    assert {"rootHash", "treeSize", "hashes", "checkpoint"} <= set(e.entry["inclusionProof"])
    assert e.entry.get("integratedTime") in (None, "0") and e.entry.get("inclusionPromise") is None


@row("non-canonical body")
def body_is_what_clients_rebuild(e):
    data = {"algorithm": "SHA2_256", "digest": e.request["digest"]}
    spec = {"hashedRekordV002": {"data": data, "signature": e.request["signature"]}}
    expected = rfc8785.dumps({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": spec})
    assert base64.b64decode(e.entry["canonicalizedBody"]) == expected


@row("bad proof root", "bad checkpoint sig", "rekor key p256", "rekor key p384", "rekor key rsa", "rekor log validFor ended",
     "trust root rekor logId wrong", "unknown extra sig after", "unknown extra sig before", "checkpoint extension line")
def proof_leads_to_a_checkpoint_by_the_listed_key(e):
    listed, key = e.log("tlogs")
    proof = e.entry["inclusionProof"]
    text, _, signatures = proof["checkpoint"]["envelope"].partition("\n\n")
    origin, size, root = text.split("\n")
    verify_inclusion(leaf_hash(base64.b64decode(e.entry["canonicalizedBody"])), int(proof["logIndex"]), int(size),
                     [base64.b64decode(one) for one in proof["hashes"]], base64.b64decode(root))
    assert proof["treeSize"] == size and proof["rootHash"] == root
    line, = signatures.splitlines()
    dash, signer, blob = line.split(" ")
    blob = base64.b64decode(blob)
    assert (dash, signer, blob[:4]) == ("—", origin, log_id(key)[:4])
    key.verify(blob[4:], text.encode() + b"\n", ec.ECDSA(hashes.SHA256()))
    assert isinstance(key.curve, ec.SECP256R1) and valid_since(listed) < e.before
    assert e.entry["logId"]["keyId"] == listed["logId"]["keyId"] == base64.b64encode(log_id(key)).decode()


@row("origin differs from baseUrl host", "origin with port 127.0.0.1:8750", "origin 127.0.0.1/rekor with baseUrl path",
     "origin log.example.internal + trust baseUrl https://log.example.internal (different from signing url)",
     "baseUrl empty")
def origin_is_the_host_of_the_listed_url(e):
    envelope = e.entry["inclusionProof"]["checkpoint"]["envelope"]
    assert e.log("tlogs")[0]["baseUrl"] == e.stack.url and envelope.startswith("127.0.0.1\n")


@row("trust root without rekor v1 log", "v1 log listed first", "both rekor v1 and v2 listed")
def one_log_serves_both_versions(e):
    listed = [(one["url"], one["majorApiVersion"]) for one in e.config["rekorTlogUrls"]]
    assert sorted(listed) == [(e.stack.url, 1), (e.stack.url, 2)]


# Timestamps: matrix-tsa-trustroot.txt.

@row("warm-up", "HTTP 201", "HTTP 400", "content type text/plain", "status rejection")
def timestamp_is_granted_with_200(e):
    assert e.stamped.status == 200 and e.stamped.headers["Content-Type"] == "application/timestamp-reply"
    assert e.timestamp.status == 0


@row("TSA key p384", "TSA key p521", "TSA key rsa", "TSA key rsa4096", "TSA key ed25519", "p384+sha384", "p256+sha512",
     "no ESS attr", "ESS v1 (sha1)", "TSA intermediate")
def openssl_verifies_the_timestamp(e):
    """The strictest of all judges; it asks for the ESS attribute, and has no Ed25519."""
    chain, _ = e.authority("timestampAuthorities")
    (e.folder / "reply").write_bytes(e.stamped.body)
    (e.folder / "root.pem").write_bytes(chain[-1].public_bytes(PEM))
    (e.folder / "between.pem").write_bytes(b"".join(one.public_bytes(PEM) for one in chain[:-1]))
    e.openssl("-verify", "-in", "reply", "-data", "signature", "-CAfile", "root.pem", "-untrusted", "between.pem")
    signed = e.timestamp.time_stamp_token()
    # RFC 5816: ESSCertIDv2 is id-aa 47; version 1, with SHA-1, was 12.
    assert oid(b"\x2f") in signed and oid(b"\x0c") not in signed


def oid(last):
    """id-aa (RFC 2634) and one more arc, in DER."""
    return b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02" + last


@row("cert always included", "cert never included", "nonce dropped")
def certificate_and_nonce_are_there_when_asked_for(e):
    assert e.timestamp.signed_data.certificates and e.timestamp.tst_info.nonce
    bare = decode_timestamp_response(e.stamp("-sha256", "-no_nonce").body)
    assert not bare.signed_data.certificates and bare.tst_info.nonce is None


@row("no accuracy", "fractional genTime", "no tsa field", "genTime +1h", "genTime -1h")
def time_is_now_by_the_clock_that_issues(e):
    info = e.timestamp.tst_info
    assert info.accuracy is not None
    assert e.leaf.not_valid_before_utc <= info.gen_time.astimezone(datetime.timezone.utc) <= e.leaf.not_valid_after_utc
    assert abs(info.gen_time.astimezone(datetime.timezone.utc) - e.before) < datetime.timedelta(seconds=10)


@row("EKU not critical", "EKU extra codeSigning", "trust root has no TSA leaf (root only)",
     "trust root no TSA leaf, cert always embedded", "trust root no TSA leaf (inter+root), cert always",
     "trust root TSA chain without root", "no TSA in trust root", "TSA validFor ended")
def authority_for_time_is_listed_from_leaf_to_root(e):
    chain, since = e.authority("timestampAuthorities")
    usage = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    assert x509.load_der_x509_certificate(next(iter(e.timestamp.signed_data.certificates))) == chain[0]
    assert chain[-1].issuer == chain[-1].subject and len(chain) >= 2 and since <= e.before
    for child, parent in zip(chain, chain[1:]):
        child.verify_directly_issued_by(parent)


@row("no TSA in signing config", "EXACT:1 + ALL", "trailing slash on URLs", "fulcio URL with path prefix")
def signing_config_names_services_without_path_or_slash(e):
    assert [one["url"] for one in e.config["caUrls"]] == [e.stack.url]
    assert [one["url"] for one in e.config["tsaUrls"]] == [e.stack.url + "/api/v1/timestamp"]
    assert {one["majorApiVersion"] for kind in ("caUrls", "tsaUrls", "oidcUrls") for one in e.config[kind]} == {1}
    assert e.config["rekorTlogConfig"] == e.config["tsaConfig"] == {"selector": "ANY"}
    for path in ("//api/v2/signingCert", "//api/v2/log/entries", "//api/v1/timestamp"):
        assert client.send(e.stack.url, "POST", path, b"{}").status != 404, path


@row("unknown JSON field", "trusted root mediaType v0.2", "checkpointKeyId set too", "operator set in trusted root")
def documents_say_what_the_strictest_reader_knows(e):
    assert e.root["mediaType"] == "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
    assert set(e.root) == {"mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"}
    assert e.config["mediaType"] == "application/vnd.dev.sigstore.signingconfig.v0.2+json"
    assert set(e.config) <= {"mediaType", "caUrls", "oidcUrls", "rekorTlogUrls", "rekorTlogConfig", "tsaUrls", "tsaConfig"}
    for kind in ("tlogs", "ctlogs"):
        assert set(e.log(kind)[0]) <= {"baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"}


@pytest.mark.parametrize("name", ROWS)
def test_row_of_the_matrix(evidence, name):
    ROWS[name](evidence)

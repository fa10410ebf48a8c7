"""Keys are exchanged: published first, taken up by the running server, and what was signed before still verifies."""
import base64
import hashlib
import http.client
import json
import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sigstore.models import TrustedRoot

import client
import mayfly
import records
from mayfly import poll


@pytest.fixture
def offline(deployment):
    """A data directory, and the keys that its owner has moved away."""
    directory = deployment.init()
    keys = deployment.path("keys")
    keys.mkdir()
    shutil.move(directory / "ca/root.key", keys / "ca.key")
    shutil.move(directory / "trust/root.key", keys / "trust.key")
    return directory, keys


def awaited(check, seconds, what):
    """As `poll`; while a server opens anew it takes no connections for a moment."""
    def patient():
        try:
            return check()
        except (ConnectionError, http.client.HTTPException):
            return None

    return poll(patient, seconds, what)


def run(*arguments):
    done = mayfly.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def generations(directory, section="ca/issuing"):
    return json.loads((directory / f"{section}.generations.json").read_text())["generations"]


def authorities(server):
    """What verifiers are told: of each CA, its issuing certificate and its window."""
    root = client.get(server.url, "/trust/trusted_root.json").json()
    return [(chain["certChain"]["certificates"][0]["rawBytes"], chain["validFor"]) for chain in
            root["certificateAuthorities"]]


def issuing(certificates):
    return certificates[1].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value


def verify(certificates, server, tmp_path):
    """sigstore-python's own store of CA certificates has the issuer, and it has signed the leaf."""
    path = tmp_path / "root.json"
    path.write_bytes(client.get(server.url, "/trust/trusted_root.json").body)
    for candidate in TrustedRoot.from_file(str(path)).get_fulcio_certs():
        if candidate == certificates[1]:
            certificates[0].verify_directly_issued_by(candidate)
            return
    raise AssertionError("the issuer isn't trusted")


def test_new_key_is_published_first_and_then_taken_up_by_the_running_server(deployment, offline, issuer, tmp_path):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old = server.issue(issuer)
    port = server.port
    transcript = run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key", "--overlap", "12s")
    for line in ("generation 2 of ca", "SHA-256", "signs from", "mayfly trust renew", "ca/issuing-2.key"):
        assert line in transcript
    assert (directory / "ca/issuing-2.key").stat().st_mode & 0o777 == 0o600
    awaited(lambda: len(authorities(server)) == 2, 10, "the publication")
    between = awaited(lambda: server.issue(issuer), 5, "the certificate")
    assert issuing(between) == issuing(old), "it signs only when clients have had the time to learn of it"
    verify(between, server, tmp_path)

    new = awaited(lambda: (lambda made: made if issuing(made) != issuing(old) else None)(server.issue(issuer)), 25, "the change")
    assert server.port == port and server.process.poll() is None
    for certificates in (old, between, new):
        verify(certificates, server, tmp_path)
    first, second = generations(directory)
    assert "end" in first and "end" not in second and first["end"] > second["signs-from"]
    windows = [window for _, window in authorities(server)]
    assert [sorted(window) for window in windows] == [["end", "start"], ["start"]]

    # The log goes on, and an auditor who knows all CAs finds every certificate in it.
    assert run("log", "verify", "--data", directory)
    for certificates in (old, new):
        serial = format(certificates[0].serial_number, "x")
        assert run("log", "search", "--data", directory, "--serial", serial)
    # A start after it is as any other.
    server.stop()
    again = deployment.serve(directory, issuer.settings())
    assert issuing(again.issue(issuer)) == issuing(new)
    assert client.get(again.url, "/api/v1/rootCert").body.decode().count("BEGIN") == 2


def test_repository_is_signed_anew_where_its_key_is_at_hand(deployment, offline):
    directory, keys = offline
    shutil.copy(keys / "trust.key", directory / "trust/root.key")
    transcript = run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")
    assert "clients that use it learn by themselves" in transcript
    targets = json.loads((directory / "trust/tuf/2.targets.json").read_text())["signed"]["targets"]
    assert {"fulcio_v1.crt.pem", "fulcio_v1_1.crt.pem", "fulcio_intermediate_v1.crt.pem",
            "fulcio_intermediate_v1_1.crt.pem"} <= set(targets)


def test_repository_without_its_key_is_warned_of(deployment, offline, issuer):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")

    def warned():
        rows = client.get(server.url, "/readyz").json()["warnings"]
        return any("mayfly trust renew" in row["problem"] for row in rows)

    awaited(warned, 10, "the warning")
    run("trust", "renew", "--data", directory, "--root-key", keys / "trust.key")
    awaited(lambda: not warned(), 10, "its end")


def test_ceremony_with_a_root_that_is_elsewhere(deployment, offline, issuer, tmp_path):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old = server.issue(issuer)
    first = run("ca", "csr", tmp_path / "request.pem", "--data", directory)
    again = run("ca", "csr", tmp_path / "again.pem", "--data", directory)
    digest = [line.split()[-1] for line in first.splitlines() if "public key" in line]
    assert digest == [line.split()[-1] for line in again.splitlines() if "public key" in line]
    # The other machine has the root and the request, and no data directory.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(directory / "ca/root.pem", elsewhere)
    shutil.move(tmp_path / "request.pem", elsewhere)
    signed = run("ca", "sign", elsewhere / "request.pem", "--root", elsewhere / "root.pem", "--root-key", keys / "ca.key",
                 "--chain-out", elsewhere / "chain.pem")
    assert digest[0] in signed
    chain = x509.load_pem_x509_certificates((elsewhere / "chain.pem").read_bytes())
    chain[0].verify_directly_issued_by(chain[1])
    installed = run("ca", "install", elsewhere / "chain.pem", "--data", directory, "--overlap", "0s")
    assert digest[0] in installed
    awaited(lambda: issuing(server.issue(issuer)) != issuing(old), 10, "the change")
    key = serialization.load_pem_private_key((directory / "ca/issuing-2.key").read_bytes(), None)
    assert awaited(lambda: server.issue(issuer), 5, "the certificate")[1].public_key() == key.public_key()


def test_openssl_can_be_the_root(deployment, offline, tmp_path):
    directory, keys = offline
    run("ca", "csr", tmp_path / "request.pem", "--data", directory)
    (tmp_path / "extensions").write_text(
        "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n"
        "extendedKeyUsage=codeSigning\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    done = subprocess.run(
        ["openssl", "x509", "-req", "-in", tmp_path / "request.pem", "-CA", directory / "ca/root.pem", "-CAkey",
         keys / "ca.key", "-days", "300", "-subj", "/O=Example/CN=Issuing 2", "-extfile", tmp_path / "extensions", "-set_serial", "0x1234567890abcdef12",
         "-out", tmp_path / "issuing.pem"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (tmp_path / "chain.pem").write_bytes((tmp_path / "issuing.pem").read_bytes() + (directory / "ca/root.pem").read_bytes())
    assert "O=Example/CN=Issuing 2" in run("ca", "install", tmp_path / "chain.pem", "--data", directory)


def test_what_does_not_fit_changes_nothing(deployment, offline, tmp_path):
    directory, keys = offline
    before = mayfly.fingerprint(directory)
    stranger = mayfly.init(tmp_path / "stranger")

    def refused(*arguments):
        done = mayfly.run(*arguments)
        assert done.returncode == 1, done.stdout
        return done.stderr

    assert "ca/root.key" in refused("ca", "rotate", "--data", directory)
    assert refused("ca", "rotate", "--data", directory, "--root-key", stranger / "ca/root.key")
    assert "waits for a certificate" in refused("ca", "install", directory / "ca/chain.pem", "--data", directory)
    assert mayfly.fingerprint(directory) == before
    run("ca", "csr", tmp_path / "request.pem", "--data", directory)
    assert "isn't for the key" in refused("ca", "install", directory / "ca/chain.pem", "--data", directory)
    assert not (directory / "ca/issuing.generations.json").exists()
    (directory / "ca/issuing-2.key").unlink()
    run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")
    assert "begin to sign at" in refused("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key")


def test_server_that_can_not_use_the_new_key_goes_on_with_the_old(deployment, offline, issuer):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old = server.issue(issuer)
    shutil.copytree(directory / "ca", directory.parent / "ca-copy")
    run("ca", "rotate", "--data", directory, "--root-key", keys / "ca.key", "--overlap", "4s")
    (directory / "ca/issuing-2.key").rename(directory / "ca/away")
    awaited(lambda: "couldn't change to other keys" in server.log(), 15, "the refusal")
    assert issuing(awaited(lambda: server.issue(issuer), 5, "the certificate")) == issuing(old)
    (directory / "ca/away").rename(directory / "ca/issuing-2.key")
    awaited(lambda: issuing(server.issue(issuer)) != issuing(old), 10, "the change")


@pytest.mark.parametrize("text", ["", "{}", '{"generations":[]}', '{"generations":[{"key":"a"}]}',
                                  '{"generations":[{"key":"issuing.key","start":"now","signs-from":"now"}]}',
                                  '{"generations":[{"secret":"x"}]}'])
def test_damaged_list_is_named_at_the_start(deployment, text):
    directory = deployment.init()
    (directory / "ca/issuing.generations.json").write_text(text)
    with pytest.raises(mayfly.NotReady) as refused:
        deployment.serve_files(directory)
    assert "issuing.generations.json" in refused.value.text


def log_id(path):
    key = serialization.load_pem_public_key(path.read_bytes())
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()


def promised_by(certificates):
    scts = certificates[0].extensions.get_extension_for_class(x509.PrecertificateSignedCertificateTimestamps).value
    return scts[0].log_id


def origin(server, path):
    return client.get(server.url, path).body.decode().split("\n")[0]


def test_next_shard_of_the_certificate_log_is_taken_up_and_the_one_before_stays_readable(deployment, offline, issuer,
                                                                                        tmp_path):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old = [server.issue(issuer) for _ in range(3)][0]
    transcript = run("log", "rotate-key", "--data", directory, "--overlap", "10s")
    for line in ("generation 2 of log", "log/log-2.key", "origin   mayfly.internal/ct/2", "mayfly trust renew"):
        assert line in transcript
    first, second = log_id(directory / "log/log.pub"), log_id(directory / "log/log-2.pub")
    awaited(lambda: len(client.get(server.url, "/trust/trusted_root.json").json()["ctlogs"]) == 2, 10, "the publication")
    assert promised_by(awaited(lambda: server.issue(issuer), 5, "a certificate")) == first
    new = awaited(lambda: (lambda made: made if promised_by(made) == second else None)(server.issue(issuer)), 20, "the change")
    assert promised_by(old) == first
    assert origin(server, "/ct/checkpoint") == "mayfly.internal/ct/2"
    assert origin(server, "/ct/1/checkpoint") == "mayfly.internal/ct"
    retired, current = client.get(server.url, "/trust/trusted_root.json").json()["ctlogs"]
    assert base64.b64decode(retired["logId"]["keyId"]) == first and "end" in retired["publicKey"]["validFor"]
    assert base64.b64decode(current["logId"]["keyId"]) == second and "end" not in current["publicKey"]["validFor"]
    assert retired["baseUrl"].endswith("/ct/1") and current["baseUrl"].endswith("/ct")

    # Either shard is a whole log, and answers for its own.
    run("log", "verify", server.url + "/ct", "--key", directory / "log/log-2.pub")
    run("log", "verify", server.url + "/ct/1", "--key", directory / "log/log.pub")
    assert client.send(server.url, "POST", "/ct/1/v1/add-chain", b"{}").status == 404
    for certificates, shard in ((old, "1"), (new, "2")):
        serial = format(certificates[0].serial_number, "x")
        assert run("log", "search", "--data", directory, "--serial", serial, "--shard", shard)
        other = mayfly.run("log", "search", "--data", directory, "--serial", serial, "--shard", "3" if shard == "2" else "2")
        assert other.returncode in (1, 2)
    # Receipts of either verify with their own key.
    server.stop()
    again = deployment.serve(directory, issuer.settings())
    assert promised_by(again.issue(issuer)) == second
    assert origin(again, "/ct/1/checkpoint") == "mayfly.internal/ct"
    again.stop()
    # The old key may be destroyed: its shard is then read from its database only.
    (directory / "log/log.key").unlink()
    last = deployment.serve(directory, issuer.settings())
    assert promised_by(last.issue(issuer)) == second
    assert client.get(last.url, "/ct/1/checkpoint").status == 404
    run("log", "export", tmp_path / "exported", "--data", directory, "--shard", "1")


def test_next_shard_of_the_record_log_has_a_host_of_its_own(deployment, offline, issuer):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    before = records.post(server.url, records.request(b"before")).json()
    leaf = hashlib.sha256(b"\0" + base64.b64decode(before["canonicalizedBody"])).hexdigest()
    name = client.get(server.url, "/api/v1/log/entries/" + leaf).json().popitem()[0]
    transcript = run("log", "rotate-key", "--log", "records", "--data", directory, "--overlap", "0s")
    assert "origin   shard-2.127.0.0.1" in transcript
    second = log_id(directory / "record-log/log-2.pub")

    def logged():
        answer = records.post(server.url, records.request(b"after"))
        return answer.json() if base64.b64decode(answer.json()["logId"]["keyId"]) == second else None

    entry = awaited(logged, 15, "the change")
    assert entry["inclusionProof"]["checkpoint"]["envelope"].startswith("shard-2.127.0.0.1\n")
    assert int(entry["logIndex"]) >= 1
    retired, current = client.get(server.url, "/trust/trusted_root.json").json()["tlogs"]
    assert base64.b64decode(current["logId"]["keyId"]) == second
    assert current["baseUrl"] == "http://shard-2.127.0.0.1"
    assert base64.b64decode(retired["logId"]["keyId"]) == log_id(directory / "record-log/log.pub")
    # The shard before is read as it was, and its entries are found by their names.
    assert origin(server, "/shards/1/api/v2/checkpoint") == "127.0.0.1"
    assert origin(server, "/api/v2/checkpoint") == "shard-2.127.0.0.1"
    assert client.get(server.url, "/shards/1/api/v2/tile/entries/000.p/2").status == 200
    for path in ("/shards/2/api/v2/checkpoint", "/shards/1/api/v2/log/entries", "/shards/x/api/v2/checkpoint", "/shards/1"):
        assert client.get(server.url, path).status == 404, path
    for asked in (name, leaf):
        found, = client.get(server.url, "/api/v1/log/entries/" + asked).json().items()
        assert found[0] == name and found[1]["body"] == before["canonicalizedBody"]
        assert bytes.fromhex(found[1]["logID"]) == log_id(directory / "record-log/log.pub")
    many = client.send(server.url, "POST", "/api/v1/log/entries/retrieve", json.dumps({"entryUUIDs": [name]}).encode())
    assert [list(row) for row in many.json()] == [[name]]
    assert client.get(server.url, "/api/v1/log/entries/" + "0" * 64).status == 404
    # Where to log is one place as before.
    config = client.get(server.url, "/trust/signing_config.json").json()
    assert {row["url"] for row in config["rekorTlogUrls"]} == {"http://127.0.0.1:5555"}


def test_shard_is_made_once_at_a_time_and_not_in_postgresql(deployment, offline):
    directory, keys = offline
    run("log", "rotate-key", "--data", directory)
    refused = mayfly.run("log", "rotate-key", "--data", directory)
    assert refused.returncode == 1 and "begin to sign at" in refused.stderr
    other = deployment.init()

    def shared(settings):
        settings["log"].update({"store": "postgres", "dsn-file": "dsn"})
        del settings["log"]["database"]

    mayfly.change_settings(other, shared)
    refused = mayfly.run("log", "rotate-key", "--data", other)
    assert refused.returncode == 1 and "PostgreSQL" in refused.stderr

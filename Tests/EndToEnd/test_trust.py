"""What clients are told to trust, judged by python-tuf and sigstore-python: files, repository, expiry, exchange of keys."""
import base64
import datetime
import hashlib
import http.server
import json
import pathlib
import shutil
import threading
import types
import urllib.parse

import pytest
import tuf.api.exceptions
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sigstore._internal.trust import KeyringPurpose
from sigstore.models import ClientTrustConfig, TrustedRoot
from tuf.api.metadata import Metadata, Root
from tuf.ngclient import Updater

import client
import mayfly
from mayfly import poll

URL = "https://sign.example.internal:8443"


@pytest.fixture
def offline(deployment):
    """A data directory, and the keys that its owner has moved away."""
    directory = deployment.init("--base-url", URL)
    keys = deployment.path("keys")
    keys.mkdir()
    for name in ("ca/root.key", "trust/root.key"):
        shutil.move(directory / name, keys / name.replace("/", "-"))
    return directory, keys


def update(server, pinned, cache, *names):
    """What python-tuf makes of the repository, from a pinned root on: the files' contents."""
    cache.mkdir(exist_ok=True)
    updater = Updater(metadata_dir=str(cache), metadata_base_url=server.url + "/tuf/", target_dir=str(cache),
                      target_base_url=server.url + "/tuf/targets/", bootstrap=pinned)
    updater.refresh()
    found = {}
    for name in names:
        info = updater.get_targetinfo(name)
        assert info, f"no target {name}"
        found[name] = pathlib.Path(updater.download_target(info)).read_bytes(), info
    return found, updater


def versions(server):
    """The newest version of each role, as files say."""
    def read(name):
        return client.get(server.url, "/tuf/" + name).json()["signed"]

    timestamp = read("timestamp.json")
    snapshot = timestamp["meta"]["snapshot.json"]["version"]
    targets = read(f"{snapshot}.snapshot.json")["meta"]["targets.json"]["version"]
    return {"root": read("root.json")["version"], "timestamp": timestamp["version"], "snapshot": snapshot, "targets": targets}


def renew(directory, keys, *arguments, key="trust-root.key"):
    done = mayfly.run("trust", "renew", "--data", directory, "--root-key", keys / key, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pinned_root(directory):
    return (directory / "trust/tuf/1.root.json").read_bytes()


def warnings(server):
    return [row["problem"] for row in client.get(server.url, "/readyz").json()["warnings"] if row["part"] == "trust"]


def members(value):
    """The names at every level."""
    if isinstance(value, dict):
        return {name: members(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [members(value[0])] if value else []
    return None


def test_client_updates_from_a_pinned_root(deployment, offline, tmp_path):
    directory, _ = offline
    server = deployment.serve_files(directory)
    found, _ = update(server, pinned_root(directory), tmp_path / "cache", "trusted_root.json", "signing_config.v0.2.json",
                      "ctfe.pub", "fulcio_v1.crt.pem", "fulcio_intermediate_v1.crt.pem")
    assert found["trusted_root.json"][0] == client.get(server.url, "/trust/trusted_root.json").body
    assert found["ctfe.pub"][0] == (directory / "log/log.pub").read_bytes()
    assert found["fulcio_v1.crt.pem"][0] == (directory / "ca/root.pem").read_bytes()
    assert found["ctfe.pub"][1].custom == {"sigstore": {"usage": "CTFE", "status": "Active", "uri": URL + "/ct"}}
    assert found["fulcio_v1.crt.pem"][1].custom == {"sigstore": {"usage": "Fulcio", "status": "Active", "uri": URL}}


def test_what_is_not_there_is_404_and_not_to_be_kept(deployment, offline):
    directory, _ = offline
    server = deployment.serve_files(directory)
    for path in ("/tuf/2.root.json", "/tuf/9.snapshot.json", "/tuf/targets/ctfe.pub", "/tuf/", "/tuf/../mayfly.yaml",
                 "/trust/", "/trust/root.key", "/tuf/..%2fonline.key"):
        answer = client.get(server.url, path)
        assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store"), path
    newest = client.get(server.url, "/tuf/timestamp.json")
    assert newest.headers["Cache-Control"] == "no-cache"
    same = client.send(server.url, "GET", "/tuf/timestamp.json", If_None_Match=newest.headers["ETag"])
    assert (same.status, same.body) == (304, b"")
    for path in ("/tuf/1.root.json", "/tuf/1.snapshot.json", "/tuf/1.targets.json"):
        assert "immutable" in client.get(server.url, path).headers["Cache-Control"]


def test_sigstore_takes_the_files_and_finds_our_keys_in_them(deployment, offline):
    directory, _ = offline
    folder = deployment.path("export")
    done = mayfly.run("trust", "export", folder, "--data", directory)
    assert done.returncode == 0, done.stderr
    root = TrustedRoot.from_file(str(folder / "trusted_root.json"))
    key = serialization.load_pem_public_key((directory / "log/log.pub").read_bytes())
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert list(root.ct_keyring(KeyringPurpose.SIGN)._keyring) == [hashlib.sha256(der).digest()]
    chain = x509.load_pem_x509_certificates((directory / "ca/chain.pem").read_bytes())
    assert root.get_fulcio_certs() == chain
    assert json.loads((folder / "trust_config.json").read_text()) == {
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": json.loads((folder / "trusted_root.json").read_text()),
        "signingConfig": json.loads((folder / "signing_config.v0.2.json").read_text())}


def test_record_log_is_named_once_by_its_origin_and_offered_in_both_versions(deployment, tmp_path):
    directory = deployment.init("--base-url", URL)
    server = deployment.serve_files(directory)
    root = client.get(server.url, "/trust/trusted_root.json").json()
    key = serialization.load_pem_public_key((directory / "record-log/log.pub").read_bytes())
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    log, = root["tlogs"]
    assert log["logId"]["keyId"] == base64.b64encode(hashlib.sha256(der).digest()).decode()
    assert urllib.parse.urlsplit(log["baseUrl"]).hostname == "sign.example.internal"
    found, _ = update(server, pinned_root(directory), tmp_path / "cache", "rekor.pub")
    assert found["rekor.pub"][0] == (directory / "record-log/log.pub").read_bytes()
    assert found["rekor.pub"][1].custom["sigstore"]["usage"] == "Rekor"
    config = ClientTrustConfig.from_json(client.get(server.url, "/trust/trust_config.json").body.decode())
    assert config.signing_config.get_fulcio().url == URL
    assert [submitter.url for submitter in config.signing_config.get_tlogs()] == [URL + "/api/v2"]
    assert list(config.trusted_root.rekor_keyring(KeyringPurpose.VERIFY)._keyring) == [hashlib.sha256(der).digest()]
    # Under another URL the log keeps its name: its checkpoints have it.
    folder = deployment.path("export")
    assert mayfly.run("trust", "export", folder, "--data", directory, "--url", "http://10.1.2.3:80").returncode == 0
    moved = json.loads((folder / "trusted_root.json").read_text())
    assert moved["tlogs"][0]["baseUrl"] == "http://sign.example.internal"
    assert json.loads((folder / "signing_config.v0.2.json").read_text())["rekorTlogUrls"][0]["url"] == "http://10.1.2.3:80"


def test_files_have_no_member_that_clients_were_not_seen_to_take(deployment, issuer):
    directory = deployment.init("--base-url", URL)
    server = deployment.serve(directory, issuer.settings())

    def check(ours, theirs, path):
        if isinstance(ours, dict):
            allowed = theirs | ({"end": None} if path.endswith(".validFor") else {})
            assert set(ours) <= set(allowed), path
            for name in ours:
                check(ours[name], allowed[name], f"{path}.{name}")
        elif isinstance(ours, list) and ours:
            check(ours[0], theirs[0], path)

    known = json.loads((pathlib.Path(__file__).parent / "data/trust-members.json").read_text())
    for name in known:
        check(members(client.get(server.url, "/trust/" + name).json()), known[name], name)


def test_repository_follows_a_change_that_the_offline_key_has_signed(deployment, offline, tmp_path):
    directory, keys = offline
    server = deployment.serve_files(directory)
    before, _ = update(server, pinned_root(directory), tmp_path / "cache", "signing_config.v0.2.json")
    mayfly.change_settings(directory, lambda settings: settings["oidc-issuers"].update(
        {"https://accounts.example.internal": {"type": "email", "client-id": "sigstore"}}))
    assert "not what is configured" in mayfly.run("trust", "show", "--data", directory).stdout
    # Where to log in is no matter of trust.
    assert not warnings(server)
    assert "content    what is configured now" in renew(directory, keys)
    poll(lambda: versions(server)["targets"] == 2, 10, "the publication")
    after, _ = update(server, pinned_root(directory), tmp_path / "cache", "signing_config.v0.2.json")
    assert before != after
    assert [row["url"] for row in json.loads(after["signing_config.v0.2.json"][0])["oidcUrls"]] == \
        ["https://accounts.example.internal"]
    assert not warnings(server)


def test_change_of_what_verifiers_need_is_warned_of(deployment, offline):
    directory, keys = offline
    mayfly.change_settings(directory, lambda settings: settings.update({"base-url": "https://new.example.internal"}))
    server = deployment.serve_files(directory)
    assert any("mayfly trust renew" in line for line in warnings(server))
    assert "mayfly trust renew" in server.log()
    renew(directory, keys)
    poll(lambda: not warnings(server), 10, "the end of the warning")


def test_renewal_without_the_online_key_waits_for_the_server(deployment, offline):
    directory, keys = offline
    copy = deployment.path("elsewhere")
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns("*.key"))
    renew(copy, keys)
    server = deployment.serve_files(directory)
    for path in sorted((copy / "trust/tuf").rglob("*.*")):
        shutil.copy(path, directory / "trust/tuf" / path.relative_to(copy / "trust/tuf"))
    poll(lambda: versions(server) == {"root": 1, "targets": 2, "snapshot": 2, "timestamp": 2}, 10, "the publication")


def test_clients_of_the_first_root_follow_all_exchanges_of_keys(deployment, offline, tmp_path):
    directory, keys = offline
    pinned = pinned_root(directory)
    server = deployment.serve_files(directory)
    update(server, pinned, tmp_path / "old", "trusted_root.json")
    renew(directory, keys, "--new-root-key", keys / "second.key")
    assert (keys / "second.key").stat().st_mode & 0o777 == 0o600
    refused = mayfly.run("trust", "renew", "--data", directory, "--root-key", keys / "trust-root.key")
    assert refused.returncode == 1 and "the key isn't one of the role" in refused.stderr
    renew(directory, keys, "--root", key="second.key")
    poll(lambda: versions(server)["root"] == 3, 10, "the publication")
    for cache in ("old", "new"):
        update(server, pinned, tmp_path / cache, "trusted_root.json")
    newest = Metadata[Root].from_bytes(client.get(server.url, "/tuf/3.root.json").body)
    assert newest.signed.version == 3
    # The server signs with a new online key after a restart.
    server.stop()
    renew(directory, keys, "--new-online-key", key="second.key")
    server = deployment.serve_files(directory)
    for cache in ("old", "new", "newest"):
        _, updater = update(server, pinned, tmp_path / cache, "trusted_root.json")
        assert updater._trusted_set.root.version == 4


def test_file_that_was_tampered_with_is_not_published(deployment, offline, tmp_path):
    directory, _ = offline
    target = next((directory / "trust/tuf/targets").glob("*.trusted_root.json"))
    good = target.read_bytes()
    server = deployment.serve_files(directory)
    pinned = pinned_root(directory)
    update(server, pinned, tmp_path / "cache", "trusted_root.json")
    # Another folder with the same names on the way to the client is refused by the client itself.
    bad = good.replace(b'"2', b'"1', 1)
    assert bad != good
    target.write_bytes(bad)
    (directory / "trust/tuf/timestamp.json").touch()
    poll(lambda: any("can't be read" in line for line in warnings(server)), 10, "the warning")
    found, _ = update(server, pinned, tmp_path / "fresh", "trusted_root.json")
    assert found["trusted_root.json"][0] == good
    server.stop()
    again = deployment.serve_files(directory)
    with pytest.raises(tuf.api.exceptions.DownloadError):
        update(again, pinned, tmp_path / "another", "trusted_root.json")
    assert "content is wrong" in again.log()


def test_client_refuses_a_changed_file(deployment, offline, tmp_path):
    """The exported folder behind a web server that isn't ours."""
    directory, _ = offline
    folder = deployment.path("export")
    assert mayfly.run("trust", "export", folder, "--data", directory).returncode == 0

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, directory=str(folder), **named)

        def log_message(self, *_):
            pass

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=web.serve_forever, daemon=True).start()

    class Site:
        url = f"http://127.0.0.1:{web.server_port}"

    try:
        pinned = (folder / "tuf/root.json").read_bytes()
        update(Site, pinned, tmp_path / "cache", "trusted_root.json")
        target = next((folder / "tuf/targets").glob("*.trusted_root.json"))
        target.write_bytes(target.read_bytes().replace(b'"2', b'"1', 1))
        with pytest.raises(tuf.api.exceptions.RepositoryError):
            update(Site, pinned, tmp_path / "second", "trusted_root.json")
    finally:
        web.shutdown()
        web.server_close()


def test_server_signs_anew_before_the_timestamp_ends(deployment, offline, tmp_path):
    directory, _ = offline
    pinned = pinned_root(directory)
    mayfly.change_settings(directory, lambda settings: settings["trust"].update(
        {"lifetimes": {"snapshot": "60s", "timestamp": "6s"}}))
    server = deployment.serve_files(directory)
    first = versions(server)["timestamp"]
    assert first == 2, "what was made for a week is made for six seconds now"
    poll(lambda: versions(server)["timestamp"] >= first + 2, 20, "two signatures in the time of two lives")
    update(server, pinned, tmp_path / "cache", "trusted_root.json")


def test_what_ends_is_refused_by_clients_and_warned_of_before(deployment, offline, tmp_path, monkeypatch):
    directory, keys = offline
    pinned = pinned_root(directory)
    server = deployment.serve_files(directory)
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=366)
    with monkeypatch.context() as patch:
        class Later(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return end

        patch.setattr("tuf.ngclient._internal.trusted_metadata_set.datetime", types.SimpleNamespace(datetime=Later, timezone=datetime.timezone))
        with pytest.raises(tuf.api.exceptions.ExpiredMetadataError):
            update(server, pinned, tmp_path / "cache", "trusted_root.json")
    server.stop()
    mayfly.change_settings(directory, lambda settings: settings["trust"].update({"lifetimes": {"targets": "1200d"}}))
    server = deployment.serve_files(directory)
    assert [line for line in warnings(server) if line.startswith("the targets expires in 36")]
    assert client.get(server.url, "/readyz").status == 200
    assert "(due)" in mayfly.run("trust", "show", "--data", directory).stdout
    renew(directory, keys)
    poll(lambda: not warnings(server), 10, "the end of the warning")
    assert "(due)" not in mayfly.run("trust", "show", "--data", directory).stdout


def test_export_has_everything_and_says_which_is_for_whom(deployment, offline):
    directory, _ = offline
    folder = deployment.path("export")
    assert mayfly.run("trust", "export", folder, "--data", directory, "--url", "https://other.example:1").returncode == 0
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"README.md", "trusted_root.json", "signing_config.v0.2.json", "trust_config.json", "tuf/root.json",
            "tuf/timestamp.json", "pem/ctfe.pub", "pem/fulcio_v1.crt.pem", "pem/fulcio_chain.pem"} <= names
    index = (folder / "README.md").read_text()
    for name in ("trusted_root.json", "signing_config.v0.2.json", "trust_config.json", "tuf/root.json", "snippets/"):
        assert f"`{name}`" in index
    assert json.loads((folder / "signing_config.v0.2.json").read_text())["caUrls"][0]["url"] == "https://other.example:1"
    assert URL not in index
    private = [name for name in names if b"PRIVATE KEY" in (folder / name).read_bytes()]
    assert not private
    for path in (folder / "snippets").glob("*.yaml"):
        documents = list(yaml.safe_load_all(path.read_text()))
        assert documents and documents[0]["kind"] in ("TrustRoot", "ClusterPolicy")
    keys = yaml.safe_load((folder / "snippets/policy-controller-keys.yaml").read_text())["spec"]["sigstoreKeys"]
    assert base64.b64decode(keys["ctLogs"][0]["publicKey"]) == (directory / "log/log.pub").read_bytes()
    assert base64.b64decode(keys["certificateAuthorities"][0]["certChain"]) == (directory / "ca/chain.pem").read_bytes()


def test_directory_without_the_section_serves_files_and_no_repository(deployment):
    """As directories of earlier versions are."""
    directory = deployment.init()

    def earlier(settings):
        del settings["trust"], settings["base-url"]

    mayfly.change_settings(directory, earlier)
    shutil.rmtree(directory / "trust")
    server = deployment.serve_files(directory)
    assert client.get(server.url, "/trust/trusted_root.json").status == 200
    assert client.get(server.url, "/tuf/root.json").status == 404
    assert client.get(server.url, "/readyz").json()["warnings"] == []
    done = mayfly.run("trust", "renew", "--data", directory)
    assert done.returncode == 1 and "trust" in done.stderr


def test_passphrase_opens_both_keys(deployment):
    passphrase = deployment.path("passphrase")
    passphrase.write_text("correct horse\n")
    directory = deployment.init("--passphrase-file", passphrase)
    for name in ("root.key", "online.key"):
        assert b"ENCRYPTED" in (directory / "trust" / name).read_bytes()
    assert mayfly.run("trust", "renew", "--data", directory).returncode == 0
    assert versions(deployment.serve_files(directory))["timestamp"] == 2


@pytest.mark.parametrize("value, rule", [
    ("http://a/", "must not end with a slash"), ("http://a/path", "must have no path"), ("ftp://a", "must begin with"),
    ("[x]", "must be a text")])
def test_base_url_that_clients_stumble_over_is_refused(deployment, value, rule):
    directory = deployment.init()
    path = directory / "mayfly.yaml"
    path.write_text(path.read_text().replace("base-url: http://127.0.0.1:5555", "base-url: " + value))
    with pytest.raises(mayfly.NotReady) as refused:
        deployment.serve_files(directory)
    assert "base-url" in refused.value.text and rule in refused.value.text

"""A data directory that is not whole is refused by name, with exit code 1, and nothing in it is touched."""
import re
import shutil
import sqlite3

import pytest

import mayfly
from authorities import authority, chain, key_pem, pem
from cryptography.hazmat.primitives.asymmetric import ec, rsa


@pytest.fixture(scope="module")
def filled(module_deployment, issuer, tmp_path_factory):
    """A data directory with an adopted chain, an encrypted key and some entries, stopped in good order."""
    outside = tmp_path_factory.mktemp("adopted")
    adopted = chain()
    (outside / "chain.pem").write_bytes(adopted.chain_pem())
    (outside / "key.pem").write_bytes(key_pem(adopted.key, b"a passphrase"))
    (outside / "passphrase").write_text("a passphrase\n")
    directory = module_deployment.init("--root", outside / "chain.pem", "--key", outside / "key.pem",
                                       "--passphrase-file", outside / "passphrase")
    server = module_deployment.serve(directory, issuer.settings())
    for _ in range(30):
        server.issue(issuer)
    assert server.stop() == 0
    # The last connection to end folds the write-ahead log in, so that the damage below is done to all there is.
    database = sqlite3.connect(directory / "mayfly.db")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return directory, adopted, outside


def rewrite(path, change):
    path.write_bytes(change(path.read_bytes()))


def settings_text(directory, change):
    path = directory / "mayfly.yaml"
    path.write_text(change(path.read_text()))


def flip_near_the_end(data):
    """Damages the newest entries, which every start looks at."""
    at = len(data) - 700
    return data[:at] + bytes(byte ^ 0xFF for byte in data[at:at + 600]) + data[at + 600:]


# Name: (what is done to the directory, what the message must speak of).
DAMAGE = {
    "database cut to half": (lambda d, a: rewrite(d / "mayfly.db", lambda data: data[:len(data) // 2]), "mayfly.db|database"),
    "database cut to nothing": (lambda d, a: rewrite(d / "mayfly.db", lambda _: b""), "mayfly.db|database"),
    "database overwritten": (lambda d, a: rewrite(d / "mayfly.db", lambda data: b"x" * len(data)), "mayfly.db|database"),
    "database damaged inside": (lambda d, a: rewrite(d / "mayfly.db", flip_near_the_end), "mayfly.db|database|log"),
    "no database": (lambda d, a: (d / "mayfly.db").unlink(), "mayfly.db|database"),
    "no issuing key": (lambda d, a: (d / "ca/issuing.key").unlink(), "issuing.key"),
    "no chain": (lambda d, a: (d / "ca/chain.pem").unlink(), "chain.pem"),
    "no log key": (lambda d, a: (d / "log/log.key").unlink(), "log.key"),
    "no settings": (lambda d, a: (d / "mayfly.yaml").unlink(), "mayfly.yaml"),
    "key of another certificate": (
        lambda d, a: (d / "ca/issuing.key").write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1()), b"a passphrase")),
        "issuing.key|another key"),
    "key of another log": (
        lambda d, a: (d / "log/log.key").write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1()))), "log.key|checkpoint"),
    "garbage for a key": (lambda d, a: (d / "ca/issuing.key").write_bytes(b"garbage"), "issuing.key"),
    "garbage for a chain": (lambda d, a: (d / "ca/chain.pem").write_bytes(b"garbage"), "chain.pem"),
    "chain in the wrong order": (
        lambda d, a: (d / "ca/chain.pem").write_bytes(b"".join(map(pem, reversed(a.chain)))), "chain.pem|chain"),
    "expired certificate": (
        lambda d, a: (d / "ca/chain.pem").write_bytes(
            authority("Tests Issuing", authority("Tests Root"), key=a.key, start=-20, end=-10).chain_pem()), "expired"),
    "certificate of tomorrow": (
        lambda d, a: (d / "ca/chain.pem").write_bytes(
            authority("Tests Issuing", authority("Tests Root"), key=a.key, start=1).chain_pem()), "not yet valid|valid"),
    "unknown setting": (lambda d, a: settings_text(d, lambda t: "listenn: 127.0.0.1:1\n" + t),
                        r"mayfly\.yaml.*1.*listenn.*listen"),
    "settings that are no YAML": (lambda d, a: settings_text(d, lambda t: t + "\n\tbroken: [\n"), r"mayfly\.yaml.*\d+"),
    "settings of the wrong kind": (lambda d, a: settings_text(d, lambda t: "- a\n- b\n"), r"mayfly\.yaml"),
}


def refused(directory, expected, *arguments):
    before = mayfly.fingerprint(directory)
    done = mayfly.run("serve", "--data", directory, "--listen", "127.0.0.1:0", *arguments)
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert re.search(expected, done.stderr, re.I | re.S), done.stderr
    assert "Fatal error" not in done.stderr and "passphrase\"" not in done.stderr
    assert mayfly.fingerprint(directory) == before, "the refused directory was written to"


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_directory_is_refused_untouched(filled, deployment, issuer, tmp_path, name):
    whole, adopted, _ = filled
    directory = tmp_path / "damaged"
    shutil.copytree(whole, directory)
    damage, expected = DAMAGE[name]
    damage(directory, adopted)
    refused(directory, expected, "--identity-config", deployment.identities(issuer.settings()))


def test_undamaged_copy_is_served(filled, deployment, issuer, tmp_path):
    """The counterpart: the copy itself is not what the tests above refuse."""
    directory = tmp_path / "whole"
    shutil.copytree(filled[0], directory)
    server = deployment.serve(directory, issuer.settings())
    assert server.auditor().audit().size == 31


def test_wrong_passphrase_is_refused(deployment, issuer, tmp_path):
    (tmp_path / "passphrase").write_text("right\n")
    directory = deployment.init("--passphrase-file", tmp_path / "passphrase")
    (tmp_path / "passphrase").write_text("wrong\n")
    refused(directory, "passphrase", "--identity-config", deployment.identities(issuer.settings()))


def test_directory_that_is_not_there_is_refused(tmp_path):
    done = mayfly.run("serve", "--data", tmp_path / "nowhere")
    assert done.returncode == 1 and "nowhere" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def misspelt(issuer):
    return {url: settings | {"clientt-id": "sigstore"} for url, settings in issuer.settings().items()}


def test_misspelt_issuer_setting_is_refused_in_our_own_file(deployment, issuer):
    directory = deployment.init()
    mayfly.change_settings(directory, lambda settings: settings.update({"oidc-issuers": misspelt(issuer)}))
    refused(directory, r"mayfly\.yaml.*clientt-id.*client-id")


def test_unknown_issuer_setting_is_no_harm_in_fulcios_file(deployment, issuer):
    """OIDC-2: an existing file works unchanged."""
    server = deployment.serve(deployment.init(), misspelt(issuer))
    server.issue(issuer)


def test_second_server_on_one_directory_is_refused(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    refused(directory, "in use|another|lock|running", "--identity-config", deployment.identities(issuer.settings()))
    server.issue(issuer)
    assert server.auditor().audit().size == 3


def test_second_init_changes_nothing(deployment):
    directory = deployment.init()
    before = mayfly.fingerprint(directory)
    done = mayfly.run("init", directory)
    assert done.returncode != 0 and str(directory) in done.stderr
    assert mayfly.fingerprint(directory) == before


def test_init_leaves_foreign_files_alone(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/precious").write_text("mine")
    before = mayfly.fingerprint(tmp_path / "data")
    done = mayfly.run("init", tmp_path / "data")
    assert done.returncode != 0 and done.stderr
    assert mayfly.fingerprint(tmp_path / "data") == before


ROOT = authority("Tests Root")
UNSUITABLE = {
    "CHAIN-1 no certificate": lambda: (b"", ROOT.key),
    "CHAIN-2 expired": lambda: bundle(authority("Issuing", ROOT, start=-20, end=-10)),
    "CHAIN-2 wrong order": lambda: (b"".join(map(pem, reversed(chain().chain))), ROOT.key),
    "CHAIN-2 root missing in between": lambda: (pem(chain().certificate) + pem(ROOT.certificate), ROOT.key),
    "CHAIN-3 not an authority": lambda: bundle(authority("Issuing", ROOT, is_ca=False)),
    "CHAIN-4 not for code signing": lambda: bundle(authority("Issuing", ROOT, code_signing=False)),
    "CHAIN-5 another key": lambda: (chain().chain_pem(), ec.generate_private_key(ec.SECP256R1())),
    "CHAIN-5 weak key": lambda: bundle(authority("Issuing", ROOT, key=rsa.generate_private_key(65537, 1024))),
    "no certificate signing": lambda: bundle(authority("Issuing", ROOT, usages=("digital_signature",))),
}


def bundle(made):
    return made.chain_pem(), made.key


@pytest.mark.parametrize("name", UNSUITABLE)
def test_unsuitable_chain_is_not_adopted(tmp_path, name):
    certificates, key = UNSUITABLE[name]()
    (tmp_path / "chain.pem").write_bytes(certificates)
    (tmp_path / "key.pem").write_bytes(key_pem(key))
    done = mayfly.run("init", tmp_path / "data", "--root", tmp_path / "chain.pem", "--key", tmp_path / "key.pem")
    assert done.returncode != 0 and done.stderr.strip()
    assert not (tmp_path / "data").exists() or not list((tmp_path / "data").iterdir())

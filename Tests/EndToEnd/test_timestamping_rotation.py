"""The timestamp authority's key is exchanged: what the old one has signed verifies as before, by sigstore-python's rules."""
import shutil

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from rfc3161_client import VerificationError, decode_timestamp_response
from sigstore.models import TrustedRoot

import authorities
import client
import mayfly
import stampers
from test_rotation import awaited, generations, run

MESSAGE = b"the bytes of a signature"


@pytest.fixture
def offline(deployment):
    """A data directory without the keys that its owner has moved away."""
    directory = deployment.init()
    keys = deployment.path("keys")
    keys.mkdir()
    shutil.move(directory / "tsa/root.key", keys / "tsa.key")
    return directory, keys


def stamp(server):
    answer = stampers.ask(server.url, stampers.request(MESSAGE))
    assert answer.status == 200, answer.body
    return answer.body


def signer(answer):
    """The serial number of the certificate that has signed."""
    return x509.load_der_x509_certificate(list(decode_timestamp_response(answer).signed_data.certificates)[0]).serial_number


def trusting(server, tmp_path):
    """What the server tells verifiers, read by sigstore-python: chain and window of each timestamp authority."""
    path = tmp_path / "root.json"
    path.write_bytes(client.get(server.url, "/trust/trusted_root.json").body)
    return TrustedRoot.from_file(str(path)).get_timestamp_authorities()


def verifies(trusted, answer):
    """As sigstore-python's verifier tries them: the number of the first one that has signed it, within its window."""
    time = decode_timestamp_response(answer).tst_info.gen_time
    for number, one in enumerate(trusted):
        try:
            stampers.verify(one.certificates(allow_expired=True), answer, MESSAGE)
        except VerificationError:
            continue
        if one.validity_period_start <= time and (not one.validity_period_end or time < one.validity_period_end):
            return number
    raise AssertionError("nobody who is trusted has signed it")


def test_old_and_new_timestamps_verify(deployment, offline, issuer, tmp_path):
    directory, keys = offline
    server = deployment.serve(directory, issuer.settings())
    old, port = stamp(server), server.port
    transcript = run("tsa", "rotate", "--data", directory, "--root-key", keys / "tsa.key", "--overlap", "10s")
    for line in ("generation 2 of timestamping", "tsa/tsa-2.key", "tsa/chain-2.pem", "SHA-256", "signs from"):
        assert line in transcript, transcript
    assert (directory / "tsa/tsa-2.key").stat().st_mode & 0o777 == 0o600
    trusted = awaited(lambda: (t := trusting(server, tmp_path)) if len(trusting(server, tmp_path)) == 2 else None, 10,
                      "the publication")
    between = awaited(lambda: stamp(server), 5, "the timestamp")
    assert signer(between) == signer(old), "it signs only when clients have had the time to learn of it"
    new = awaited(lambda: (made := stamp(server)) if signer(stamp(server)) != signer(old) else None, 25, "the change")
    assert server.port == port and server.process.poll() is None
    # Who knew of it before it signed needs nothing new; who asks now sees when the old one ends.
    for known in (trusted, trusting(server, tmp_path)):
        assert verifies(known, old) == verifies(known, between) != verifies(known, new)
    first, second = generations(directory, "tsa/tsa")
    assert "end" in first and "end" not in second and first["end"] > second["signs-from"]
    chain = x509.load_pem_x509_certificates(client.get(server.url, stampers.PATH + "/certchain").body)
    assert chain == x509.load_pem_x509_certificates((directory / "tsa/chain-2.pem").read_bytes())
    assert chain[0].serial_number == signer(new)


def test_own_chain_is_taken_over(deployment, issuer, tmp_path):
    directory = deployment.init()
    made = stampers.leaf(stampers.root())
    (tmp_path / "chain.pem").write_bytes(made.chain_pem())
    (tmp_path / "key.pem").write_bytes(authorities.key_pem(made.key))
    run("tsa", "rotate", "--data", directory, "--chain", tmp_path / "chain.pem", "--key", tmp_path / "key.pem", "--overlap", "0s")
    server = deployment.serve(directory, issuer.settings())
    assert signer(stamp(server)) == made.certificate.serial_number
    assert verifies(trusting(server, tmp_path), stamp(server)) == 1


def test_an_intermediates_key_is_enough(deployment, issuer):
    directory = deployment.init()
    middle = authorities.authority("Tests TSA Intermediate", stampers.root(), code_signing=False)
    stampers.use(directory, stampers.leaf(middle))
    (directory / "middle.key").write_bytes(authorities.key_pem(middle.key))
    run("tsa", "rotate", "--data", directory, "--root-key", directory / "middle.key", "--overlap", "0s")
    chain = x509.load_pem_x509_certificates((directory / "tsa/chain-2.pem").read_bytes())
    assert chain[1:] == middle.chain
    stampers.verify(chain, stamp(deployment.serve(directory, issuer.settings())), MESSAGE)


def test_what_does_not_fit_changes_nothing(deployment, offline, tmp_path):
    directory, keys = offline
    before = mayfly.fingerprint(directory)
    good = stampers.leaf(stampers.root())

    def refused(*arguments):
        done = mayfly.run("tsa", "rotate", "--data", directory, *arguments)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def adopt(made, key=None):
        (tmp_path / "chain.pem").write_bytes(made.chain_pem())
        (tmp_path / "key.pem").write_bytes(authorities.key_pem(key or made.key))
        return refused("--chain", tmp_path / "chain.pem", "--key", tmp_path / "key.pem")

    assert "tsa/root.key" in refused()
    assert "another key" in refused("--root-key", directory / "ca/root.key")
    assert "another key" in adopt(good, ec.generate_private_key(ec.SECP256R1()))
    assert "only extended key usage" in adopt(stampers.leaf(stampers.root(), critical=False))
    assert "sigstore-python" in adopt(stampers.leaf(stampers.root(), ed25519.Ed25519PrivateKey.generate()))
    assert "has expired" in adopt(stampers.leaf(stampers.root(), seconds=-1))
    assert "belong together" in refused("--chain", tmp_path / "chain.pem")
    assert mayfly.fingerprint(directory) == before
    run("tsa", "rotate", "--data", directory, "--root-key", keys / "tsa.key")
    assert "begin to sign at" in refused("--root-key", keys / "tsa.key")
    mayfly.change_settings(directory, lambda settings: settings.pop("timestamping"))
    assert "no section timestamping" in refused("--root-key", keys / "tsa.key")

"""`mayfly verify` and other people's verifiers, on bundles of every kind that their signers make: one verdict."""
import base64
import copy
import json

import pytest

import mayfly
import stack as stacks
from signers import VERIFIERS

PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
PREDICATE = {"buildDefinition": {"buildType": "https://example.com/build", "externalParameters": {}},
             "runDetails": {"builder": {"id": "https://example.com/builder"}}}
ALGORITHMS = ["ecdsa-sha2-256-nistp256", "ecdsa-sha2-384-nistp384", "ecdsa-sha2-512-nistp521", "rsa-sign-pkcs1-2048-sha256"]


def rekor_v1(machine):
    """A signing configuration whose only log is of Rekor v1."""
    config = json.loads(machine.stack.signing_config.read_text())
    config["rekorTlogUrls"] = [one for one in config["rekorTlogUrls"] if one["majorApiVersion"] == 1]
    assert config["rekorTlogUrls"], "the stack's configuration names no Rekor v1"
    return machine.write("signing_v1.json", config)


def trust_v1(machine):
    config = json.loads(machine.stack.trust_config.read_text())
    config["signingConfig"] = json.loads(rekor_v1(machine).read_text())
    return machine.write("trust_v1.json", config)


def cosign(machine, command, config, *arguments):
    machine.run("cosign", command, "-y", "--identity-token", machine.token_file(), "--signing-config", config,
                "--trusted-root", machine.stack.trusted_root, *arguments, "--bundle", "bundle.json", machine.file)


def verified(machine, *arguments):
    return json.loads(machine.run(*machine.mayfly_verify(), "--bundle", "bundle.json", "--json", *arguments, machine.file))


@pytest.mark.parametrize("version", [1, 2])
def test_cosigns_blobs_and_attestations(machine, version):
    config = rekor_v1(machine) if version == 1 else machine.stack.signing_config
    kind = {1: ("hashedrekord", "dsse"), 2: ("hashedrekord", "hashedrekord")}[version]
    predicate = machine.write("predicate.json", PREDICATE)
    for entry, command, arguments in ((kind[0], "sign-blob", ()),
                                      (kind[1], "attest-blob", ("--type", "slsaprovenance1", "--predicate", predicate))):
        cosign(machine, command, config, *arguments)
        bundle = json.loads(machine.path("bundle.json").read_text())
        assert bundle["verificationMaterial"]["tlogEntries"][0]["kindVersion"] == {
            "kind": entry, "version": f"0.0.{version}"}
        wanted = ("--type", PREDICATE_TYPE) if command == "attest-blob" else ()
        answer = verified(machine, *wanted)
        assert answer.get("predicateType") == (PREDICATE_TYPE if wanted else None)
        assert any(time["source"] == "log" for time in answer["times"]) == (version == 1)
        for stranger in machine.strangers:
            machine.refused(*machine.mayfly_verify(stranger), "--bundle", "bundle.json", machine.file)


@pytest.mark.parametrize("version", [1, 2])
def test_sigstore_pythons_blobs_and_attestations(machine, version):
    config = trust_v1(machine) if version == 1 else machine.stack.trust_config
    predicate = machine.write("predicate.json", PREDICATE)
    machine.run("sigstore", "--trust-config", config, "sign", "--identity-token", machine.stack.token(), "--bundle",
                "bundle.json", machine.file)
    assert "predicateType" not in verified(machine)
    machine.run("sigstore", "--trust-config", config, "attest", "--identity-token", machine.stack.token(), "--predicate",
                predicate, "--predicate-type", PREDICATE_TYPE, "--bundle", "attested.json", machine.file)
    machine.path("attested.json").rename(machine.path("bundle.json"))
    assert verified(machine, "--type", PREDICATE_TYPE)["predicateType"] == PREDICATE_TYPE


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_keys_of_every_kind(machine, algorithm):
    cosign(machine, "sign-blob", machine.stack.signing_config, "--signing-algorithm", algorithm)
    assert verified(machine)["verified"]


def test_keys_without_certificates(machine):
    machine.run("cosign", "generate-key-pair")
    key = ("--key", "cosign.pub", "--bundle", "bundle.json")
    machine.run("cosign", "sign-blob", "-y", "--key", "cosign.key", "--signing-config", machine.stack.signing_config,
                "--trusted-root", machine.stack.trusted_root, "--bundle", "bundle.json", machine.file)
    verify = (mayfly.BINARY, "verify", "--trusted-root", machine.stack.trusted_root)
    machine.run(*verify, *key, machine.file)
    machine.refused(*machine.mayfly_verify(), "--bundle", "bundle.json", machine.file)
    machine.path("cosign.key").unlink()
    machine.path("cosign.pub").unlink()
    machine.run("cosign", "generate-key-pair")
    machine.refused(*verify, *key, machine.file)


# One verdict: whatever others refuse, mayfly refuses.

def paths(value, path=()):
    """Each text in a bundle, by the way to it."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from paths(part, path + (name,))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from paths(part, path + (place,))
    else:
        yield path


def changed(bundle, path):
    """The bundle with one text a little different: base64 in its last byte, a number by one, others at their end."""
    bundle = copy.deepcopy(bundle)
    place = bundle
    for part in path[:-1]:
        place = place[part]
    value = place[path[-1]]
    if isinstance(value, int) or value.isdigit():
        new = str(int(value) + 1)
    else:
        try:
            data = base64.b64decode(value, validate=True)
            new = base64.b64encode(data[:-1] + bytes([data[-1] ^ 1])).decode() if len(data) > 16 else value + "x"
        except ValueError:
            new = value + "x"
    place[path[-1]] = new
    return bundle


@pytest.fixture(scope="module", params=[1, 2], ids=["rekor-v1", "rekor-v2"])
def signed(stack, request, tmp_path_factory):
    machine = stacks.Machine(stack, tmp_path_factory.mktemp("signed") / "machine")
    cosign(machine, "sign-blob", rekor_v1(machine) if request.param == 1 else machine.stack.signing_config)
    return machine


def test_every_change_that_others_refuse_is_refused(signed):
    bundle = json.loads(signed.path("bundle.json").read_text())
    verdicts = {}
    for path in paths(bundle):
        signed.write("changed.json", changed(bundle, path))
        for name in ("mayfly", "cosign", "go"):
            command = VERIFIERS[name](signed, signed.person, "changed.json", signed.file)
            verdicts.setdefault(".".join(map(str, path)), {})[name] = signed.finish(*command).returncode == 0
    assert len(verdicts) >= 15
    lax = [path for path, by in verdicts.items() if by["mayfly"] and not all(by.values())]
    assert lax == []
    # What others pass over: the checkpoint says it again, the body is made anew, and the kind stands in the body.
    strict = {path.split(".")[-1] for path, by in verdicts.items() if not by["mayfly"] and any(by.values())}
    assert strict <= {"rootHash", "treeSize", "logIndex", "canonicalizedBody", "kind", "version", "signedTimestamp"}
    # Nothing of a bundle is free.
    assert not any(by["mayfly"] for by in verdicts.values())


def test_expression_whose_search_does_not_end_does_not_match(machine):
    cosign(machine, "sign-blob", machine.stack.signing_config)
    done = mayfly.run("verify", "--trusted-root", machine.stack.trusted_root, "--identity-regex", r"((\S*)*)*!",
                      "--issuer-regex", ".*", "--bundle", machine.path("bundle.json"), machine.file, timeout=30)
    assert done.returncode == 1 and "identity" in done.stdout, done.stdout + done.stderr

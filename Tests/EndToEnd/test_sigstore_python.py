"""sigstore-python and model-signing, unmodified, against the private stack: by client trust config and by TUF."""
import json

import pytest

PREDICATE = {"buildDefinition": {"buildType": "https://example.com/build", "externalParameters": {}},
             "runDetails": {"builder": {"id": "https://example.com/builder"}}}


@pytest.fixture(params=["trust-config", "instance"])
def pointed(machine, request):
    """A machine, and the options that point sigstore-python at the stack."""
    if request.param == "trust-config":
        return machine, ("sigstore", "--trust-config", machine.stack.trust_config)
    command = ("sigstore", "--instance", machine.stack.tuf_url)
    machine.run(*command, "trust-instance", machine.stack.tuf_root)
    return machine, command


def test_file_is_signed_and_verified(pointed):
    machine, sigstore = pointed
    machine.run(*sigstore, "sign", "--identity-token", machine.stack.token(), "--bundle", "bundle.json", machine.file)
    verify = (*sigstore, "verify", "identity", "--bundle", "bundle.json")
    machine.run(*verify, *machine.python_expect(), machine.file)
    machine.run(*verify, "--offline", *machine.python_expect(), machine.file)
    machine.refused(*verify, *machine.python_expect(), machine.write("b.txt", "hello?\n"))
    for stranger in machine.strangers:
        machine.refused(*verify, *machine.python_expect(stranger), machine.file)


def test_attestation(pointed):
    machine, sigstore = pointed
    machine.run(*sigstore, "attest", "--identity-token", machine.stack.token(), "--predicate",
                machine.write("predicate.json", PREDICATE), "--predicate-type", "https://slsa.dev/provenance/v1",
                "--bundle", "bundle.json", machine.file)
    machine.run(*sigstore, "verify", "identity", "--bundle", "bundle.json", *machine.python_expect(), machine.file)


def test_github_workflow_by_its_policy(machine):
    sigstore = ("sigstore", "--trust-config", machine.stack.trust_config)
    machine.run(*sigstore, "sign", "--identity-token", machine.stack.ci_token(), "--bundle", "bundle.json", machine.file)
    verify = (*sigstore, "verify", "github", "--bundle", "bundle.json", "--repository", "acme/arm",
              "--ref", "refs/heads/main")
    # The command compares the issuer with GitHub's own, which this one isn't: the last of its checks is the first to say.
    assert "https://token.actions.githubusercontent.com" in machine.refused(*verify, "--trigger", "push", machine.file)


def test_other_people_s_trust_root_refuses(machine):
    """The counterpart: the same bundle under a trust root whose log has another key."""
    machine.run("sigstore", "--trust-config", machine.stack.trust_config, "sign", "--identity-token",
                machine.stack.token(), "--bundle", "bundle.json", machine.file)
    config = json.loads(machine.stack.trust_config.read_text())
    root = config["trustedRoot"]
    for log in root["tlogs"]:
        log["publicKey"]["rawBytes"] = root["ctlogs"][0]["publicKey"]["rawBytes"]
        log["logId"] = root["ctlogs"][0]["logId"]
    machine.write("other.json", config)
    machine.refused("sigstore", "--trust-config", "other.json", "verify", "identity", "--bundle", "bundle.json",
                    *machine.python_expect(), machine.file)


def test_model_is_signed_and_verified(machine):
    model = machine.path("model")
    model.mkdir()
    (model / "weights").write_text("1 2 3\n")
    (model / "config.json").write_text("{}\n")
    trust = ("--trust_config", machine.stack.trust_config)
    machine.run("model_signing", "sign", "sigstore", model, "--signature", "model.sig",
                "--identity_token", machine.stack.token(), *trust)
    verify = ("model_signing", "verify", "sigstore", model, "--signature", "model.sig", *trust,
              "--identity_provider", machine.person.issuer, "--identity")
    machine.run(*verify, machine.person.identity)
    machine.refused(*verify, "mallory@example.com")
    (model / "weights").write_text("1 2 4\n")
    machine.refused(*verify, machine.person.identity)

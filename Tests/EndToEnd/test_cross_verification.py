"""Whoever signs, everybody verifies: cosign, sigstore-python, sigstore-go and mayfly."""
import hashlib

import pytest

import stack as stacks
from signers import SIGNERS, VERIFIERS

PREDICATE_TYPE = "https://example.com/predicate/v1"


@pytest.fixture(scope="module", params=SIGNERS)
def signed(stack, request, tmp_path_factory):
    """A machine on which one of the programs has signed."""
    machine = stacks.Machine(stack, tmp_path_factory.mktemp(request.param) / "machine")
    SIGNERS[request.param](machine, "bundle.json")
    machine.write("b.txt", "hello?\n")
    return machine


@pytest.mark.parametrize("by", VERIFIERS)
def test_bundle_is_verified_for_its_signer_and_file_only(signed, by):
    verify = lambda signer, file: VERIFIERS[by](signed, signer, "bundle.json", file)
    signed.run(*verify(signed.person, "a.txt"))
    signed.refused(*verify(signed.person, "b.txt"))
    for stranger in signed.strangers:
        signed.refused(*verify(stranger, "a.txt"))


@pytest.mark.parametrize("by", VERIFIERS)
def test_statement_that_mayfly_signs_is_verified(machine, by):
    """An in-toto statement about a file: the file is verified by its digest in the statement."""
    digest = hashlib.sha256(machine.file.read_bytes()).hexdigest()
    statement = machine.write("statement.json", {
        "_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "a.txt", "digest": {"sha256": digest}}],
        "predicateType": PREDICATE_TYPE, "predicate": {"any": "thing"}})
    machine.run(*machine.mayfly_sign(), "--in-toto", "--bundle", "bundle.json", statement)

    def verify(file):
        command = VERIFIERS[by](machine, machine.person, "bundle.json", file)
        if by == "cosign":
            return ("cosign", "verify-blob-attestation", "--type", PREDICATE_TYPE, *command[2:])
        return (*command, "--type", PREDICATE_TYPE) if by == "mayfly" else command

    machine.run(*verify("a.txt"))
    machine.refused(*verify(machine.write("b.txt", "hello?\n")))

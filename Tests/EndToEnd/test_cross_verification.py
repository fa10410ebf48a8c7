"""Whoever signs, everybody verifies: cosign, sigstore-python, sigstore-go and mayfly."""
import pytest

import stack as stacks
from signers import SIGNERS, VERIFIERS


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

"""Keys are exchanged under a running server: clients that know the old root of trust learn of the new keys by themselves."""
import pytest

import stack as stacks
from conftest import Deployment
from mayfly import poll

ROTATIONS = {
    "ca": ("ca", "rotate", "--overlap", "1s"),
    "tsa": ("tsa", "rotate", "--overlap", "1s"),
    "certificate log": ("log", "rotate-key", "--log", "certificates", "--overlap", "1s"),
    "record log": ("log", "rotate-key", "--log", "records", "--overlap", "1s"),
}


@pytest.fixture
def own_stack(tmp_path):
    """A stack whose keys nobody else counts on."""
    deployment = Deployment(tmp_path)
    try:
        made = stacks.Stack(deployment)
        yield made
        made.end()
    finally:
        deployment.end()


def sign(machine, bundle):
    return ("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(), "--bundle", bundle, machine.file)


def verify(machine, bundle, *options):
    return ("cosign", "verify-blob", *machine.cosign_expect(), *options, "--bundle", bundle, machine.file)


@pytest.mark.parametrize("what", ROTATIONS)
def test_signatures_of_before_and_after_are_verified_by_who_knew_only_before(own_stack, tmp_path, what):
    stack, before, after = own_stack, "before.json", "after.json"
    machine = stacks.Machine(stack, tmp_path / "machine")
    machine.initialize()
    machine.run(*sign(machine, before))
    stack.mayfly(*ROTATIONS[what], "--data", stack.directory)

    # Signed until the old trust root, which is at hand as a file, no longer suffices: the new key is at work. A server
    # that takes up keys takes no connections for a moment.
    def changed():
        return (machine.finish(*sign(machine, after)).returncode == 0 and
                machine.finish(*verify(machine, after, "--trusted-root", stack.trusted_root)).returncode != 0)

    poll(changed, 30, "the exchange")
    machine.run(*verify(machine, before, "--trusted-root", stack.trusted_root))
    late = stacks.Machine(stack, tmp_path / "late")
    late.initialize()
    python = ("sigstore", "--instance", stack.tuf_url)
    late.run(*python, "trust-instance", stack.tuf_root)
    for bundle in (before, after):
        machine.run(*verify(machine, bundle))
        late.run(*verify(late, machine.path(bundle)))
        late.run(*python, "verify", "identity", "--bundle", machine.path(bundle), *late.python_expect(), late.file)

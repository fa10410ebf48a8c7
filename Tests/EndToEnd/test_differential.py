"""Bundles and trust roots with one thing changed: what cosign refuses, mayfly refuses. Being stricter is allowed."""
import base64
import concurrent.futures
import copy
import json

import pytest

import stack as stacks

PREDICATE_TYPE = "https://example.com/predicate/v1"
# What the checkpoint says as well, signed: mayfly reads it there, cosign compares in version 1 only.
SAID_TWICE = (".inclusionProof.rootHash left out", ".inclusionProof.treeSize left out")
ACCEPTED = 5        # at least: the names of authorities, for example, decide nothing


def leaves(value, path=()):
    """Every member and element, by the way that leads to it."""
    for name, member in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, name)
        if isinstance(member, (dict, list)):
            yield from leaves(member, (*path, name))


def flipped(text):
    """Another value of the same kind: a number, an address, bytes, or a text."""
    if text.isdigit():
        return str(int(text) + 1)
    if "127.0.0.1" in text:
        return text.replace("127.0.0.1", "127.0.0.2")
    try:
        data = bytearray(base64.b64decode(text, validate=True))
    except ValueError:
        data = b""
    if len(data) < 16:
        return text + "x"
    data[len(data) // 2] ^= 1
    return base64.b64encode(data).decode()


def changes(document):
    """Every document that differs from this one in one place: changed, left out, or there twice."""
    for path in leaves(document):
        *way, last = path
        for how in ("changed", "left out", "twice"):
            other = copy.deepcopy(document)
            holder = other
            for step in way:
                holder = holder[step]
            if how == "changed" and isinstance(holder[last], str):
                holder[last] = flipped(holder[last])
            elif how == "left out":
                del holder[last]
            elif how == "twice" and isinstance(holder, list):
                holder.append(holder[last])
            else:
                continue
            yield f"{'.'.join(map(str, path))} {how}", other


class Judges:
    """One file, signed; what two verifiers say about a bundle and a trust root."""

    def __init__(self, machine, is_attestation=False):
        self.machine, self.more = machine, ("--type", PREDICATE_TYPE) if is_attestation else ()
        self.verb = "verify-blob-attestation" if is_attestation else "verify-blob"

    def accepts(self, program, bundle, root):
        """cosign takes the time from the log's promise or from a timestamp, as it is told; mayfly from what is there."""
        commands = {"cosign": [("cosign", self.verb, *options) for options in ((), ("--use-signed-timestamps",))],
                    "mayfly": [(stacks.mayfly.BINARY, "verify")]}[program]
        return any(self.machine.finish(*command, "--trusted-root", root, *self.machine.cosign_expect(), *self.more,
                                       "--bundle", bundle, self.machine.file).returncode == 0 for command in commands)

    def compare(self, names, bundle, root):
        """What mayfly accepts of the changed documents, and what of that cosign refuses."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            judge = lambda program, names: [name for name, accepted in zip(names, pool.map(
                lambda name: self.accepts(program, bundle(name), root(name)), names)) if accepted]
            accepted = judge("mayfly", names)
            by_both = judge("cosign", accepted)
        return accepted, [name for name in accepted if name not in by_both]


@pytest.fixture(scope="module")
def signed(stack, tmp_path_factory):
    """A blob's bundle by version 2 of the log, one by version 1, and an attestation's."""
    machine = stacks.Machine(stack, tmp_path_factory.mktemp("differential") / "machine")
    first = json.loads(stack.signing_config.read_text())
    first["rekorTlogUrls"] = [one for one in first["rekorTlogUrls"] if one["majorApiVersion"] == 1]
    sign = ("-y", "--identity-token", machine.token_file(), "--trusted-root", stack.trusted_root, "--signing-config")
    machine.run("cosign", "sign-blob", *sign, stack.signing_config, "--bundle", "v2.json", machine.file)
    machine.run("cosign", "sign-blob", *sign, machine.write("first.json", first), "--bundle", "v1.json", machine.file)
    machine.run("cosign", "attest-blob", *sign, stack.signing_config, "--type", PREDICATE_TYPE, "--predicate",
                machine.write("predicate.json", {"any": "thing"}), "--bundle", "attestation.json", machine.file)
    return machine


@pytest.mark.parametrize("name", ["v2", "v1", "attestation"])
def test_changed_bundle_is_refused_where_cosign_refuses_it(signed, name):
    judge, root = Judges(signed, name == "attestation"), signed.stack.trusted_root
    assert all(judge.accepts(program, f"{name}.json", root) for program in ("cosign", "mayfly"))
    changed = dict(changes(json.loads(signed.path(f"{name}.json").read_text())))
    files = {what: signed.write(f"changed-{index}.json", bundle) for index, (what, bundle) in enumerate(changed.items())}
    _, lax = judge.compare([what for what in files if not what.endswith(SAID_TWICE)], files.get, lambda _: root)
    assert lax == [] and len(files) > 30


def test_changed_trust_root_is_refused_where_cosign_refuses_it(signed):
    judge = Judges(signed)
    changed = dict(changes(json.loads(signed.stack.trusted_root.read_text())))
    files = {what: signed.write(f"changed-{index}.json", root) for index, (what, root) in enumerate(changed.items())}
    accepted, lax = judge.compare(list(files), lambda _: "v2.json", files.get)
    assert lax == [] and ACCEPTED <= len(accepted) < len(files) // 2

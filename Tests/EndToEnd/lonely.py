"""The whole life of a signature on a machine without a network: run in a namespace that has only loopback.

    unshare --net --mount python lonely.py FOLDER

Prints how often anybody wanted to leave: while all worked as it should, and then when a client was made to want to.
"""
import json
import pathlib
import subprocess
import sys

import mayfly
from conftest import Deployment
from stack import Machine, Stack

# RFC 5737: addresses for documentation; asking a name server for anything is an attempt to leave as well.
NAME_SERVER = "nameserver 192.0.2.53\n"


def attempts():
    """Packets of this namespace that the kernel found no way for, as it counts them itself."""
    names, values = (line.split()[1:] for line in pathlib.Path("/proc/self/net/snmp").read_text().splitlines()
                     if line.startswith("Ip:"))
    sixth = dict(line.split() for line in pathlib.Path("/proc/self/net/snmp6").read_text().splitlines())
    return int(dict(zip(names, values))["OutNoRoutes"]) + int(sixth["Ip6OutNoRoutes"])


def live(deployment, folder):
    """Everything from nothing: an authority, its trust root, three clients that sign, and their verifiers."""
    stack = Stack(deployment)
    machine = Machine(stack, folder / "machine")
    for name in [name for name in machine.environment if name.lower().endswith("_proxy")]:
        del machine.environment[name]

    machine.initialize()
    machine.run("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(), "--bundle", "c.json", machine.file)
    machine.run("cosign", "verify-blob", *machine.cosign_expect(), "--bundle", "c.json", machine.file)

    python = ("sigstore", "--trust-config", stack.trust_config)
    machine.run(*python, "sign", "--identity-token", stack.token(), "--bundle", "p.json", machine.file)
    machine.run(*python, "verify", "identity", "--bundle", "p.json", *machine.python_expect(), machine.file)

    machine.run(*machine.mayfly_sign(), "--bundle", "m.json", machine.file)
    for bundle in ("c.json", "p.json", "m.json"):
        machine.run(*machine.mayfly_verify(), "--bundle", bundle, machine.file)
    stack.end()
    return machine


def main(folder):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    (folder / "resolv.conf").write_text(NAME_SERVER)
    subprocess.run(["mount", "--bind", folder / "resolv.conf", pathlib.Path("/etc/resolv.conf").resolve()], check=True)
    deployment = Deployment(folder)
    try:
        machine = live(deployment, folder)
    finally:
        deployment.end()
    quiet = attempts()
    machine.refused("cosign", "initialize", TUF_ROOT=str(folder / "elsewhere"))
    print(json.dumps({"program": mayfly.BINARY, "quiet": quiet, "asked to leave": attempts() - quiet}))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

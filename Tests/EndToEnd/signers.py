"""The four programs that sign and verify blobs, each as a function that signs and one that says how it verifies."""
import json


def cosign_signs(machine, bundle):
    machine.run("cosign", "sign-blob", "-y", "--identity-token", machine.token_file(), *machine.cosign_sign_files,
                "--bundle", bundle, machine.file)


def python_signs(machine, bundle):
    machine.run("sigstore", "--trust-config", machine.stack.trust_config, "sign", "--identity-token",
                machine.stack.token(), "--bundle", bundle, machine.file)


def go_signs(machine, bundle):
    """The example program prints the public key first and then, as one line, the bundle."""
    done = machine.finish("sigstore-go-signing", "-id-token", machine.stack.token(), "-rekor", "-tsa", "-s",
                          machine.stack.signing_config, "-t", machine.stack.trusted_root, machine.file)
    assert done.returncode == 0, done.stderr
    machine.write(bundle, json.loads(done.stdout.splitlines()[-1]))


def mayfly_signs(machine, bundle):
    machine.run(*machine.mayfly_sign(), "--bundle", bundle, machine.file)


def cosign_verifies(machine, signer, bundle, file):
    return ("cosign", "verify-blob", *machine.cosign_verify_files, *machine.cosign_expect(signer), "--bundle", bundle,
            file)


def python_verifies(machine, signer, bundle, file):
    return ("sigstore", "--trust-config", machine.stack.trust_config, "verify", "identity", "--offline", "--bundle",
            bundle, *machine.python_expect(signer), file)


def go_verifies(machine, signer, bundle, file):
    return ("sigstore-go-verification", "-trustedrootJSONpath", machine.stack.trusted_root, "-artifact", file,
            *machine.go_expect(signer), bundle)


def mayfly_verifies(machine, signer, bundle, file):
    return (*machine.mayfly_verify(signer), "--bundle", bundle, file)


SIGNERS = {"cosign": cosign_signs, "python": python_signs, "go": go_signs, "mayfly": mayfly_signs}
VERIFIERS = {"cosign": cosign_verifies, "python": python_verifies, "go": go_verifies, "mayfly": mayfly_verifies}

#!/usr/bin/env python3
"""Speaks the command line of the public sigstore-conformance suite (docs/cli_protocol.md there) for Mayfly.

    pytest sigstore-conformance/test --entrypoint .../conformance_client.py --skip-signing

The trusted root of Sigstore's public instance, for cases that bring none, is the one in sigstore-python's package.
"""
import argparse
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MAYFLY_BINARY") or ROOT / ".build/debug/mayfly"
STORE = "_store/https%3A%2F%2Ftuf-repo-cdn.{}.dev/trusted_root.json"


def public_root(staging):
    package = importlib.util.find_spec("sigstore")
    if package is None or package.origin is None:
        sys.exit("no --trusted-root, and the Python package sigstore, which has the public one, isn't installed")
    return pathlib.Path(package.origin).parent / STORE.format("sigstage" if staging else "sigstore")


def parse(arguments):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify-bundle")
    verify.add_argument("--certificate-identity")
    verify.add_argument("--certificate-oidc-issuer")
    verify.add_argument("--key")
    sign = commands.add_parser("sign-bundle")
    sign.add_argument("--in-toto", action="store_true")
    sign.add_argument("--identity-token", required=True)
    sign.add_argument("--signing-config")
    for command in (verify, sign):
        command.add_argument("--staging", action="store_true")
        command.add_argument("--bundle", required=True)
        command.add_argument("--trusted-root")
        command.add_argument("file")
    return parser.parse_args(arguments)


def verify(asked):
    who = ["--key", asked.key] if asked.key else ["--identity", asked.certificate_identity or "",
                                                  "--issuer", asked.certificate_oidc_issuer or ""]
    return subprocess.run([BINARY, "verify", asked.file, "--bundle", asked.bundle,
                           "--trusted-root", asked.trusted_root or public_root(asked.staging), *who]).returncode


def sign(asked):
    if not asked.signing_config:
        sys.exit("no --signing-config: Mayfly signs with a private stack, never with the public one by itself")
    with tempfile.NamedTemporaryFile("w") as token:
        token.write(asked.identity_token)
        token.flush()
        return subprocess.run([BINARY, "sign", asked.file, "--token-file", token.name, "--bundle", asked.bundle,
                               "--trusted-root", asked.trusted_root or public_root(asked.staging),
                               "--signing-config", asked.signing_config,
                               *(["--in-toto"] if asked.in_toto else [])]).returncode


if __name__ == "__main__":
    asked = parse(sys.argv[1:])
    sys.exit((verify if asked.command == "verify-bundle" else sign)(asked))

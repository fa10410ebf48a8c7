"""A network namespace with loopback and nothing else: everything works there, and nobody so much as tries to leave."""
import json
import os
import pathlib
import subprocess
import sys


def test_init_serve_sign_and_verify_without_a_network(tmp_path):
    """The kernel counts packets without a way out: none, until a cosign that knows no trust root looks for one."""
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    done = subprocess.run(
        ["unshare", "--net", "--mount", *rights, sys.executable, pathlib.Path(__file__).parent / "lonely.py", tmp_path],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["quiet"] == 0
    assert found["asked to leave"] > 0, "the counter doesn't count"

"""Programs of other people that judge certificates and logs, each as one function that returns its findings."""
import base64
import json
import os
import pathlib
import subprocess
import sys

import mayfly
from transparency import log_id, subject_public_key_info

TOOLS = pathlib.Path(os.environ.get("MAYFLY_TOOLS") or mayfly.ROOT / ".build/tools")
SCRIPTS = pathlib.Path(sys.executable).parent


def zlint(path):
    """zlint's findings other than passes: name to result."""
    done = subprocess.run([TOOLS / "usr/bin/zlint", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    results = {name: row["result"] for name, row in json.loads(done.stdout).items()}
    assert list(results.values()).count("pass") > 40, "zlint judged next to nothing"
    return {name: result for name, result in results.items() if result not in ("pass", "NA", "NE")}


def pkilint(path):
    """pkilint's findings down to remarks: code to severity."""
    done = subprocess.run([SCRIPTS / "lint_pkix_cert", "lint", "-s", "INFO", "-f", "JSON", path],
                          capture_output=True, text=True)
    assert done.stdout.startswith("{"), done.stderr
    return {finding["code"]: finding["severity"] for row in json.loads(done.stdout)["results"]
            for finding in row["finding_descriptions"]}


class CertSpotter:
    """SSLMate's monitor, following one log by its RFC 6962 interface, in search of a domain. `stop` ends it."""

    def __init__(self, url, key, folder, watched="."):
        self.folder, identifier = folder, log_id(key)
        listed = {"description": "Mayfly", "key": base64.b64encode(subject_public_key_info(key)).decode(),
                  "log_id": base64.b64encode(identifier).decode(), "mmd": 86400, "url": url + "/",
                  "state": {"usable": {"timestamp": "2026-01-01T00:00:00Z"}}}
        (folder / "logs.json").write_text(json.dumps(
            {"version": "1.0", "log_list_timestamp": "2026-01-01T00:00:00Z",
             "operators": [{"name": "Tests", "email": [], "logs": [listed]}]}))
        (folder / "watchlist").write_text(watched + "\n")
        self.state = folder / "state/logs" / base64.urlsafe_b64encode(identifier).decode().rstrip("=")
        self.output = open(folder / "output", "w+")
        self.process = subprocess.Popen(
            [TOOLS / "usr/bin/certspotter", "-logs", folder / "logs.json", "-watchlist", folder / "watchlist",
             "-state_dir", folder / "state", "-verbose", "-stdout", "-no_save"],
            stdout=self.output, stderr=subprocess.STDOUT)

    def verified_size(self):
        """How many entries it has read and found under a signed tree head."""
        try:
            state = json.loads((self.state / "state.json").read_text())
        except (FileNotFoundError, ValueError):
            return 0
        position = state.get("verified_position") or {}
        return position.get("size", 0)

    def malformed(self):
        """Entries it could not make sense of."""
        return [path.read_text() for path in (self.state / "malformed_entries").glob("*.txt")]

    def text(self):
        self.output.seek(0)
        return self.output.read()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.output.close()

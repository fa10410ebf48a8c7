"""Every request that was recorded of a real client is sent again, byte for byte, and answered in the same form."""
import json
import re

import pytest
from rfc3161_client import decode_timestamp_response

import captures
import client
from conftest import CAPTURES
from oidc import GITHUB_CLAIMS
from test_subtle_mistakes import ROWS

OPERATIONS = sorted(path.stem for path in CAPTURES.glob("*.json") if captures.load(path)) if CAPTURES.is_dir() else []
# What an operation reads, another one has written.
NEEDS = {"gitsign-verify": "gitsign-commit"}
# Members that other servers of the same protocol send and the recorded one didn't.
MORE = {
    ".signed.meta.*.length", ".signed.meta.*.hashes", ".signed.targets.*.custom", ".signed.x-tuf-on-ci-expiry-period",
}


def token(stack, subject):
    """A token for which the recorded proof of possession holds: it is a signature over the subject."""
    if "@" in subject:
        return stack.token(email=subject)
    return stack.ci.token("RS256", **GITHUB_CLAIMS | {"sub": subject})


@pytest.fixture(scope="module")
def replay(stack):
    """Sends recorded requests to the stack, with a token of its own and with its own names for files and entries."""
    files, tree = Files(stack.url), client.get(stack.url, "/api/v1/log").json()["treeID"]

    def send(request):
        path = files.named_here(re.sub(r"treeID=\d+", f"treeID={tree}", request["path"]))
        headers = {name: value for name, value in request["headers"].items()
                   if name not in ("Host", "Content-Length", "Connection", "Accept-Encoding")}
        if "Authorization" in headers:
            headers["Authorization"] = "Bearer " + token(stack, captures.subject(request))
        body = captures.raw(request["body"]) or None
        return client.send(stack.url, request["method"], path, body, **headers)

    return send


class Files:
    """What the files of the trust repository are called at its present versions, found as a client finds them."""

    def __init__(self, url):
        read = lambda name: json.loads(client.get(url, "/tuf/" + name).body)["signed"]
        snapshot = read("timestamp.json")["meta"]["snapshot.json"]["version"]
        targets = read(f"{snapshot}.snapshot.json")["meta"]["targets.json"]["version"]
        self.versions = {"root": read("root.json")["version"] + 1, "snapshot": snapshot, "targets": targets}
        self.targets = {name: f"{about['hashes']['sha256']}.{name}"
                        for name, about in read(f"{targets}.targets.json")["targets"].items()}

    def named_here(self, path):
        """The next root, which is not there, stays the next root."""
        path = re.sub(r"/\d+\.(root|snapshot|targets)\.json", lambda found: f"/{self.versions[found[1]]}.{found[1]}.json", path)
        return re.sub(r"/targets/[0-9a-f]{64}\.(.*)", lambda found: f"/targets/{self.targets[found[1]]}", path)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_recorded_operation_replays(replay, operation):
    if operation in NEEDS:
        list(entries(replay, NEEDS[operation]))
    for request in captures.load(CAPTURES / f"{operation}.json"):
        answer, recorded = replay(request), captures.raw(request["resp"])
        where = f"{request['method']} {request['path']}"
        assert answer.status == request["status"], f"{where}: {answer.status} {answer.body[:300]}"
        if answer.status == 404:
            continue                    # no client reads why there is no next root
        for name in ("ETag", "Location"):
            assert name in answer.headers or name not in request["resp_headers"], f"{where}: {name}"
        form = captures.kind(answer.headers, answer.body)
        assert form == captures.kind(request["resp_headers"], recorded), where
        if not request["path"].startswith("/tuf/"):
            assert answer.headers["Content-Type"] == request["resp_headers"]["Content-Type"], where
        if form == "json":
            wanted, got = (captures.shape(json.loads(body)) for body in (recorded, answer.body))
            assert captures.missing(wanted, got) == [], where
            assert set(captures.surplus(wanted, got)) <= MORE, where
        elif form == "application/timestamp-reply":
            compare_timestamps(captures.raw(request["body"]), answer.body, recorded, where)


def compare_timestamps(request, body, recorded, where):
    """RFC 3161 §2.4.2: granted, for the same imprint, with or without a certificate as it was asked."""
    answer, before = decode_timestamp_response(body), decode_timestamp_response(recorded)
    assert answer.status == before.status == 0, where
    ours, theirs = answer.tst_info, before.tst_info
    assert ours.message_imprint.message == theirs.message_imprint.message and ours.message_imprint.message in request
    assert ours.nonce == theirs.nonce and ours.policy == theirs.policy, where
    assert bool(answer.signed_data.certificates) == bool(before.signed_data.certificates), where


def entries(replay, operation):
    """The answers to a recorded operation's entries, whether it is replayed for the first time or not."""
    for request in captures.load(CAPTURES / f"{operation}.json"):
        if (request["method"], request["path"]) == ("POST", "/api/v1/log/entries"):
            assert replay(request).status in (201, 409)
            yield json.loads(captures.raw(request["resp"]))


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if "rekor-v1" in name or name == "gitsign-commit"])
def test_entry_has_the_recorded_name(replay, operation):
    """What a log entry is called is a hash over its canonical form, so two servers call it the same."""
    (name, entry), = next(entries(replay, operation)).items()
    answer = replay({"method": "GET", "path": f"/api/v1/log/entries/{name[16:]}", "headers": {}, "body": ""})
    (ours, mine), = answer.json().items()
    assert ours[16:] == name[16:] and mine["body"] == entry["body"]


def test_a_missing_member_is_noticed():
    """The counterpart: the comparison sees what is lacking, of another type, and too much."""
    one = captures.shape({"a": {"b": "12", "c": [{"d": 1}]}, "e": None})
    assert captures.missing(one, captures.shape({"a": {"b": "x", "c": [{}]}})) == [
        ".a.b: string instead of number in a string", ".a.c[].d is not there"]
    assert captures.surplus(one, captures.shape({"a": {"b": "1", "c": [{"d": 2, "f": ""}]}})) == [".a.c[].f"]


def test_every_row_of_the_matrices_has_a_test():
    rows = {line.removeprefix("-----").removeprefix("ALL-OK").strip() for path in CAPTURES.glob("matrix-*.txt")
            for line in path.read_text(errors="replace").splitlines() if line.startswith(("-----", "ALL-OK"))}
    assert rows and rows == set(ROWS)

"""mayfly log: what auditors ask of a data directory, beside a server at work and without one."""
import csv
import io
import json
import os
import pathlib
import pty
import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import client
import mayfly
from mayfly import change_settings, poll
from transparency import embedded_scts, read_leaf_index

PEOPLE = ["ann@example.com", "anna@example.com", "bob@example.com"]


def log(command, directory, *arguments):
    return mayfly.run("log", command, "--data", directory, *arguments)


def search(directory, *arguments, code=0):
    done = log("search", directory, "--format", "jsonl", *arguments)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def sans(*arguments, **options):
    return [row.get("san") for row in search(*arguments, **options)]


@pytest.fixture(scope="module")
def busy(module_deployment, issuer):
    """A server that has issued to three people and refused one, and goes on running."""
    server = module_deployment.serve(module_deployment.init(), issuer.settings())
    server.chains = {}
    for person in PEOPLE:
        answer = client.sign_v2(server.url, issuer.token(email=person), challenge=person)
        assert answer.status == 200, answer.body
        server.chains[person] = answer.certificates()
    assert client.sign_v2(server.url, issuer.token(exp=1)).status == 400
    poll(lambda: len(search(server.directory, "--all")) == 4, 10, "the refusal's record")
    return server


# search


def test_what_was_issued_is_found_newest_first(busy):
    rows = search(busy.directory)
    assert [row["san"] for row in rows] == PEOPLE[::-1]
    assert [row["logIndex"] for row in rows] == [3, 2, 1]
    assert {row["decision"] for row in rows} == {"issued"}


def test_refusals_are_found_when_asked_for(busy):
    (refused,) = search(busy.directory, "--refused")
    assert refused["reason"] == "TOKEN_EXPIRED" and "logIndex" not in refused
    assert len(search(busy.directory, "--all")) == 4
    assert search(busy.directory, "--all", "--reason", "TOKEN_EXPIRED") == [refused]


def test_identity_is_the_whole_name_unless_it_ends_with_a_star(busy):
    assert sans(busy.directory, "--identity", "ann@example.com") == ["ann@example.com"]
    assert sans(busy.directory, "--identity", "ann", code=1) == []
    assert sans(busy.directory, "--identity", "ANN@example.com", code=1) == []
    assert sans(busy.directory, "--identity", "ann*") == ["anna@example.com", "ann@example.com"]
    assert sans(busy.directory, "--identity", "nn", "--contains") == ["anna@example.com", "ann@example.com"]
    assert sans(busy.directory, "--identity", "%", "--contains", code=1) == []


def test_serial_issuer_and_subject_are_found_as_people_write_them(busy, issuer):
    number = busy.chains[PEOPLE[0]][0].serial_number
    hexadecimal = f"{number:X}"
    colons = ":".join(f"{number:040x}"[at:at + 2] for at in range(0, 40, 2))
    for text in [hexadecimal, hexadecimal.lower(), colons]:
        assert sans(busy.directory, "--serial", text) == [PEOPLE[0]]
    assert sans(busy.directory, "--serial", "01", code=1) == []
    assert len(search(busy.directory, "--issuer", issuer.url)) == 3
    assert search(busy.directory, "--issuer", issuer.url + "/", code=1) == []
    subject = search(busy.directory)[0]["subject"]
    assert len(search(busy.directory, "--subject", subject)) >= 1


def test_subject_is_found_by_its_hash_where_only_that_is_kept(deployment, issuer):
    directory = deployment.init()
    change_settings(directory, lambda settings: settings.update(records={"subjects": "hashed"}))
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer, sub="somebody")
    (row,) = search(directory, "--subject", "somebody")
    assert row["subject"].startswith("sha256:")
    assert search(directory, "--subject", row["subject"]) == [row]


def test_time_is_bounded_on_both_sides(busy):
    times = [row["timeMilliseconds"] for row in search(busy.directory)]
    assert len(search(busy.directory, "--since", "1h")) == 3
    assert search(busy.directory, "--until", "1h", code=1) == []
    assert search(busy.directory, "--since", "2999-01-01T00:00:00+01:00", code=1) == []
    day = mayfly.run("log", "search", "--data", busy.directory).stdout.splitlines()[1][:10]
    assert len(search(busy.directory, "--since", day, "--until", day)) == len(times)


def test_repository_is_the_one_in_the_certificate(deployment, new_issuer):
    ci = new_issuer()
    directory = deployment.init()
    settings = deployment.path("identity.yaml")
    settings.write_text(json.dumps({
        "oidc-issuers": {ci.url: {"issuer-url": ci.url, "client-id": "sigstore", "type": "ci-provider",
                                  "ci-provider": "ours"}},
        "ci-issuer-metadata": {"ours": {
            "subject-alternative-name-template": "https://ci.test/{{.job}}",
            "extension-templates": {"source-repository-uri": "https://code.test/{{.repository}}"}}}}))
    server = deployment.serve_files(directory, "--identity-config", settings)
    for repository in ["tools/one", "tools/two"]:
        token = ci.token(sub="job", job=repository, repository=repository)
        assert client.sign_v2(server.url, token, challenge="job").status == 200
    (row,) = search(directory, "--repository", "https://code.test/tools/one")
    assert row["repository"] == "https://code.test/tools/one" and row["san"] == "https://ci.test/tools/one"
    assert len(search(directory, "--repository", "https://code.test/tools/*")) == 2
    assert search(directory, "--repository", "https://code.test/tools", code=1) == []
    assert "Source Repository URI" in log("show", directory, 1).stdout


def test_limit_and_formats(busy):
    assert len(search(busy.directory, "--limit", "2")) == 2
    array = log("search", busy.directory, "--format", "json")
    assert json.loads(array.stdout) == search(busy.directory)
    assert json.loads(log("search", busy.directory, "--format", "json", "--rule", "none").stdout) == []
    sheet = log("search", busy.directory, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(sheet.stdout)))
    assert [row["identity"] for row in rows] == PEOPLE[::-1] and rows[0]["logIndex"] == "3"
    table = log("search", busy.directory).stdout.splitlines()
    assert table[0].split()[:3] == ["TIME", "DECISION", "IDENTITY"] and len(table) == 4
    serial = search(busy.directory)[0]["serial"]
    assert serial in table[1]


def test_table_fits_the_terminal(busy):
    primary, secondary = pty.openpty()
    import fcntl
    import struct
    import termios
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    process = subprocess.Popen([mayfly.BINARY, "log", "search", "--data", str(busy.directory)], stdout=secondary)
    assert process.wait(30) == 0
    text = os.read(primary, 1 << 16).decode()
    os.close(primary)
    os.close(secondary)
    lines = text.splitlines()
    assert len(lines) == 4 and all(len(line) <= 90 for line in lines) and "…" in text


def test_text_of_others_is_neither_obeyed_nor_calculated(deployment, new_issuer):
    people = new_issuer()
    directory = deployment.init()
    server = deployment.serve(directory, people.settings(type="username", **{"subject-domain": "127.0.0.1"}))
    # The last one is a name that has a comma and a quotation mark only with a mark that combines with them.
    for name in ["=1+1", "a\x1b[2Jb\u009b\u202e", 'x,"y"', 'x,\u0301"\u0301y']:
        answer = client.sign_v2(server.url, people.token(sub=name, email=None), challenge=name)
        assert answer.status == 200, answer.body
    sheet = log("search", directory, "--format", "csv").stdout
    names = [row["identity"] for row in csv.DictReader(io.StringIO(sheet))]
    assert names == ['x,\u0301"\u0301y!127.0.0.1', 'x,"y"!127.0.0.1',
                     "a\\u{1b}[2Jb\\u{9b}\\u{202e}!127.0.0.1", "'=1+1!127.0.0.1"]
    for output in [sheet, log("search", directory).stdout, log("search", directory, "--format", "json").stdout,
                   log("show", directory, 2).stdout, log("show", directory, 2, "--json").stdout]:
        assert not set(output) & {"\x1b", "\u009b", "\u202e"}
    assert search(directory)[2]["san"] == "a\x1b[2Jb\u009b\u202e!127.0.0.1"


@pytest.mark.parametrize("arguments", [
    ["--since", "yesterday"], ["--until", "2026-02-30"], ["--serial", "xyz"], ["--limit", "0"], ["--contains"],
    ["--refused", "--all"], ["--format", "xml"]])
def test_wrong_options_are_named(busy, arguments):
    done = log("search", busy.directory, *arguments)
    assert done.returncode == 64 and arguments[0] in done.stderr


def test_what_cannot_be_read_is_code_two(deployment):
    done = log("search", deployment.path("nowhere"))
    assert done.returncode == 2 and "mayfly: couldn't" in done.stderr
    directory = deployment.init()
    (directory / "mayfly.db").write_bytes(b"not a database" * 100)
    for command in [["search"], ["show", 0], ["export", deployment.path("out")]]:
        done = log(command[0], directory, *command[1:])
        assert done.returncode == 2 and "mayfly: couldn't" in done.stderr, command


def test_directory_is_left_as_it_was_and_may_be_read_only(deployment, issuer):
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    server.issue(issuer)
    assert server.stop() == 0
    copy = deployment.path("copy")
    shutil.copytree(directory, copy)
    before = (copy / "mayfly.db").read_bytes()
    assert len(search(copy)) == 1
    assert (copy / "mayfly.db").read_bytes() == before
    server = deployment.serve(copy, issuer.settings())
    assert len(search(copy)) == 1


# show


def test_entry_is_shown_with_its_proof(busy):
    certificate = busy.chains[PEOPLE[1]][0]
    index = read_leaf_index(embedded_scts(certificate.public_bytes(serialization.Encoding.DER))[0].extensions)
    text = log("show", busy.directory, index)
    assert text.returncode == 0, text.stderr
    assert PEOPLE[1] in text.stdout and "proof" in text.stdout and "Issuer (V2)" in text.stdout
    entry = json.loads(log("show", busy.directory, index, "--json").stdout)
    assert entry["names"] == [{"type": "email", "text": PEOPLE[1]}]
    assert int(entry["serial"], 16) == certificate.serial_number
    assert entry["type"] == "precertificate" and entry["record"]["san"] == PEOPLE[1]
    assert entry["proof"]["verified"] and entry["proof"]["treeSize"] == 4
    assert [issuer["sha256"] for issuer in entry["issuers"]] == [
        authority.fingerprint(hashes.SHA256()).hex() for authority in busy.chain]
    pem = x509.load_pem_x509_certificates(log("show", busy.directory, index, "--pem").stdout.encode())
    assert pem[0].serial_number == certificate.serial_number and pem[1:] == busy.chain
    first = json.loads(log("show", busy.directory, 0, "--json").stdout)
    assert first["type"] == "certificate" and first["record"] is None


def test_entry_that_is_not_there_is_code_one_and_another_key_is_refused(busy, tmp_path):
    done = log("show", busy.directory, 4)
    assert done.returncode == 1 and "couldn't find entry 4" in done.stderr
    other = tmp_path / "other.pub"
    other.write_bytes(client.public_pem(ec.generate_private_key(ec.SECP256R1())))
    for command in [["show", 1], ["export", tmp_path / "out"]]:
        done = log(command[0], busy.directory, *command[1:], "--log-key", other)
        assert done.returncode == 2 and "couldn't trust the log's checkpoint" in done.stderr
    assert not (tmp_path / "out").exists()


# export


def test_remote_logs_records_can_be_searched_and_no_log_shown(deployment, tmp_path):
    directory = deployment.init()
    done = log("show", directory, 0)
    assert done.returncode == 0
    change_settings(directory, lambda settings: (settings.pop("log"), settings.update(
        {"ct-log": {"url": "https://ct.example", "public-key": "log/log.pub"}}))[0])
    done = log("show", directory, 0)
    assert done.returncode == 2 and "records.db" in done.stderr
    pathlib.Path(directory / "mayfly.db").rename(directory / "records.db")
    done = log("show", directory, 0)
    assert done.returncode == 2 and "ct-log" in done.stderr
    assert search(directory, code=1) == []

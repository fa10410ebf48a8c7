"""A configuration that changes while requests are served."""
import json
import os
import signal
import threading

import yaml

import client
from mayfly import poll
from oidc import jwk


def write(path, issuers):
    """As careful operators do it: the new file whole, in one step."""
    new = path.with_suffix(".new")
    new.write_text(yaml.safe_dump({"oidc-issuers": issuers}))
    os.replace(new, path)


def served(deployment, issuers):
    path = deployment.path("issuers.yaml")
    write(path, issuers)
    return deployment.serve_files(deployment.init(), "--identity-config", path), path


def urls(server):
    answer = client.get(server.url, "/api/v2/configuration").json()
    return {row.get("issuerUrl") or row.get("wildcardIssuerUrl") for row in answer["issuers"]}


def gauge(server, name):
    for line in client.get(server.url, "/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise AssertionError(f"no metric {name}")


def messages(server, text):
    return [line for line in server.log().splitlines() if json.loads(line)["message"].startswith(text)]


def test_changed_file_is_put_in_force(deployment, new_issuer):
    old, new = new_issuer(), new_issuer()
    server, path = served(deployment, old.settings())
    assert client.sign_v2(server.url, new.token()).status == 400
    write(path, new.settings())
    poll(lambda: urls(server) == set(new.settings()), 10, "the reload")
    assert client.sign_v2(server.url, new.token()).status == 200
    assert client.sign_v2(server.url, old.token()).status == 400
    assert messages(server, "configuration reloaded")


def test_hangup_reloads_at_once_through_a_symbolic_link(deployment, new_issuer):
    """Kubernetes turns a link to change a mounted ConfigMap."""
    old, new = new_issuer(), new_issuer()
    first, second, link = deployment.path("a.yaml"), deployment.path("b.yaml"), deployment.path("link.yaml")
    write(first, old.settings())
    write(second, new.settings())
    link.symlink_to(first)
    server = deployment.serve_files(deployment.init(), "--identity-config", link)
    turned = link.with_suffix(".new")
    turned.symlink_to(second)
    os.replace(turned, link)
    server.process.send_signal(signal.SIGHUP)
    poll(lambda: urls(server) == set(new.settings()), 10, "the reload")
    assert server.process.poll() is None


def test_bad_file_is_refused_loudly_and_the_old_configuration_stays(deployment, new_issuer):
    issuer = new_issuer()
    server, path = served(deployment, issuer.settings())
    assert gauge(server, "mayfly_configuration_is_current") == 1
    path.write_text("oidc-issuers: {https://a.example: {client-id: x}}\n")
    poll(lambda: gauge(server, "mayfly_configuration_is_current") == 0, 10, "the refusal")
    ready = client.get(server.url, "/readyz")
    assert ready.status == 200 and [row["part"] for row in ready.json()["warnings"]] == ["configuration"]
    assert client.sign_v2(server.url, issuer.token()).status == 200
    # One bad file is one line, however often it is looked at; and it says where.
    server.process.send_signal(signal.SIGHUP)
    poll(lambda: len(messages(server, "couldn't reload")) == 2, 10, "the second refusal, which was asked for")
    assert all("line 1" in line and "type" in line for line in messages(server, "couldn't reload"))
    write(path, issuer.settings())
    poll(lambda: gauge(server, "mayfly_configuration_is_current") == 1, 10, "the reload")
    assert client.get(server.url, "/readyz").json()["warnings"] == []


def test_vanished_file_is_a_problem_until_it_is_back(deployment, new_issuer):
    issuer = new_issuer()
    server, path = served(deployment, issuer.settings())
    away = path.with_suffix(".away")
    os.replace(path, away)
    poll(lambda: gauge(server, "mayfly_configuration_is_current") == 0, 10, "the problem")
    assert client.sign_v2(server.url, issuer.token()).status == 200
    os.replace(away, path)
    poll(lambda: gauge(server, "mayfly_configuration_is_current") == 1, 10, "its end")


def test_what_needs_a_restart_is_named(deployment, new_issuer):
    issuer = new_issuer()
    directory = deployment.init()
    server = deployment.serve(directory, issuer.settings())
    main = directory / "mayfly.yaml"
    main.write_text(main.read_text().replace("listen: 127.0.0.1:5555", "listen: 127.0.0.1:5556"))
    server.process.send_signal(signal.SIGHUP)
    line = poll(lambda: messages(server, "restart to put"), 10, "the warning")[0]
    assert json.loads(line)["section"] == "listen"


def test_no_request_fails_during_reloads(deployment, new_issuer):
    """Forty reloads under load; and the keys that were fetched are kept."""
    issuer, other = new_issuer(), new_issuer()
    server, path = served(deployment, issuer.settings())
    assert client.sign_v2(server.url, issuer.token()).status == 200
    asked = len(issuer.asked)
    over, statuses = threading.Event(), []

    def ask():
        while not over.is_set():
            statuses.append(client.sign_v2(server.url, issuer.token()).status)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(40):
        changed = dict(issuer.settings())
        if number % 2 == 0:
            changed |= other.settings()
        write(path, changed)
        server.process.send_signal(signal.SIGHUP)
        poll(lambda: urls(server) == set(changed), 10, "the reload")
    over.set()
    for thread in threads:
        thread.join()
    assert statuses and set(statuses) == {200}
    assert len(issuer.asked) == asked, "keys that were known were fetched again"


def test_file_that_is_named_before_it_is_there_is_found_when_it_comes(deployment, new_issuer, tmp_path):
    old, offline = new_issuer(), new_issuer(algorithms=("RS256",))
    server, path = served(deployment, old.settings())
    keys = tmp_path / "keys.json"
    write(path, offline.settings(**{"jwks-file": str(keys)}))
    poll(lambda: gauge(server, "mayfly_configuration_is_current") == 0, 10, "the refusal")
    keys.write_text(json.dumps({"keys": [jwk(offline.keys["RS256"], "RS256", offline.kid("RS256"))]}))
    poll(lambda: urls(server) == set(offline.settings()), 10, "the reload")
    assert len(messages(server, "couldn't reload")) == 1
    assert client.sign_v2(server.url, offline.token()).status == 200

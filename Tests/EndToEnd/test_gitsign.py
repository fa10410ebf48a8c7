"""gitsign, unmodified, against the private stack: commits, with the log asked or with its promise in the signature."""
import pytest

SIGNED = ("commit", "-q", "--allow-empty", "-m", "first")


class Repository:
    """A repository whose commits gitsign signs. It reads the trust root by TUF, and keys and chain as files as well."""

    def __init__(self, machine, mode):
        self.machine, stack = machine, machine.stack
        machine.initialize("gitsign")
        machine.environment |= {"SIGSTORE_REKOR_PUBLIC_KEY": str(stack.pem("rekor.pub")),
                                "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE": str(stack.pem("ctfe.pub"))}
        machine.run("git", "init", "-q", "repository")
        for name, value in {
            "user.name": "Release", "user.email": machine.person.identity, "commit.gpgsign": "true",
            "gpg.format": "x509", "gpg.x509.program": "gitsign", "gitsign.fulcio": stack.url, "gitsign.rekor": stack.url,
            "gitsign.fulcioRoot": str(stack.pem("fulcio_chain.pem")), "gitsign.issuer": machine.person.issuer,
            "gitsign.rekorMode": mode,
        }.items():
            self.git("config", name, value)

    def git(self, *arguments):
        return self.machine.run("git", "-C", "repository", *arguments, SIGSTORE_ID_TOKEN=self.machine.stack.token())

    def verify(self, signer=None, commit="HEAD"):
        folder = self.machine.path("repository")
        return ("env", "-C", folder, "gitsign", "verify", *self.machine.cosign_expect(signer), commit)


@pytest.fixture(params=["online", "offline"])
def repository(machine, request):
    return Repository(machine, request.param)


def test_commit_is_signed_and_verified(machine, repository):
    repository.git(*SIGNED)
    said = machine.run(*repository.verify())
    assert "Validated Git signature: true" in said and "Validated Certificate claims: true" in said, said
    repository.git("verify-commit", "HEAD")
    for stranger in machine.strangers:
        machine.refused(*repository.verify(stranger))


def test_commit_that_was_changed_is_refused(machine, repository):
    repository.git(*SIGNED)
    text = repository.git("cat-file", "commit", "HEAD").replace("\nfirst", "\nFirst")
    changed = repository.git("hash-object", "-t", "commit", "-w", machine.write("commit", text)).strip()
    machine.refused(*repository.verify(commit=changed))


def test_promise_of_the_log_is_in_the_commit(machine):
    """Offline, nobody asks the log: it may be gone."""
    repository = Repository(machine, "offline")
    repository.git(*SIGNED)
    repository.git("config", "gitsign.rekor", "http://127.0.0.1:9")
    assert "tlog index" in machine.run(*repository.verify())


def test_log_is_asked_for_a_commit_without_its_promise(machine):
    repository = Repository(machine, "online")
    repository.git(*SIGNED)
    assert "Validated Rekor entry: true" in machine.run(*repository.verify())
    repository.git("config", "gitsign.rekor", "http://127.0.0.1:9")
    machine.refused(*repository.verify())

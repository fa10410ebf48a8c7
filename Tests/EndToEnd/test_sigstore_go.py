"""sigstore-go's own example programs, with the trust root by TUF; by file they are in test_cross_verification.py."""
from signers import go_signs


def test_its_own_bundle_is_verified_for_its_signer_and_file_only(machine):
    go_signs(machine, "bundle.json")
    verify = ("sigstore-go-verification", "-tufRootURL", machine.stack.tuf_url, "-tufTrustedRoot", machine.stack.tuf_root,
              "-artifact")
    machine.run(*verify, machine.file, *machine.go_expect(), "bundle.json")
    machine.refused(*verify, machine.write("b.txt", "hello?\n"), *machine.go_expect(), "bundle.json")
    for stranger in machine.strangers:
        machine.refused(*verify, machine.file, *machine.go_expect(stranger), "bundle.json")

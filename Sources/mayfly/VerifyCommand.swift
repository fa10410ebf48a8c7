import ArgumentParser
import Verification

/// `mayfly verify FILE --bundle BUNDLE --trusted-root ROOT --identity NAME --issuer URL`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify the signature of a file, or a signed statement about it, offline.",
        discussion: """
            Says each step that it makes: the log's entry, the time of signing, the certificate, the certificate log's \
            promise, the identity, the signature, the statement. Nothing is fetched. Both the identity and the issuer that \
            vouches for it must be given, or a key. Ends with 0 when everything is as it should be, with 1 when it isn't, and \
            with 2 when something could not be read.
            """
    )

    @Argument(help: "The file that was signed; sha256:DIGEST for its digest, - for standard input.")
    var artifact: String

    @Option(help: "The bundle, a file .sigstore.json.")
    var bundle: String

    @Option(help: "Whom you believe, a file trusted_root.json.")
    var trustedRoot: String

    @OptionGroup var signer: SignerOptions

    @Option(name: .customLong("type"), help: "What a signed statement must be about, its predicateType.")
    var predicateType: String?

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        try signer.check()
        guard predicateType?.isEmpty != true else { throw ValidationError("--type must not be empty") }
    }

    func run() async throws {
        let output = VerificationOutput(isJSON: json)
        do throws(VerifyFailure) {
            try verify(output)
        } catch {
            throw output.failed(error)
        }
    }

    private func verify(_ output: VerificationOutput) throws(VerifyFailure) {
        let (policy, rootBytes, bundleBytes, digests) = try readFiles()
        for note in signer.notes { output.note(note) }
        do {
            let verifier = Verifier(root: try TrustedRoot(json: rootBytes), policy: policy)
            output.verified(try verifier.verify(Bundle(json: bundleBytes), of: digests, done: output.done))
        } catch {
            throw .verification(error)
        }
    }

    private func readFiles() throws(VerifyFailure) -> (VerificationPolicy, [UInt8], [UInt8], ArtifactDigests) {
        do {
            return (
                VerificationPolicy(signer: try signer.read(), predicateType: predicateType),
                try ClientFiles.read(trustedRoot, bytesMax: TrustedRoot.bytesMax),
                try ClientFiles.read(bundle, bytesMax: Bundle.bytesMax),
                try ArtifactFile.digests(artifact)
            )
        } catch {
            throw .file(error)
        }
    }
}

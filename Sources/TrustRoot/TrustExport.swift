import Certificates
import Wire

/// Everything that other programs need, as one folder: the files that they read, and how each of them is told.
public struct TrustExport: Sendable {
    let documents: TrustDocuments
    let repository: TrustRepository?
    let url: ServiceURL

    /// Exports what clients are to trust of services at a URL; with a repository, that too.
    public init(_ documents: TrustDocuments, repository: TrustRepository?, url: ServiceURL) {
        self.documents = documents
        self.repository = repository
        self.url = url
    }

    /// The files by their paths in the folder.
    public var files: [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = [
            ("trusted_root.json", documents.trustedRoot),
            ("signing_config.v0.2.json", documents.signingConfig),
            ("trust_config.json", documents.trustConfig),
        ]
        files += documents.legacy.map { ("pem/\($0.name)", $0.bytes) }
        files += chains.map { ("pem/\($0.name)", Array($0.pem.utf8)) }
        // What another file names comes before it, so that a web server may serve the folder meanwhile.
        files += (repository?.changes(since: nil) ?? []).map { ("tuf/\($0.path)", $0.bytes) }
        let texts = [("README.md", index)] + snippets.map { ("snippets/\($0.name)", $0.text) }
        return files + texts.map { ($0.0, Array($0.1.utf8)) }
    }

    /// The newest chains whole, for programs that take one file: issuing certificate first, root last.
    private var chains: [(name: String, pem: String)] {
        [("fulcio_chain.pem", documents.material.certificateAuthorities.last?.chain.pem)]
            .map { ($0.0, $0.1 ?? "") }
            + (documents.material.timestampAuthorities.last.map { [("tsa_chain.pem", $0.chain.pem)] } ?? [])
    }

    private var snippets: [(name: String, text: String)] {
        var snippets = [
            ("cosign.sh", cosign), ("sigstore-python.sh", sigstorePython),
            ("policy-controller-keys.yaml", policyControllerKeys), ("kyverno.yaml", kyverno),
        ]
        if documents.services.recordLog != nil { snippets.append(("gitsign.sh", gitsign)) }
        if repository != nil {
            snippets += [
                ("policy-controller-repository.yaml", policyControllerRepository), ("npm.sh", npm),
            ]
            if documents.services.recordLog != nil { snippets.append(("tekton-chains.sh", tektonChains)) }
        }
        return snippets
    }

    private var index: String {
        """
        # What to trust of \(url)

        Made by `mayfly trust export`. Nothing here is secret. Whoever gives these files to a machine decides whom it
        trusts, so bring them by a way that is yours: the server itself is no such way.

        | File | For whom |
        |---|---|
        | `trusted_root.json` | Whoever verifies: `cosign verify… --trusted-root`, `sigstore-go`. Enough without any network |
        | `signing_config.v0.2.json` | Whoever signs: `cosign sign… --signing-config`, beside the trusted root |
        | `trust_config.json` | Both in one: `sigstore --trust-config`, `model_signing --trust_config` |
        | `tuf/root.json` | Whoever wants changes to come by themselves: `cosign initialize --root`, `sigstore trust-instance`, `gitsign initialize --root`. The pinned beginning; all else is fetched from `\(url)/tuf` |
        | `tuf/` | A web server, in place of `\(url)/tuf`: it is the whole repository, to be served as it is, with 404 for what isn't there |
        | `pem/` | Programs that take keys and certificates as PEM: the certificate authority (`fulcio_…`), the certificate log (`ctfe.pub`), the record log (`rekor.pub`), the timestamp authority (`tsa_…`). What has been retired, or comes next, has a number in its name |
        | `snippets/` | People: how each program is told, ready to be copied |
        \(missing)
        """
    }

    private var missing: String {
        var notes: [String] = []
        if documents.services.recordLog == nil {
            notes.append("There is no record log here: `cosign sign` and `sigstore sign` need another's.")
        }
        if documents.services.timestampAuthority == nil {
            notes.append(
                "There is no timestamp authority here: clients that log with Rekor's second API need another's."
            )
        }
        if documents.services.issuers.isEmpty {
            notes.append("No token issuer is configured: people can't log in, and tokens must be brought.")
        }
        if repository == nil {
            notes.append("There is no TUF repository: `mayfly init` makes one in new data directories.")
        }
        return notes.isEmpty ? "" : "\n" + notes.joined(separator: "\n") + "\n"
    }
}

import Transparency
import TrustRoot

/// The `mayfly.yaml` that `mayfly init` writes: every section, with the defaults of what operators change.
enum ConfigurationTemplate {
    /// The text for a new data directory. Relative paths start in that directory.
    static func text(
        origin: LogOrigin,
        baseURL: ServiceURL = .default,
        passphraseFile: String?,
        dataSourceFile: String? = nil
    ) -> String {
        """
        # Mayfly's configuration. Relative paths start in the data directory.
        # docs/configuration.md describes every key; an unknown key is refused.

        # Where to serve HTTP. Put a TLS terminator in front for anything but loopback.
        listen: 127.0.0.1:5555

        \(Self.baseURL(baseURL))

        # The certificate authority: the chain with the issuing certificate first, and the issuing key.
        # ca/root.key is not needed for serving: move it to a safe place.
        ca:
          chain: ca/chain.pem
          key: ca/issuing.key
        \(passphrase(passphraseFile))

        # The certificate log. `origin` names it in every checkpoint: never change it.
        log:
          key: log/log.key
          origin: \(quoted(origin.name))
        \(store(dataSourceFile, database: "mayfly.db"))
          # former-chains: [ca/chain-2026.pem]   # earlier CA chains, whose certificates the log still serves
          # receipts: true                       # a proof that the log holds it with each certificate
          # witnesses: {list: [{key: NAME+HASH+KEY, url: "https://witness.example.internal"}]}   # docs/operations.md
        \(passphrase(passphraseFile))

        \(remoteLog)

        \(services(baseURL, passphraseFile, dataSourceFile))

        # What clients may prove possession with; docs/configuration.md lists all names.
        # client-signing-algorithms: [ecdsa-sha2-256-nistp256, ed25519]

        # What requests may cost. These are the defaults.
        # limits:
        #   body-bytes: 4194304
        #   header-bytes: 65536
        #   request-seconds: 30
        #   response-seconds: 60
        #   connections: 4096
        #   queue: 1024

        # Each decision is a row in the database, with the token's `sub` as it is or hashed; and, where you want it, a line.
        # records:
        #   subjects: plain               # or hashed
        # audit:
        #   file: audit.jsonl             # or stdout: true, or syslog: {facility: authpriv}
        #   required: true                # when a line can't be written, nothing is issued

        # Whose tokens are accepted: the same three sections as in Fulcio's configuration, which can also be
        # given as it is with `mayfly serve --identity-config FILE`. The key is the token's `iss`, exactly.
        oidc-issuers: {}
        #  https://accounts.example.internal:
        #    issuer-url: https://accounts.example.internal
        #    client-id: sigstore
        #    type: email

        # Issuers that differ in one part of their URL: `*` stands for letters, digits, - and _.
        # meta-issuers:
        #   https://kubernetes.example.internal/clusters/*:
        #     client-id: sigstore
        #     type: kubernetes

        """
    }

    private static func baseURL(_ url: ServiceURL) -> String {
        """
        # Where clients reach this server: scheme, host and port, no path. It stands in what clients trust.
        base-url: \(url.text)
        """
    }

    private static func services(_ url: ServiceURL, _ passphraseFile: String?, _ dataSourceFile: String?) -> String {
        [recordLog(url, passphraseFile, dataSourceFile), timestamping(passphraseFile), trust(passphraseFile)]
            .joined(separator: "\n\n")
    }

    private static func trust(_ passphraseFile: String?) -> String {
        """
        # What clients trust, as a TUF repository at /tuf/. trust/root.key signs its root and targets and is not needed
        # for serving: move it to a safe place, and bring it for `mayfly trust renew`.
        trust:
          online-key: trust/online.key
        \(passphrase(passphraseFile))
          # operator: example.internal      # who runs the services; default: the host of base-url
          # issuers: [https://accounts.example.internal]   # where clients send people; default: those below
          # lifetimes: {root: 730d, targets: 365d, snapshot: 14d, timestamp: 7d}
        """
    }

    private static func recordLog(_ url: ServiceURL, _ passphraseFile: String?, _ dataSourceFile: String?) -> String {
        """
        # The record log: what was signed, as Rekor keeps it. `origin` is the host of base-url: clients look for it in
        # every checkpoint.
        record-log:
          key: record-log/log.key
          origin: \(quoted(url.host))
        \(store(dataSourceFile, database: "record-log.db"))
        \(passphrase(passphraseFile))
        """
    }

    private static let remoteLog = """
        # Another's log instead: take out the section `log` above and say where it is.
        # ct-log:
        #   url: https://ct.example.internal/2027
        #   public-key: ct-log.pub        # PEM; each timestamp's signature is checked with it
        #   ca: ct-ca.pem                 # trust only these CAs for the connection; default: the system's
        #   origin: ct.example.internal   # the Host header, where it differs from the URL's host
        #   deadline: 20s                 # how long a submission may take with all its retries
        """

    private static func timestamping(_ passphraseFile: String?) -> String {
        """
        # The timestamp authority (RFC 3161): its chain with its own certificate first, and its key.
        # tsa/root.key is not needed for serving: move it to a safe place too.
        timestamping:
          key: tsa/tsa.key
          chain: tsa/chain.pem
          policy: 1.3.6.1.4.1.57264.2
        \(passphrase(passphraseFile))
        """
    }

    private static func store(_ dataSourceFile: String?, database: String) -> String {
        guard let dataSourceFile else { return "  store: sqlite\n  database: \(database)" }
        return "  store: postgres\n  dsn-file: \(quoted(dataSourceFile))"
    }

    private static func passphrase(_ file: String?) -> String {
        file.map { "  passphrase-file: \(quoted($0))" } ?? "  # passphrase-file: /run/secrets/mayfly-passphrase"
    }

    /// A YAML double-quoted scalar.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

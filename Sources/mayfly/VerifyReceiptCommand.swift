import ArgumentParser
import Certificates
import Keys
import Transparency

/// `mayfly verify-receipt CERT RECEIPT`
struct VerifyReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-receipt",
        abstract: "Check offline, against a pinned log key and CA, that a certificate is in the log.",
        discussion: """
            The receipt is what came in the header X-Mayfly-Receipt, as it is or decoded to JSON. Nothing is fetched. The \
            certificate may have expired: the chain is checked at the time that the log gave the entry.
            """
    )

    @Argument(help: "The certificate and its chain in PEM, leaf first.")
    var certificate: String

    @Argument(help: "The receipt; - reads standard input.")
    var receipt: String

    @Option(help: "The log's public key you trust, in PEM.")
    var logKey: String

    @Option(help: "The root certificates you trust, in PEM.")
    var roots: String

    @Option(help: "The log's name you expect; without it, that in the receipt, for the key tells logs apart.")
    var origin: String?

    func validate() throws {
        guard origin.map({ (try? LogOrigin($0)) != nil }) ?? true else {
            throw ValidationError("--origin must be a name without spaces, plus signs and control characters")
        }
    }

    func run() async throws {
        do throws(RequestFailure) {
            try verify()
        } catch {
            throw CommandFailure.exit("\(error)")
        }
    }

    private func verify() throws(RequestFailure) {
        let answer = try readChain()
        let trusted = try Self.certificates(roots)
        let keyBytes = try ClientFiles.read(logKey)
        let receiptBytes = try ClientFiles.read(receipt)
        let steps = Steps()
        do {
            let key = try PublicKey(pem: keyBytes)
            let receipt = try Receipt(encoded: receiptBytes)
            let timestamp = try Self.timestamp(of: answer, key: key)
            try Self.verify(answer, endsAt: trusted, seconds: timestamp.timestamp.seconds)
            steps.done("chain verified", "up to a root you trust")
            let entry = TimestampedEntry(
                timestamp: timestamp.timestamp,
                entry: try RequestSession.entry(of: answer),
                extensions: timestamp.extensions
            )
            steps.done("log's promise verified", "signed by the key you trust")
            let head = try receipt.verify(
                leafHash: MerkleTree.leafHash(try entry.merkleTreeLeaf()),
                key: key,
                origin: try origin.map { try LogOrigin($0) }
            )
            steps.done("receipt verified", "entry \(receipt.proof.index) of \(head.size)")
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            throw .notVerified(check: "receipt", problem: "\(error)")
        }
    }

    private func readChain() throws(RequestFailure) -> RequestAnswer {
        let chain = try Self.certificates(certificate)
        guard let leaf = chain.first, chain.count > 1 else {
            throw .file("couldn't use \(certificate): it must hold the certificate and its chain, leaf first")
        }
        return RequestAnswer(leaf: leaf, chain: Array(chain.dropFirst()))
    }

    private static func certificates(_ path: String) throws(RequestFailure) -> [Certificate] {
        let pem = try ClientFiles.read(path)
        do { return try CertificateChain(pem: pem).certificates } catch {
            throw .file("couldn't use \(path): \(error)")
        }
    }

    /// The promise by this log's key (RFC 6962 §3.2).
    private static func timestamp(of answer: RequestAnswer, key: PublicKey) throws -> SignedCertificateTimestamp {
        guard let list = try answer.leaf.sctList(),
            let timestamp = try SignedCertificateTimestamp.timestamps(inList: list).first
        else { throw RequestFailure.notVerified(check: "timestamp", problem: "there is none") }
        try timestamp.verify(try RequestSession.entry(of: answer), key: key)
        return timestamp
    }

    /// Each certificate by the next, all of them valid at the entry's time, and the last a trusted root.
    private static func verify(_ answer: RequestAnswer, endsAt trusted: [Certificate], seconds: Int64) throws {
        let path = [answer.leaf] + answer.chain
        for (certificate, issuer) in zip(path, path.dropFirst()) { try certificate.verify(issuedBy: issuer) }
        guard path.allSatisfy({ $0.isValid(atSeconds: seconds) }) else {
            throw RequestFailure.notVerified(check: "chain", problem: "a certificate wasn't valid at the entry's time")
        }
        guard let root = path.last, trusted.contains(root) else {
            throw RequestFailure.notVerified(check: "chain", problem: "it doesn't end at a root you trust")
        }
    }
}

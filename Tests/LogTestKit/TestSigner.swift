import Keys
public import Log
import Synchronization
public import Transparency

/// Signs with a shared secret instead of a key, and remembers every tree that it has signed.
public final class TestSigner: CheckpointSigner {
    /// Not this signer's signature.
    public struct Refused: Error {}

    private let secret: [UInt8]
    private let signed = Mutex<[TreeHead]>([])
    private let failures = Mutex(0)

    /// Signers with the same secret accept one another's checkpoints.
    public init(secret: String = "secret") {
        self.secret = Array(secret.utf8)
    }

    /// Every head that was signed, in order.
    public var heads: [TreeHead] { signed.withLock { $0 } }

    /// The sizes for which more than one root was signed: a log must have none.
    public var forks: [TreeSize] {
        let roots = Dictionary(grouping: heads, by: \.size).mapValues { Set($0.map(\.root)) }
        return roots.filter { $0.value.count > 1 }.keys.sorted()
    }

    /// The next `count` signatures fail.
    public func fail(_ count: Int) {
        failures.withLock { $0 = count }
    }

    /// See ``CheckpointSigner/sign(_:)``.
    public func sign(_ head: TreeHead) throws -> [UInt8] {
        let fails = failures.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        if fails { throw Refused() }
        signed.withLock { $0.append(head) }
        let text = Array("\(head.size) \(head.timestamp.milliseconds) ".utf8) + head.root.bytes
        return text + SHA256Digest(hashing: secret + text).bytes
    }

    /// See ``CheckpointSigner/open(_:keptAt:)``.
    public func open(_ checkpoint: [UInt8], keptAt _: EntryTimestamp) throws -> TreeHead {
        guard checkpoint.count > 64 else { throw Refused() }
        let text = Array(checkpoint.dropLast(32))
        guard SHA256Digest(hashing: secret + text).bytes == checkpoint.suffix(32) else { throw Refused() }
        let words = text.dropLast(32).split(separator: UInt8(ascii: " "))
        guard words.count == 2, let size = UInt64(String(decoding: words[0], as: UTF8.self)),
            let milliseconds = UInt64(String(decoding: words[1], as: UTF8.self)),
            let root = MerkleHash(bytes: Array(text.suffix(32)))
        else { throw Refused() }
        return TreeHead(
            size: TreeSize(size),
            root: root,
            timestamp: EntryTimestamp(milliseconds: milliseconds)
        )
    }
}

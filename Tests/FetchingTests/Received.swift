import Synchronization

/// Bytes that a server's thread hands to the test.
final class Received: Sendable {
    private let stored = Mutex<[UInt8]>([])
    var bytes: [UInt8] { stored.withLock { $0 } }
    func set(_ bytes: [UInt8]) { stored.withLock { $0 = bytes } }
}

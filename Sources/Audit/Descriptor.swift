import Glibc

/// An open file or socket, closed when it goes.
final class Descriptor: Sendable {
    let number: Int32

    /// Takes what `open` or `socket` returned; nil, with the reason in `errno`, when that failed.
    init?(adopting number: Int32) {
        guard number >= 0 else { return nil }
        self.number = number
    }

    deinit {
        close(number)
    }

    /// What the system knows about it.
    var status: stat? {
        var status = stat()
        return fstat(number, &status) == 0 ? status : nil
    }
}

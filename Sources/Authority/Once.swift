import Synchronization

/// Carries one value that can't be copied from one thread to another: put in once, taken out once.
final class Once<Value: ~Copyable & Sendable>: Sendable {
    private let value: Mutex<Value?>

    /// Starts empty.
    init() {
        value = Mutex(nil)
    }

    /// Starts full.
    init(_ value: consuming sending Value) {
        self.value = Mutex(consume value)
    }

    /// Puts the value in.
    func put(_ new: consuming sending Value) {
        var new: Value? = consume new
        value.withLock { slot in swap(&slot, &new) }
    }

    /// Takes the value out; nil when there is none, or no more.
    func take() -> Value? {
        var taken: Value?
        value.withLock { slot in swap(&slot, &taken) }
        return taken
    }
}

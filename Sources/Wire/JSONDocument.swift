import CJansson

/// The owner of one parsed document.
final class JSONDocument {
    private let root: UnsafeMutablePointer<json_t>

    /// Takes over the caller's reference, which must be the only one.
    init(adopting root: UnsafeMutablePointer<json_t>) {
        self.root = root
    }

    deinit { json_decref(root) }
}

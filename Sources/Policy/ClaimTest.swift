import Wire

/// What a condition asks of a claim's value.
enum ClaimTest: Sendable {
    /// One of these texts.
    case oneOf(TextSet)
    /// A text that begins so.
    case prefix([UInt8])
    /// A text of this pattern.
    case glob(Glob)
    /// A number within all of these bounds.
    case number([NumberBound])
    /// Anything but null.
    case present
    /// Nothing, or null.
    case absent

    /// Whether a claim's value, nil if there is none, is as asked. A list is if one of its elements is.
    func holds(for value: JSON?) -> Bool {
        guard let value, !value.isNull else {
            if case .absent = self { return true }
            return false
        }
        switch self {
        case .present: return true
        case .absent: return false
        default: return value.elements?.contains(where: holdsForScalar) ?? holdsForScalar(value)
        }
    }

    private func holdsForScalar(_ value: JSON) -> Bool {
        switch self {
        case .oneOf(let texts): Self.withText(of: value, texts.contains) ?? false
        case .prefix(let prefix): Self.withText(of: value) { $0.starts(with: prefix) } ?? false
        case .glob(let glob): Self.withText(of: value, glob.matches) ?? false
        case .number(let bounds):
            NumberBound.Number(value).map { number in bounds.allSatisfy { $0.holds(for: number) } } ?? false
        case .present, .absent: false
        }
    }

    /// Lends the bytes that a scalar is compared by; nil for kinds that aren't compared: broken numbers, null, lists
    /// and objects.
    private static func withText<R>(of value: JSON, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R? {
        if let result = value.withUTF8(body) { return result }
        if var text = value.bool.map(String.init) ?? value.integer.map({ String($0) }) { return text.withUTF8(body) }
        return nil
    }
}

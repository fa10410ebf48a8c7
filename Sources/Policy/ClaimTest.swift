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
        let isPresent = value?.isNull == false
        switch self {
        case .present: return isPresent
        case .absent: return !isPresent
        case .oneOf, .prefix, .glob, .number:
            guard let value else { return false }
            return holds(forScalar: value) || value.elements?.contains { holds(forScalar: $0) } == true
        }
    }

    /// Kinds that aren't compared are never as asked: null, lists, objects, and broken numbers except with bounds.
    private func holds(forScalar value: JSON) -> Bool {
        if case .number(let bounds) = self {
            guard let number = NumberBound.Number(value) else { return false }
            return bounds.allSatisfy { $0.holds(for: number) }
        }
        if let result = value.withUTF8({ holds(forText: $0) }) { return result }
        if let flag = value.bool { return flag ? holds(forText: "true") : holds(forText: "false") }
        if let integer = value.integer { return holds(forText: String(integer)) }
        return false
    }

    private func holds(forText text: String) -> Bool {
        var text = text
        return text.withUTF8 { holds(forText: $0) }
    }

    private func holds(forText text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .oneOf(let texts): texts.contains(text)
        case .prefix(let prefix): text.starts(with: prefix)
        case .glob(let glob): glob.matches(text)
        case .number, .present, .absent: false
        }
    }
}

/// Why a text isn't the message that it should be, in protobuf's JSON mapping.
public struct ProtoFault: Error, Equatable, Sendable {
    /// Where: names of fields from the outside in, such as `verificationMaterial.tlogEntries[0]`; empty for the whole.
    public let path: String
    /// What is wrong there.
    public let rule: Rule

    /// Names a fault.
    public init(path: String, rule: Rule) {
        self.path = path
        self.rule = rule
    }

    /// The rules that a text can break.
    public enum Rule: Sendable, Equatable {
        /// It isn't JSON, or larger than allowed.
        case json(WireError)
        /// It must be an object.
        case notAnObject
        /// It must be an array.
        case notAnArray
        /// It must be a text.
        case notAText
        /// It must be base64.
        case notBase64
        /// It must be a whole number of 64 bits.
        case notANumber
        /// It must be one of the names that the enum has.
        case notOfTheEnum
        /// It must be a moment as RFC 3339 writes it.
        case notAMoment
        /// There is a field that the message doesn't have.
        case unknownField(String)
        /// A field stands there in both spellings.
        case twoSpellings
        /// There are more elements than allowed.
        case tooMany(max: Int)
        /// It must be there.
        case missing
    }
}

extension ProtoFault: CustomStringConvertible {
    /// One line. It may hold the name of a field that isn't known, as it was received: for a terminal it must be escaped.
    public var description: String { path.isEmpty ? "\(rule)" : "\(path): \(rule)" }
}

extension ProtoFault.Rule: CustomStringConvertible {
    /// A few words.
    public var description: String {
        switch self {
        case .json(let error): "\(error)"
        case .notAnObject: "not an object"
        case .notAnArray: "not an array"
        case .notAText: "not a text"
        case .notBase64: "not base64"
        case .notANumber: "not a whole number of 64 bits"
        case .notOfTheEnum: "a name that isn't known"
        case .notAMoment: "not a moment of RFC 3339"
        case .unknownField(let name): "the field \"\(name)\" isn't known"
        case .twoSpellings: "it stands there twice, in two spellings"
        case .tooMany(let max): "more than \(max)"
        case .missing: "it is missing"
        }
    }
}

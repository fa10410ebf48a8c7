public import Authority
import Glibc

/// Why an address can't be listened on.
public struct ListenFailure: Error, Equatable, Sendable {
    /// The address.
    public let address: ListenAddress
    /// The system's number for the reason.
    public let errorNumber: Int32
}

extension ListenFailure: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        "couldn't listen on \(address): \(String(cString: strerror(errorNumber)))"
    }
}

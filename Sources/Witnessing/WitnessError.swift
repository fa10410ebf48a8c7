public import Files
public import Keys
public import Settings
public import Transparency

/// Why a witness can't be made or opened. `path` is the file's.
public enum WitnessError: Error, Equatable, Sendable {
    /// A file can't be read or written.
    case file(path: String, FileFailure)
    /// There is no such file.
    case missing(path: String)
    /// The directory has a witness already.
    case exists(path: String)
    /// Another process uses the directory.
    case inUse(path: String)
    /// The configuration can't be used.
    case configuration(path: String, SettingsError)
    /// A key can't be used.
    case key(path: String, KeysError)
    /// The witness's key is not Ed25519.
    case cosigner(path: String, TransparencyError)
    /// What the witness remembers of a log isn't what it wrote.
    case memoryDamaged(path: String)
}

extension WitnessError: CustomStringConvertible {
    /// A sentence for operators.
    public var description: String {
        switch self {
        case .file(let path, let failure): "couldn't use the file \(path): \(failure)"
        case .missing(let path): "couldn't use the file \(path): it doesn't exist"
        case .exists(let path): "couldn't make a witness: \(path) is there already"
        case .inUse(let path): "couldn't open \(path): another process uses it"
        case .configuration(let path, let error): "couldn't use the configuration \(path): \(error)"
        case .key(let path, let error): "couldn't use the key \(path): \(error)"
        case .cosigner(let path, let error): "couldn't use the key \(path): \(error)"
        case .memoryDamaged(let path): "couldn't use \(path): it isn't a checkpoint that this witness has cosigned"
        }
    }
}

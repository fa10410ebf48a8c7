import Settings
public import Timestamping

extension AuthoritySettings {
    /// Where the timestamp authority's parts are.
    public struct Timestamping: Sendable, Equatable {
        /// The key's file.
        public let key: String
        /// The file with the key's passphrase, where it has one.
        public let passphraseFile: String?
        /// The chain's file, the authority's own certificate first.
        public let chain: String
        /// What its timestamps promise.
        public let policy: TimestampPolicy
    }
}

extension AuthoritySettings.Timestamping {
    init(_ node: SettingsNode, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node.object(known: ["key", "chain", "passphrase-file", "policy"])
        key = directory.resolve(try section.required("key").string())
        chain = directory.resolve(try section.required("chain").string())
        passphraseFile = try section.string("passphrase-file").map(directory.resolve)
        let name = section["policy"]
        do { policy = try TimestampPolicy(try name?.string() ?? TimestampPolicy.sigstore) } catch let error
            as SettingsError
        {
            throw error
        } catch {
            throw (name ?? node).invalid("must be an object identifier such as \(TimestampPolicy.sigstore)")
        }
    }
}

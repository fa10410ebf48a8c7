import Keys
import TrustRoot

/// All that a renewal of the TUF repository signs with, read and ready.
struct TrustSigning {
    let trust: AuthoritySettings.Trust
    let passphrase: Passphrase?
    let documents: TrustDocuments
    let offline: SigningKey
    let newOffline: SigningKey?
    let newOnline: SigningKey?
    /// The new online key or the one before; nil where another server has it.
    let online: SigningKey?
    let renewsRoot: Bool
    let seconds: Int64

    /// Signs the repository as it is now, in memory. Throws `.trust` and `.file`.
    func check() throws(AuthorityError) {
        guard var repository = try TrustFolder(path: trust.repository).read() else {
            throw .trust(.missing(file: "the repository"))
        }
        try sign(&repository)
    }

    /// Signs a root where it must be, targets, and what the online key signs. Throws `.trust`.
    func sign(_ repository: inout TrustRepository) throws(AuthorityError) {
        do throws(TrustRootError) {
            let isRootDue = repository.isDue(.root, lifetimes: trust.lifetimes, at: seconds)
            if isRootDue || renewsRoot || newOffline != nil || newOnline != nil {
                try repository.renewRoot(
                    offline: offline,
                    newOffline: newOffline,
                    newOnline: newOnline?.publicKey,
                    lifetimes: trust.lifetimes,
                    at: seconds
                )
            }
            try repository.renewTargets(
                documents.targets,
                offline: newOffline ?? offline,
                lifetimes: trust.lifetimes,
                at: seconds
            )
            if let online { try repository.publish(online: online, lifetimes: trust.lifetimes, at: seconds) }
        } catch {
            throw .trust(error)
        }
    }
}

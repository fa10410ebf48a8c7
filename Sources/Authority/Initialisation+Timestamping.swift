import Certificates
import Keys

extension Initialisation.Source {
    /// Who stands in the names of what is made.
    var organization: String {
        switch self {
        case .new(_, let organization): organization
        case .adopted: "Mayfly"
        }
    }
}

extension DataDirectory {
    /// The keys and certificates of a timestamp authority, with a root of its own: the CA's root may be another's.
    struct NewTimestamping {
        let rootKey: SigningKey
        let key: SigningKey
        let chain: CertificateChain
    }

    /// Makes a timestamp authority, checked as `serve` will check it.
    static func timestamping(_ organization: String, seconds: Int64) throws(AuthorityError) -> NewTimestamping {
        let rootKey = try newKey(AuthorityCertificates.keyAlgorithm)
        // What every client verifies, in the least time.
        let key = try newKey(.p256)
        do {
            let root = try AuthorityCertificates.root(
                name: try AuthorityName(
                    country: AuthorityName.noCountry,
                    organization: organization,
                    commonName: "\(organization) TSA Root"
                ),
                key: rootKey,
                serial: try SerialNumber.random(),
                notBeforeSeconds: seconds
            )
            let leaf = try AuthorityCertificates.timestamping(
                name: try AuthorityName(
                    country: AuthorityName.noCountry,
                    organization: organization,
                    commonName: "\(organization) TSA"
                ),
                publicKey: key.publicKey,
                issuer: root,
                issuerKey: rootKey,
                serial: try SerialNumber.random(),
                notBeforeSeconds: seconds
            )
            let chain = try CertificateChain([leaf, root])
            try chain.validateTimestamping(at: seconds, signer: key.publicKey)
            return NewTimestamping(rootKey: rootKey, key: key, chain: chain)
        } catch {
            throw .chain(path: "of the new timestamp authority", error)
        }
    }

    /// Writes its four files.
    func write(_ made: NewTimestamping, _ passphrase: Passphrase?) throws(AuthorityError) {
        try write(made.rootKey, to: timestampingRootKey, passphrase)
        try write(made.key, to: timestampingKey, passphrase)
        let root = made.chain.certificates.last ?? made.chain.issuing
        try FileSystem.create(timestampingRoot, Array(root.pem.utf8), isPrivate: false)
        try FileSystem.create(timestampingChain, Array(made.chain.pem.utf8), isPrivate: false)
    }
}

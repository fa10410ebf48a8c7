/// How much a log may make its reader hold.
enum LogLimits {
    /// Two of them must fit into an alert of one line; 30 cosignatures do.
    static let checkpointBytesMax = 1 << 13
    /// A tile of 256 entries of this project has under one MiB.
    static let dataTileBytesMax = 1 << 24
    /// What is read of a precertificate: the lint takes the square of the number of extensions.
    static let precertificateBytesMax = 1 << 16
    /// A CA certificate.
    static let issuerBytesMax = 1 << 16
    /// CA certificates behind one entry.
    static let chainMax = 8
    /// Chains that are remembered; entries of further ones are findings.
    static let chainsMax = 64
}

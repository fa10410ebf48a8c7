import Certificates
import Keys
public import Wire

extension TrustedRoot {
    /// The most logs, and the most authorities, of one kind, and the most certificates of one authority.
    private static let itemsMax = 64

    /// Reads a trusted root of version 0.1. Throws ``VerificationError/trustedRoot(_:)``.
    public init(json: [UInt8]) throws(VerificationError) {
        do throws(TrustedRootProblem) {
            let root = try reading { () throws(ProtoFault) in
                try ProtoObject(parsing: json, limits: JSONLimits(bytesMax: Self.bytesMax), fields: Self.fields)
            }
            try self.init(root)
        } catch {
            throw .trustedRoot(error)
        }
    }

    /// The message's fields.
    public static let fields = ["mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"]

    /// Reads the message inside another one. Throws ``VerificationError/trustedRoot(_:)``.
    public init(message root: ProtoObject) throws(VerificationError) {
        do { try self.init(root) } catch { throw .trustedRoot(error) }
    }

    private init(_ root: ProtoObject) throws(TrustedRootProblem) {
        let mediaType = try reading { () throws(ProtoFault) in try root.text("mediaType") }
        guard mediaType == Self.mediaType else { throw .unsupportedVersion(String(mediaType.prefix(80))) }
        self.init(
            logs: try Self.logs("tlogs", in: root),
            certificateAuthorities: try Self.authorities("certificateAuthorities", in: root),
            certificateLogs: try Self.logs("ctlogs", in: root),
            timestampAuthorities: try Self.authorities("timestampAuthorities", in: root)
        )
    }

    private static func logs(_ name: String, in root: ProtoObject) throws(TrustedRootProblem) -> [TrustedLog] {
        let items = try reading { () throws(ProtoFault) in
            try root.objects(
                name,
                max: itemsMax,
                fields: ["baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"]
            )
        }
        var logs: [TrustedLog] = []
        for item in items {
            let log = try log(item)
            guard !logs.contains(where: { $0.id == log.id }) else { throw .logRepeated(path: item.path) }
            logs.append(log)
        }
        return logs
    }

    /// `TransparencyLogInstance`.
    private static func log(_ log: ProtoObject) throws(TrustedRootProblem) -> TrustedLog {
        let (url, hash, id, key) = try reading { () throws(ProtoFault) in
            _ = try log.object("checkpointKeyId", fields: ["keyId"])?.bytes("keyId")
            _ = try log.text("operator")
            return (
                try log.text("baseUrl"), try log.enumeration("hashAlgorithm", [1: DigestAlgorithm.sha256.sigstoreName]),
                try log.object("logId", fields: ["keyId"])?.bytes("keyId") ?? [],
                try log.required("publicKey", fields: ["rawBytes", "keyDetails", "validFor"])
            )
        }
        guard !hash.isEmpty else { throw .hashUnsupported(path: log.path) }
        guard !id.isEmpty else { throw .logIDMissing(path: log.path) }
        let (bytes, details, window) = try reading { () throws(ProtoFault) in
            (
                try key.bytes("rawBytes"), try key.enumeration("keyDetails", KeyDetails.names),
                try ValidityWindow(try key.object("validFor", fields: ValidityWindow.fields))
            )
        }
        guard window.startMilliseconds != nil else { throw .startMissing(path: log.path) }
        guard let publicKey = publicKey(bytes, details: details) else { throw .keyUnusable(path: log.path) }
        return TrustedLog(baseURL: url, id: id, key: publicKey, window: window)
    }

    private static func publicKey(_ bytes: [UInt8], details: String) -> PublicKey? {
        if details == KeyDetails.pkcs1 {
            // The reader of PEM is the one that knows an RSAPublicKey.
            return try? PublicKey(pem: Array(PEMBlock(label: "RSA PUBLIC KEY", bytes: bytes).text.utf8))
        }
        guard let key = try? PublicKey(subjectPublicKeyInfo: bytes), KeyDetails.ofLog(key.algorithm) == details else {
            return nil
        }
        return key
    }

    private static func authorities(
        _ name: String,
        in root: ProtoObject
    ) throws(TrustedRootProblem) -> [TrustedAuthority] {
        let items = try reading { () throws(ProtoFault) in
            try root.objects(name, max: itemsMax, fields: ["subject", "uri", "certChain", "validFor", "operator"])
        }
        var authorities: [TrustedAuthority] = []
        for item in items { authorities.append(try authority(item)) }
        return authorities
    }

    /// `CertificateAuthority`.
    private static func authority(_ authority: ProtoObject) throws(TrustedRootProblem) -> TrustedAuthority {
        let (uri, window, members) = try reading { () throws(ProtoFault) in
            let subject = try authority.object("subject", fields: ["organization", "commonName"])
            _ = try subject?.text("organization")
            _ = try subject?.text("commonName")
            _ = try authority.text("operator")
            return (
                try authority.text("uri"),
                try ValidityWindow(try authority.object("validFor", fields: ValidityWindow.fields)),
                try authority.required("certChain", fields: ["certificates"]).objects(
                    "certificates",
                    max: itemsMax,
                    fields: ["rawBytes"]
                )
            )
        }
        var certificates: [Certificate] = []
        for member in members {
            let der = try reading { () throws(ProtoFault) in try member.bytes("rawBytes") }
            guard let certificate = try? Certificate(der: der) else { throw .chainUnusable(path: authority.path) }
            certificates.append(certificate)
        }
        guard let chain = try? CertificateChain(certificates) else { throw .chainUnusable(path: authority.path) }
        return TrustedAuthority(uri: uri, chain: chain, window: window)
    }
}

/// Turns a fault of the text into this room's error.
private func reading<Result>(_ body: () throws(ProtoFault) -> Result) throws(TrustedRootProblem) -> Result {
    do { return try body() } catch { throw .malformed(error) }
}

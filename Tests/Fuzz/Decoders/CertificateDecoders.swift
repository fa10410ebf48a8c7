import Certificates
import Keys
import Wire

enum CertificateDecoders {
    /// PEM as it is; other bytes get a block of this label around them, for hardly a change of base64 leaves DER.
    private static func pem(_ bytes: [UInt8], _ label: String) -> [UInt8] {
        bytes.starts(with: "-----".utf8) ? bytes : Array(PEMBlock(label: label, bytes: bytes).text.utf8)
    }

    @Sendable static func key(_ bytes: [UInt8]) {
        _ = try? UncheckedPublicKey(pem: pem(bytes, "RSA PUBLIC KEY")).checked()
        guard let key = try? UncheckedPublicKey(pemOrDER: bytes), let checked = try? key.checked() else { return }
        let again = try? UncheckedPublicKey(subjectPublicKeyInfo: checked.subjectPublicKeyInfo).checked()
        Decoders.require(again == checked, "what is written can be read")
        _ = try? checked.verify(Array(bytes.suffix(70)), over: bytes, with: .ecdsa(.sha256))
    }

    @Sendable static func signingRequest(_ bytes: [UInt8]) {
        guard let request = try? CertificateSigningRequest(pem: pem(bytes, "CERTIFICATE REQUEST")),
            let key = try? request.publicKey.checked(), let scheme = request.signatureScheme
        else { return }
        _ = try? key.verify(request.signature, over: request.requestInfo, with: scheme)
    }

    @Sendable static func certificate(_ bytes: [UInt8]) {
        _ = try? CertificateChain(pem: bytes)
        let isPEM = bytes.starts(with: "-----".utf8)
        guard let certificate = isPEM ? try? Certificate(pem: bytes) : try? Certificate(der: bytes) else { return }
        _ = try? certificate.sctList()
        _ = try? certificate.precertificateTBS()
        _ = certificate.isPrecertificate
    }
}

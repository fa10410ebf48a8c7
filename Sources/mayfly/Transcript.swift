import Certificates
import Glibc
import Keys

/// What a ceremony leaves to be read and signed on paper: what was done, when, where and by whom, with fingerprints.
enum Transcript {
    /// A first line: what, when, by which user of which machine.
    static func heading(_ what: String) -> String {
        let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&name, name.count - 1) == 0
        let letters = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let host = isKnown ? String(decoding: letters, as: UTF8.self) : "this machine"
        return "\(UTCTime.text(seconds: SystemClock.now().seconds))  \(what), by \(user) on \(PlainText.escaped(host))"
    }

    /// Each certificate's name, dates and fingerprint.
    static func lines(_ chain: CertificateChain) -> String {
        chain.certificates.map { certificate in
            let name = PlainText.escaped((try? certificate.subjectText()) ?? "")
            let dates =
                "\(UTCTime.text(seconds: certificate.notBeforeSeconds)) to \(UTCTime.text(seconds: certificate.notAfterSeconds))"
            return "  certificate  \(name)\n    valid      \(dates)\n    SHA-256    \(certificate.fingerprint.hex)"
        }.joined(separator: "\n")
    }
}

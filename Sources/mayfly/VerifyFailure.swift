import ArgumentParser
import Signing
import Verification

/// Why `mayfly verify` and `mayfly sign` don't end well.
enum VerifyFailure: Error {
    /// Something that the command line names can't be read.
    case file(RequestFailure)
    /// The bundle or the trusted root can't be read, or the signature isn't verified.
    case verification(VerificationError)
    /// Nothing was signed.
    case signing(SigningError)
}

extension VerifyFailure {
    /// 1 for a signature that isn't verified, 2 for what can't be read: nothing is said about the signature then.
    var exitCode: ExitCode {
        switch self {
        case .file, .verification(.bundle), .verification(.trustedRoot): ExitCode(2)
        case .signing(.tokenUnreadable), .signing(.configuration), .signing(.configurationUnknown),
            .signing(.verification(.trustedRoot)):
            ExitCode(2)
        case .verification, .signing: .failure
        }
    }

    /// What to do about it; nil when nothing is known but not to use the file.
    var hint: String? {
        switch self {
        case .file: nil
        case .verification(let error): hint(error)
        case .signing(let error): hint(error)
        }
    }

    private func hint(_ error: SigningError) -> String? {
        switch error {
        case .tokenUnreadable: "the file must hold one token of your identity provider and nothing else"
        case .configuration, .configurationUnknown:
            "get the file again from whoever runs the CA; `mayfly trust export` writes it"
        case .serviceMissing(.timestamps):
            "a record log of version 2 gives no time: without timestamps nothing verifies"
        case .serviceMissing: "get a newer file from whoever runs the CA"
        case .unreachable: "is it running, and is this its address?"
        case .refused(.authority, _, _): "`mayfly token explain` says what the CA makes of a token"
        case .verification(let error): hint(error) ?? "nothing was written; whoever runs the services must look into it"
        case .statement: "--in-toto wants a statement with a sha256, sha384 or sha512 digest of a subject"
        case .refused, .answerUnreadable, .otherKey, .key: nil
        }
    }

    private func hint(_ error: VerificationError) -> String? {
        switch error {
        case .bundle(.unsupportedVersion):
            return "bundles 0.1, 0.2 and 0.3 are read: is this another file, or of a newer client?"
        case .bundle(.rootIncluded):
            return "trust comes from --trusted-root only; let the signer's tool leave the root out"
        case .bundle: return "the file is damaged, or not a bundle; get it again from the signer"
        case .trustedRoot(.unsupportedVersion), .trustedRoot(.malformed):
            return "get the file again from whoever runs the CA; `mayfly trust export` writes it"
        case .trustedRoot: return "whoever runs the CA must mend it; a root that is half understood is not used"
        case .log(let problem): return hint(problem)
        case .time(let problem): return hint(problem)
        case .certificate(.noAuthority), .certificate(.pathInvalid):
            return "is --trusted-root that of the CA that issued this, with its intermediate certificates?"
        case .certificate(.keyUnusable): return nil
        case .promise(.missing): return "the CA must have its certificates logged; `mayfly serve` does"
        case .promise(.logUnknown): return "is --trusted-root that of this CA's certificate log?"
        case .promise: return nil
        case .identity(let problem): return hint(problem)
        case .signature(.artifactMismatch): return "is it the right file, unchanged since it was signed?"
        case .signature(.artifactNeeded): return "give the file instead of its digest"
        case .signature(.unsupported): return "sign with an ECDSA or RSA key"
        case .signature(.invalid): return nil
        case .statement(.subjectMismatch): return "is it the right file? The statement names others by their digests"
        case .statement(.predicateMismatch):
            return "ask the signer for the right statement, or for this one give its --type"
        case .statement(.statementMissing): return "without --type the signature of the file itself is verified"
        case .statement: return nil
        }
    }

    private func hint(_ problem: LogProblem) -> String? {
        switch problem {
        case .noEntry: "the signer must record the signature in a log; a bundle without an entry proves nothing"
        case .logUnknown: "is --trusted-root that of the log where it was recorded?"
        case .hostMissing: "the log's baseUrl in --trusted-root must be a URL with a host"
        case .checkpointOrigin: "the log's baseUrl in --trusted-root must have the host that its checkpoints name"
        case .promiseOutsideWindow, .timeOutsideCertificate, .kindUnsuitable, .promiseKeyUnsupported, .promiseInvalid,
            .checkpointMalformed, .checkpointNotSigned, .checkpointSignatureInvalid, .proofMismatch, .notIncluded,
            .bodyMalformed, .entryMismatch:
            nil
        }
    }

    private func hint(_ problem: TimeProblem) -> String? {
        switch problem {
        case .noSource: "the signer must get a timestamp: the log's entry has no time that can be relied on"
        case .authorityUnknown: "is --trusted-root that of the timestamp authority?"
        case .anchorMissing: "its certificates in --trusted-root must end with its root"
        case .malformed, .notGranted, .digestUnsupported, .imprintMismatch, .signatureInvalid, .signerMismatch,
            .outsideWindow:
            nil
        }
    }

    private func hint(_ problem: IdentityProblem) -> String? {
        switch problem {
        case .certificateMissing: "give the signer's key with --key"
        case .certificateUnexpected: "give --identity and --issuer instead of --key"
        case .nameMismatch, .issuerMismatch, .extensionMissing, .extensionMismatch:
            "it is somebody else's; whether it is a good signature of this file was not looked at"
        case .unreadable, .nameMissing, .issuerMissing: nil
        }
    }
}

extension VerifyFailure: CustomStringConvertible {
    /// One line, fit for a terminal.
    var description: String {
        switch self {
        case .file(let failure): "\(failure)"
        case .verification(let error): PlainText.escaped("\(error)")
        case .signing(let error): PlainText.escaped("\(error)")
        }
    }
}

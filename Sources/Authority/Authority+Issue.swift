import CertificateLog
import Certificates
import Identity
import Issuance
import Transparency

/// The page to read first: token → identity → proven key → prepared → timestamp → issued, and no branching.
///
/// The two `workers.run` are the two visits to a crypto worker; between them the log makes the entry durable, and
/// nobody's thread waits. `docs/flow.md` follows one certificate through the files.
extension Authority {
    /// Issues the certificate that the request asks for, or says why not.
    ///
    /// When it returns, the certificate's entry is on disk in the log and covered by a signed checkpoint. When it
    /// throws, no certificate has been made: at most there is a precertificate in the log that nobody can use.
    public func issue(_ request: SigningRequest) async throws(AuthorityError) -> Issued {
        let token = try await prepare(request.token)
        let verified = try await verifying(token) { token throws(AuthorityError) in
            let identity = try identity(of: token)
            let key = try prove(request.key, by: identity)
            return Verified(issuerType: identity.issuerType, prepared: try prepare(identity, key))
        }
        let issuerType = verified.issuerType
        let entry = try await append(PrecertificateSubmission(verified.prepared.precertificate))
        let prepared = Once(verified.prepared)
        return try await workers.run { () throws(AuthorityError) -> Issued in
            guard let prepared = prepared.take() else { throw .busy }
            return Issued(certificate: try finish(prepared, try timestamp(for: entry)), issuerType: issuerType)
        }
    }
}

/// A prepared certificate on its way from one worker to the log.
private struct Verified: ~Copyable, Sendable {
    let issuerType: String
    let prepared: PreparedCertificate
}

// MARK: Each room's errors as the authority's

extension Authority {
    private func prepare(_ token: IDToken) async throws(AuthorityError) -> PreparedToken {
        do { return try await verifier.prepare(token) } catch { throw .identity(error) }
    }

    private func identity(of token: PreparedToken) throws(AuthorityError) -> VerifiedIdentity {
        do { return try verifier.verify(token, now: seconds) } catch { throw .identity(error) }
    }

    private func prove(_ key: KeyRequest, by identity: VerifiedIdentity) throws(AuthorityError) -> ProvenKey {
        do { return try possession.verify(key, by: identity) } catch { throw .issuance(error) }
    }

    /// Runs the first visit, and once more with newer keys when the issuer may have changed its own.
    private func verifying(
        _ token: PreparedToken,
        _ visit: @escaping @Sendable (PreparedToken) throws(AuthorityError) -> Verified
    ) async throws(AuthorityError) -> Verified {
        do throws(AuthorityError) {
            return try await workers.run { () throws(AuthorityError) in try visit(token) }
        } catch {
            guard case .identity(let reason) = error, reason.mayNeedNewKeys,
                let renewed = await verifier.renew(token)
            else { throw error }
            return try await workers.run { () throws(AuthorityError) in try visit(renewed) }
        }
    }

    private func prepare(_ identity: VerifiedIdentity, _ key: ProvenKey) throws(AuthorityError) -> PreparedCertificate {
        do { return try issuer.prepare(identity, key, at: seconds) } catch { throw .issuance(error) }
    }

    private func append(
        _ submission: PrecertificateSubmission
    ) async throws(AuthorityError) -> SequencedPrecertificate {
        do { return try await log.append(submission) } catch { throw .log(error) }
    }

    private func timestamp(
        for entry: SequencedPrecertificate
    ) throws(AuthorityError) -> SignedCertificateTimestamp {
        do { return try log.timestamp(for: entry) } catch { throw .log(error) }
    }

    private func finish(
        _ prepared: consuming PreparedCertificate, _ timestamp: SignedCertificateTimestamp
    ) throws(AuthorityError) -> IssuedCertificate {
        do { return try issuer.finish(prepared, timestamp) } catch { throw .issuance(error) }
    }
}

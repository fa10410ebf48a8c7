import CertificateLog
import Certificates
import Identity
import Issuance
import Keys
import Records
import Transparency

/// The page to read first: token → identity → proven key → prepared → timestamp → issued, and no branching.
///
/// All of it runs on the crypto workers, and none of them waits: the task leaves its thread while the issuer's keys are
/// fetched and while the log makes the entry durable. `docs/flow.md` follows one certificate through the files.
extension Authority {
    /// Issues the certificate that the request asks for, or says why not.
    ///
    /// When it returns, the certificate's entry is on disk in the log and covered by a signed checkpoint. When it
    /// throws, no certificate has been made: at most there is a precertificate in the log that nobody can use.
    public func issue(_ request: SigningRequest) async throws(AuthorityError) -> Issued {
        let active = configuration.active
        return try await workers.run { () async throws(AuthorityError) in
            let identity = try await identify(request.token, active.verifier)
            let key = try prove(request.key, by: identity, active.possession)
            let prepared = try prepare(identity, key)
            let timestamp = try await timestamp(for: prepared.precertificate, of: identity)
            return Issued(certificate: try finish(prepared, timestamp), issuerType: identity.issuerType)
        }
    }
}

// MARK: Each room's errors as the authority's

extension Authority {
    /// Who the token names; asked again with newer keys while the issuer may have changed its own.
    private func identify(
        _ token: IDToken,
        _ verifier: TokenVerifier
    ) async throws(AuthorityError) -> VerifiedIdentity {
        do throws(IdentityError) {
            var prepared = try await verifier.prepare(token)
            while true {
                do throws(IdentityError) {
                    return try verifier.verify(prepared, now: seconds)
                } catch {
                    guard error.mayNeedNewKeys, let renewed = await verifier.renew(prepared) else { throw error }
                    prepared = renewed
                }
            }
        } catch {
            throw .identity(error)
        }
    }

    private func prove(
        _ key: KeyRequest,
        by identity: VerifiedIdentity,
        _ possession: PossessionProof
    ) throws(AuthorityError) -> ProvenKey {
        do { return try possession.verify(key, by: identity) } catch { throw .issuance(error) }
    }

    private func prepare(_ identity: VerifiedIdentity, _ key: ProvenKey) throws(AuthorityError) -> PreparedCertificate {
        do { return try issuer.prepare(identity, key, at: seconds) } catch { throw .issuance(error) }
    }

    /// The log's promise, once it has the precertificate.
    private func timestamp(
        for precertificate: borrowing Precertificate,
        of identity: VerifiedIdentity
    ) async throws(AuthorityError) -> SignedCertificateTimestamp {
        let submission = PrecertificateSubmission(precertificate, record: try record(of: identity), use: nil)
        do { return try log.log.timestamp(for: try await log.log.append(submission)) } catch { throw .log(error) }
    }

    /// The record of a certificate for this identity; the log fills in the rest.
    private func record(of identity: VerifiedIdentity) throws(AuthorityError) -> IssuanceRecord {
        let requestID: RequestID
        do throws(KeysError) { requestID = try .random() } catch { throw .issuance(.signerFailed(.key(error))) }
        var record = IssuanceRecord(.issued, requestID, at: clock())
        record.issuer = identity.issuer.text
        record.issuerType = identity.issuerType
        record.subject = identity.subject
        record.san = identity.san.text
        record.keyID = identity.keyID
        return record
    }

    private func finish(
        _ prepared: consuming PreparedCertificate,
        _ timestamp: SignedCertificateTimestamp
    ) throws(AuthorityError) -> IssuedCertificate {
        do { return try issuer.finish(prepared, timestamp) } catch { throw .issuance(error) }
    }
}

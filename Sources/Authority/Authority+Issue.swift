import CertificateLog
import Certificates
import Identity
import Issuance
import Log
import Policy
public import Records
import Transparency

/// The page to read first: token → identity → proven key → permission → prepared → timestamp → issued, and no branching.
///
/// All of it runs on the crypto workers, and none of them waits: the task leaves its thread while the issuer's keys are
/// fetched and while the log makes the entry durable. `docs/flow.md` follows one certificate through the files.
extension Authority {
    /// Issues the certificate that the request asks for, or says why not; the record of either names the request.
    ///
    /// When it returns, the certificate's entry is on disk in the log and covered by a signed checkpoint, its record is
    /// in the same transaction, and its audit line is written where that is required. When it throws, no certificate has
    /// left: at most there is a precertificate in the log that nobody can use.
    public func issue(_ request: SigningRequest, id: RequestID) async throws(AuthorityError) -> Issued {
        let active = configuration.active
        var record = IssuanceRecord(.refused, id, at: clock())
        var authenticated: AuthenticatedToken?
        do throws(AuthorityError) {
            return try await workers.run { () async throws(AuthorityError) in
                try recorder.checkReady()
                let token = try await authenticate(request.token, active.verifier)
                authenticated = token
                record.note(token, subjects: active.subjects)
                let identity = try identify(token, active.verifier)
                record.note(identity)
                let key = try prove(request.key, by: identity, active.possession)
                let use = UseLimit(identity, active.policy.tokenUses(of: identity.entry))
                try checkUses(use)
                let permission = try permit(identity, active.policy)
                record.note(permission)
                let prepared = try prepare(identity, key)
                let logged = try await append(prepared.precertificate, record, use)
                let certificate = try finish(prepared, try timestamp(for: logged.precertificate))
                let issued = Issued(certificate, identity, permission, logged)
                try await recorder.note(issued, logged)
                return issued
            }
        } catch {
            record.issuerType = record.issuerType ?? authenticated?.issuerType
            await recorder.note(error, record)
            throw error
        }
    }

    /// Records a request that couldn't even be read.
    public func record(unreadable id: RequestID, reason: RefusalReason) async {
        await recorder.note(reason, IssuanceRecord(.refused, id, at: clock()))
    }
}

// MARK: Each room's errors as the authority's

extension Authority {
    /// Whom the token is by; asked again with newer keys while the issuer may have changed its own.
    private func authenticate(
        _ token: IDToken,
        _ verifier: TokenVerifier
    ) async throws(AuthorityError) -> AuthenticatedToken {
        do throws(IdentityError) {
            var prepared = try await workers.waiting { () async throws(IdentityError) in
                try await verifier.prepare(token)
            }
            while true {
                do throws(IdentityError) {
                    return try verifier.authenticate(prepared)
                } catch {
                    let tried = prepared
                    guard error.mayNeedNewKeys, let renewed = await workers.waiting({ await verifier.renew(tried) })
                    else { throw error }
                    prepared = renewed
                }
            }
        } catch {
            throw .identity(error)
        }
    }

    private func identify(
        _ token: AuthenticatedToken,
        _ verifier: TokenVerifier
    ) throws(AuthorityError) -> VerifiedIdentity {
        do { return try verifier.identify(token, now: seconds) } catch { throw .identity(error) }
    }

    private func prove(
        _ key: KeyRequest,
        by identity: VerifiedIdentity,
        _ possession: PossessionProof
    ) throws(AuthorityError) -> ProvenKey {
        do { return try possession.verify(key, by: identity) } catch { throw .issuance(error) }
    }

    /// A token that is known to be used up is refused before it costs a limit, a signature or a remote log anything; its
    /// uses are counted in the transaction of the entry.
    private func checkUses(_ use: UseLimit) throws(AuthorityError) {
        // The limit may have been raised since.
        if let usesMax = use.usesMax, let uses = usedUp.uses(of: use.key), uses >= usesMax {
            throw .log(.usedUp(uses: uses))
        }
    }

    private func permit(_ identity: VerifiedIdentity, _ policy: IssuancePolicy) throws(AuthorityError) -> Permission {
        do throws(PolicyError) {
            return try policy.permit(identity, limiter: limiter, nowMilliseconds: MonotonicClock.milliseconds())
        } catch {
            throw .policy(error)
        }
    }

    private func prepare(_ identity: VerifiedIdentity, _ key: ProvenKey) throws(AuthorityError) -> PreparedCertificate {
        do { return try issuer.prepare(identity, key, at: seconds) } catch { throw .issuance(error) }
    }

    private func append(
        _ precertificate: borrowing Precertificate,
        _ record: IssuanceRecord,
        _ use: UseLimit
    ) async throws(AuthorityError) -> LoggedPrecertificate {
        var record = record
        record.decision = .issued
        let submission = PrecertificateSubmission(precertificate, record: record, use: use)
        do throws(CertificateLogError) {
            let logged = try await log.append(submission)
            if logged.use == use.usesMax { usedUp.note(use.key, uses: logged.use) }
            return logged
        } catch {
            if case .usedUp(let uses) = error { usedUp.note(use.key, uses: uses) }
            throw .log(error)
        }
    }

    /// The log's promise, once it has the precertificate.
    private func timestamp(
        for precertificate: SequencedPrecertificate
    ) throws(AuthorityError) -> SignedCertificateTimestamp {
        do { return try log.log.timestamp(for: precertificate) } catch { throw .log(error) }
    }

    private func finish(
        _ prepared: consuming PreparedCertificate,
        _ timestamp: SignedCertificateTimestamp
    ) throws(AuthorityError) -> IssuedCertificate {
        do { return try issuer.finish(prepared, timestamp) } catch { throw .issuance(error) }
    }
}

extension UseLimit {
    /// What the token may be used for; reusable ones are counted too.
    fileprivate init(_ identity: VerifiedIdentity, _ uses: TokenUses) {
        let usesMax: Int? = if case .limited(let uses) = uses { uses } else { nil }
        self.init(key: identity.tokenDigest, usesMax: usesMax, expirySeconds: identity.expirySeconds)
    }
}

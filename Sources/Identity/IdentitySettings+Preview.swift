import Certificates
import Settings
import Wire

extension IdentitySettings {
    /// Says what ``TokenVerifier`` would say to a token at `now`, in seconds since 1970, without the network: signatures
    /// are checked with keys in files only.
    public func preview(_ token: IDToken, now: Int64) -> TokenPreview {
        do throws(IdentityError) {
            return preview(try CompactToken(token), now: now)
        } catch {
            return TokenPreview(
                header: .refused(error),
                issuer: .notChecked,
                nearestIssuers: [],
                signature: .notChecked,
                audience: .notChecked,
                expiry: .notChecked,
                identity: .notChecked,
                entry: nil,
                claims: nil
            )
        }
    }

    private func preview(_ token: CompactToken, now: Int64) -> TokenPreview {
        let configured = settings(for: token.issuer)
        let accepting = TokenPreview.Check { () throws(IdentityError) in
            guard let configured else { throw .issuerUnknown }
            let settings = try configured.entry(for: try Claims(token.claims).audiences())
            guard settings.type != nil else { throw .issuerUnknown }
            return settings
        }
        let judging: IssuerSettings? =
            if case .passed(let settings) = accepting {
                settings
            } else if let configured, configured.entries.count == 1 {
                configured.entries.first
            } else {
                nil
            }
        return TokenPreview(
            header: .passed(TokenPreview.Header(token)),
            issuer: TokenPreview.Check { () throws(IdentityError) in
                guard let configured, configured.entries.contains(where: { $0.type != nil }) else {
                    throw .issuerUnknown
                }
                return configured.entries.compactMap(place)
            },
            nearestIssuers: configured == nil ? nearest(to: token.issuer) : [],
            signature: signature(of: token, configured),
            audience: configured == nil ? .notChecked : audience(accepting),
            expiry: TokenPreview.Check { () throws(IdentityError) in
                try TokenVerifier.checkTime(try Claims(token.claims), now: now)
            },
            identity: identity(of: token, judging),
            entry: judging.flatMap(place),
            claims: token.claims
        )
    }

    private func signature(of token: CompactToken, _ configured: ConfiguredIssuer?) -> TokenPreview.Check<String?> {
        guard let file = configured?.keySource.jwksFile else { return .notChecked }
        return TokenPreview.Check { () throws(IdentityError) in
            try TokenVerifier.signer(of: token, among: try Discovery.keys(inFile: file, readFile, generation: 0))
        }
    }

    private func audience(_ accepting: TokenPreview.Check<IssuerSettings>) -> TokenPreview.Check<TokenPreview.Entry> {
        switch accepting {
        case .passed(let settings): place(settings).map { .passed($0) } ?? .notChecked
        case .refused(let error): .refused(error)
        case .notChecked: .notChecked
        }
    }

    private func identity(
        of token: CompactToken,
        _ settings: IssuerSettings?
    ) -> TokenPreview.Check<TokenPreview.Identity> {
        guard let settings, let type = settings.type else { return .notChecked }
        return TokenPreview.Check { () throws(IdentityError) in
            let named = try type.identity(try Claims(token.claims), settings, token.issuer)
            return TokenPreview.Identity(san: named.san, extensions: named.extensions)
        }
    }

    private func place(_ settings: IssuerSettings) -> TokenPreview.Entry? {
        guard entries.indices.contains(settings.entry.index) else { return nil }
        let node = entries[settings.entry.index].node
        return TokenPreview.Entry(
            id: settings.entry,
            path: node.path,
            line: node.line,
            issuerType: settings.typeName,
            audiences: settings.audiences
        )
    }
}

extension TokenPreview.Header {
    fileprivate init(_ token: CompactToken) {
        algorithm = token.algorithm.rawValue
        keyID = token.keyID
        issuer = token.issuer
        claimNames = token.claims.members?.map(\.name) ?? []
    }
}

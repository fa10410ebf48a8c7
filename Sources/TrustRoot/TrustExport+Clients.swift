extension TrustExport {
    var cosign: String {
        """
        # cosign 3. Once on each machine; from then on without any flag, and what is rotated here comes by itself:
        cosign initialize --mirror \(url)/tuf --root tuf/root.json
        cosign sign-blob --identity-token token --bundle artifact.sigstore.json --yes artifact
        cosign verify-blob --bundle artifact.sigstore.json \\
            --certificate-identity IDENTITY --certificate-oidc-issuer ISSUER artifact

        # Or with files, which needs no network to verify. New files must be brought after each rotation:
        cosign sign-blob --signing-config signing_config.v0.2.json --trusted-root trusted_root.json \\
            --identity-token token --bundle artifact.sigstore.json --yes artifact
        cosign verify-blob --trusted-root trusted_root.json --bundle artifact.sigstore.json \\
            --certificate-identity IDENTITY --certificate-oidc-issuer ISSUER artifact

        """
    }

    var sigstorePython: String {
        """
        # sigstore-python 4. With one file:
        sigstore --trust-config trust_config.json sign --identity-token "$(cat token)" artifact
        sigstore --trust-config trust_config.json verify identity \\
            --cert-identity IDENTITY --cert-oidc-issuer ISSUER artifact

        # Or with the repository, once on each machine:
        sigstore --instance \(url)/tuf trust-instance tuf/root.json
        sigstore --instance \(url)/tuf sign --identity-token "$(cat token)" artifact

        # A private CA of the web server's certificate takes both variables:
        # export REQUESTS_CA_BUNDLE=ca.pem SSL_CERT_FILE=ca.pem

        """
    }

    var gitsign: String {
        """
        # gitsign 0.16: commits and tags. The variables and gitsign.fulcioRoot are all needed; run this in this folder.
        gitsign initialize --mirror \(url)/tuf --root "$PWD/tuf/root.json"
        git config --global gpg.x509.program gitsign
        git config --global gpg.format x509
        git config --global commit.gpgsign true
        git config --global gitsign.fulcio \(url)
        git config --global gitsign.rekor \(url)
        git config --global gitsign.issuer \(documents.services.issuers.first ?? "ISSUER")
        git config --global gitsign.clientID sigstore
        git config --global gitsign.fulcioRoot "$PWD/pem/fulcio_chain.pem"
        export SIGSTORE_REKOR_PUBLIC_KEY="$PWD/pem/rekor.pub"
        export SIGSTORE_CT_LOG_PUBLIC_KEY_FILE="$PWD/pem/ctfe.pub"

        git commit -S -m message
        gitsign verify --certificate-identity IDENTITY --certificate-oidc-issuer ISSUER HEAD

        """
    }

    var npm: String {
        """
        # npm 10 and sigstore-js 2 have the public repository's name built in. Put our root into their cache, and have
        # requests to that name answered by \(url)/tuf (an entry in a proxy, with NODE_EXTRA_CA_CERTS for its certificate):
        cache=$(npm config get cache)/_tuf/tuf-repo-cdn.sigstore.dev
        mkdir -p "$cache"
        cp tuf/root.json "$cache/root.json"
        npm audit signatures

        # sigstore-js as a library is told directly:
        # verify(bundle, data, {tufMirrorURL: '\(url)/tuf', tufRootPath: 'tuf/root.json',
        #     certificateIdentityURI: 'IDENTITY', certificateIssuer: 'ISSUER'})

        """
    }
}

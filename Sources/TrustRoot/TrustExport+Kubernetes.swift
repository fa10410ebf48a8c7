import Certificates
import Wire

extension TrustExport {
    /// The keys one by one, which is what policy-controller needs for signatures and attestations of the older form.
    var policyControllerKeys: String {
        var text = """
            # sigstore policy-controller, for images signed in the older form (Rekor's first API). For bundles of cosign 3
            # take policy-controller-repository.yaml: one TrustRoot can't do both.
            apiVersion: policy.sigstore.dev/v1alpha1
            kind: TrustRoot
            metadata:
              name: mayfly-keys
            spec:
              sigstoreKeys:
                certificateAuthorities:

            """
        for authority in documents.material.certificateAuthorities { text += Self.item(authority) }
        for (name, logs) in [("tLogs", documents.material.recordLogs), ("ctLogs", documents.material.certificateLogs)]
        where !logs.isEmpty {
            text += "    \(name):\n"
            for log in logs {
                text += """
                        - baseURL: \(log.url)
                          hashAlgorithm: sha-256
                          publicKey: \(Base64.encode(Array(log.key.pem.utf8)))

                    """
            }
        }
        guard !documents.material.timestampAuthorities.isEmpty else { return text }
        text += "    timestampAuthorities:\n"
        for authority in documents.material.timestampAuthorities { text += Self.item(authority) }
        return text
    }

    private static func item(_ authority: TrustedAuthority) -> String {
        let subject = try? authority.root.subjectAttributes()
        return """
                - subject:
                    organization: \(quoted(subject?.organization ?? ""))
                    commonName: \(quoted(subject?.commonName ?? ""))
                  uri: \(authority.url)
                  certChain: \(Base64.encode(Array(authority.chain.pem.utf8)))

            """
    }

    /// The repository, which is what policy-controller needs for bundles.
    var policyControllerRepository: String {
        """
        # sigstore policy-controller, for attestations as bundles. Behind an air gap replace `remote` by
        #   repository: {root: the same, mirrorFS: the output of `tar -czf - -C .. NAME-OF-THE-FOLDER-tuf | base64 -w 0`}
        apiVersion: policy.sigstore.dev/v1alpha1
        kind: TrustRoot
        metadata:
          name: mayfly
        spec:
          remote:
            mirror: \(url)/tuf
            root: \(Base64.encode(repository?.files["root.json"] ?? []))

        """
    }

    var kyverno: String {
        let material = documents.material
        var text = """
            # Kyverno, for images signed in the older form; name your images, and who may have signed them.
            apiVersion: kyverno.io/v1
            kind: ClusterPolicy
            metadata:
              name: signed-by-mayfly
            spec:
              validationFailureAction: Enforce
              webhookTimeoutSeconds: 30
              rules:
                - name: signed
                  match:
                    any:
                      - resources: {kinds: [Pod]}
                  verifyImages:
                    - type: Cosign
                      imageReferences: ["registry.example.internal/*"]
                      attestors:
                        - entries:
                            - keyless:
                                subject: IDENTITY
                                issuer: ISSUER
                                roots: |-
            \(Self.indented(material.certificateAuthorities.last?.chain.pem ?? "", by: 22))

            """
        if let log = material.recordLogs.last {
            text += """
                                    rekor:
                                      url: \(url)
                                      pubkey: |-
                \(Self.indented(log.key.pem, by: 24))

                """
        }
        if let log = material.certificateLogs.last {
            text += """
                                    ctlog:
                                      pubkey: |-
                \(Self.indented(log.key.pem, by: 24))

                """
        }
        guard repository != nil else { return text }
        return text + """
            # Bundles (`type: SigstoreBundle`) take the root that Kyverno itself is started with:
            #   --enableTuf=true --tufMirror=\(url)/tuf --tufRootRaw=$(base64 -w 0 tuf/root.json)

            """
    }

    var tektonChains: String {
        """
        # Tekton Chains: a token of the cluster for the audience sigstore, the certificate log's and record log's older APIs.
        kubectl patch configmap chains-config -n tekton-chains --type merge -p '{"data": {
            "signers.x509.fulcio.enabled": "true",
            "signers.x509.fulcio.address": "\(url)",
            "signers.x509.fulcio.issuer": "\(documents.services.issuers.first ?? "ISSUER")",
            "signers.x509.fulcio.provider": "filesystem",
            "signers.x509.identity.token.file": "/var/run/sigstore/cosign/oidc-token",
            "signers.x509.tuf.mirror.url": "\(url)/tuf",
            "transparency.enabled": "true",
            "transparency.url": "\(url)",
            "artifacts.taskrun.format": "slsa/v2alpha4",
            "artifacts.oci.storage": "oci"}}'

        """
    }

    private static func indented(_ text: String, by count: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONText.string(text).encoded(), as: UTF8.self)
    }
}

import Certificates
import Settings
import Templates

extension CIProvider {
    private static let extensionKeys: [(key: String, id: CertificateExtensionID)] = [
        ("github-workflow-trigger", .gitHubWorkflowTrigger),
        ("github-workflow-sha", .gitHubWorkflowSHA),
        ("github-workflow-name", .gitHubWorkflowName),
        ("github-workflow-repository", .gitHubWorkflowRepository),
        ("github-workflow-ref", .gitHubWorkflowRef),
        ("build-signer-uri", .buildSignerURI),
        ("build-signer-digest", .buildSignerDigest),
        ("runner-environment", .runnerEnvironment),
        ("source-repository-uri", .sourceRepositoryURI),
        ("source-repository-digest", .sourceRepositoryDigest),
        ("source-repository-ref", .sourceRepositoryRef),
        ("source-repository-identifier", .sourceRepositoryIdentifier),
        ("source-repository-owner-uri", .sourceRepositoryOwnerURI),
        ("source-repository-owner-identifier", .sourceRepositoryOwnerIdentifier),
        ("build-config-uri", .buildConfigURI),
        ("build-config-digest", .buildConfigDigest),
        ("build-trigger", .buildTrigger),
        ("run-invocation-uri", .runInvocationURI),
        ("source-repository-visibility-at-signing", .sourceRepositoryVisibilityAtSigning),
        ("deployment-environment", .deploymentEnvironment),
    ]

    /// Reads `ci-issuer-metadata`: providers by name. Every template is parsed here, so that none fails for its form later
    /// (OIDC-16).
    static func all(
        _ section: SettingsNode?,
        unknownKeys: UnknownKeys
    ) throws(SettingsError) -> [String: CIProvider] {
        var providers: [String: CIProvider] = [:]
        for (name, node) in try section?.mapping() ?? [] {
            providers[name] = try CIProvider(node, unknownKeys: unknownKeys)
        }
        return providers
    }

    /// The provider that an entry of the type `ci-provider` names, else its preset's; nil for other types.
    static func named(
        _ entry: SettingsObject,
        type: IssuerType?,
        among providers: [String: CIProvider],
        preset: CIProvider?
    ) throws(SettingsError) -> CIProvider? {
        guard type == .ciProvider else { return nil }
        if let preset, entry["ci-provider"] == nil { return preset }
        let node = try entry.required("ci-provider")
        let name = try node.string()
        guard let provider = providers[name] else { throw node.invalid("ci-issuer-metadata has no '\(name)'") }
        return provider
    }

    private init(_ node: SettingsNode, unknownKeys: UnknownKeys) throws(SettingsError) {
        let keys = try node.object(
            known: ["default-template-values", "extension-templates", "subject-alternative-name-template"],
            unknownKeys: unknownKeys,
            spelling: .kebabOrCamel
        )
        var defaults: [String: String] = [:]
        for (name, value) in try keys["default-template-values"]?.mapping() ?? [] {
            defaults[name] = value.isNull ? "" : try value.string()
        }
        self.defaults = defaults

        // Fulcio knows `issuer` and `subject` too, and takes neither from a template.
        let templates = try keys["extension-templates"]?.object(
            known: Self.extensionKeys.map(\.key) + ["issuer", "subject"],
            unknownKeys: unknownKeys,
            spelling: .kebabOrCamel
        )
        var extensions: [(id: CertificateExtensionID, source: Source)] = []
        for (key, id) in Self.extensionKeys {
            guard let value = templates?[key] else { continue }
            extensions.append((id, try Source(value)))
        }
        self.extensions = extensions

        let name = try keys.required("subject-alternative-name-template")
        subjectAlternativeName = try Source(name)
        if case .blank = subjectAlternativeName { throw name.invalid("must not be empty (ID-35)") }
    }
}

extension CIProvider.Source {
    fileprivate init(_ node: SettingsNode) throws(SettingsError) {
        let text = try node.string()
        if text.allSatisfy(\.isWhitespace) {
            self = .blank(text)
        } else if text.contains("{{") {
            do { self = .template(try Template(text)) } catch { throw node.invalid("\(error)") }
        } else {
            self = .claim(text)
        }
    }
}

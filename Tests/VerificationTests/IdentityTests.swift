import Certificates
import Keys
import SignatureTestKit
import Testing
import Verification

@Suite("Client specification §4.5: who signed")
struct IdentityTests {
    private let artifact = ArtifactDigests(of: TestStack.artifact)

    private func expected(
        name: TextPattern?,
        issuer: TextPattern?,
        extensions: [CertificateExtensionID: String] = [:]
    ) throws -> VerificationPolicy {
        VerificationPolicy(
            signer: .identity(
                ExpectedIdentity(name: try #require(name), issuer: try #require(issuer), extensions: extensions)
            )
        )
    }

    private func problem(_ policy: VerificationPolicy, extensions: IdentityExtensions? = nil) throws -> IdentityProblem?
    {
        let stack = try TestStack()
        let certificate = try stack.certificate(
            extensions: extensions ?? IdentityExtensions(issuer: TestStack.issuer)
        )
        let bundle = try stack.bundle(.hashedRekordV001, try stack.message(), certificate: certificate)
        do { _ = try Verifier(root: stack.root(), policy: policy).verify(bundle, of: artifact) } catch {
            guard case .identity(let problem) = error else { throw error }
            return problem
        }
        return nil
    }

    @Test(
        "names are compared as a whole, and byte by byte",
        arguments: ["jane@example.co", "jane@example.comm", "Jane@example.com", "jane@example.com "]
    )
    func otherNames(name: String) throws {
        let policy = try expected(name: TextPattern(exact: name), issuer: TextPattern(exact: TestStack.issuer))
        #expect(try problem(policy) == .nameMismatch(expected: name, found: TestStack.name))
    }

    @Test(
        "a regular expression must match all of it, anchored or not",
        arguments: [
            ("jane@example\\.com", true), ("^jane@example\\.com$", true), (".*@example\\.com", true), ("jane", false),
            ("example\\.com$", false), ("jane@example\\.com|nobody", true), ("nobody|jane", false), ("", nil),
            ("(", nil),
        ] as [(String, Bool?)]
    )
    func expressions(expression: String, isMatch: Bool?) throws {
        guard let pattern = TextPattern(expression: expression) else { return #expect(isMatch == nil) }
        #expect(pattern.isAnchoredHere == !expression.hasPrefix("^"))
        let policy = try expected(name: pattern, issuer: TextPattern(exact: TestStack.issuer))
        let found = try problem(policy)
        #expect((found == nil) == isMatch)
    }

    @Test("nothing matches an empty expectation")
    func emptyExpectations() {
        #expect(TextPattern(exact: "") == nil)
        #expect(TextPattern(exact: "a")?.matches("") == false)
        // The same character to a reader, other bytes.
        #expect(TextPattern(exact: "\u{E9}")?.matches("e\u{301}") == false)
    }

    @Test("the issuer is compared too: one's jane is not the other's")
    func otherIssuers() throws {
        let name = TextPattern(exact: TestStack.name)
        let policy = try expected(name: name, issuer: TextPattern(exact: "https://issuer.example"))
        #expect(
            try problem(policy) == .issuerMismatch(expected: "https://issuer.example", found: TestStack.issuer)
        )
        let open = try expected(name: name, issuer: TextPattern(expression: "https://issuer"))
        #expect(try problem(open) == .issuerMismatch(expected: "/https://issuer/", found: TestStack.issuer))
    }

    @Test("every extension that is expected must be there and say that")
    func extensions() throws {
        var said = IdentityExtensions(issuer: TestStack.issuer)
        said[.gitHubWorkflowTrigger] = "push"
        said[.gitHubWorkflowRef] = "refs/heads/main"
        func expecting(_ extensions: [CertificateExtensionID: String]) throws -> IdentityProblem? {
            let policy = try expected(
                name: TextPattern(exact: TestStack.name),
                issuer: TextPattern(exact: TestStack.issuer),
                extensions: extensions
            )
            return try problem(policy, extensions: said)
        }
        #expect(try expecting([.gitHubWorkflowTrigger: "push", .gitHubWorkflowRef: "refs/heads/main"]) == nil)
        #expect(
            try expecting([.gitHubWorkflowTrigger: "push", .gitHubWorkflowRef: "refs/heads/other"])
                == .extensionMismatch(.gitHubWorkflowRef, expected: "refs/heads/other", found: "refs/heads/main")
        )
        #expect(
            try expecting([.gitHubWorkflowSHA: "abc"]) == .extensionMissing(.gitHubWorkflowSHA, expected: "abc")
        )
    }

    @Test("a key is not an identity, and an identity no key")
    func kinds() throws {
        let stack = try TestStack()
        let message = try stack.message()
        let key = VerificationPolicy(signer: .key(stack.signer.publicKey))
        #expect(throws: VerificationError.identity(.certificateUnexpected)) {
            try Verifier(root: stack.root(), policy: key).verify(
                try stack.bundle(.hashedRekordV001, message),
                of: artifact
            )
        }
        #expect(throws: VerificationError.identity(.certificateMissing)) {
            try Verifier(root: stack.root(), policy: try TestStack.policy).verify(
                try stack.keyBundle(.hashedRekordV001, message),
                of: artifact
            )
        }
        let other = VerificationPolicy(signer: .key(try SigningKey.generate(.p256).publicKey))
        #expect(throws: VerificationError.log(.entryMismatch(.signer))) {
            try Verifier(root: stack.root(), policy: other).verify(
                try stack.keyBundle(.hashedRekordV001, message),
                of: artifact
            )
        }
    }
}

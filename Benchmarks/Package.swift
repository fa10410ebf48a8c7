// swift-tools-version: 6.2
import PackageDescription

// Shares no code with the server on purpose: what it measures must not be able to help it.
let package = Package(
    name: "mayfly-bench",
    platforms: [.macOS(.v15)],
    targets: [
        // OpenSSL 3, and nothing around it.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        // The crypto floor, a token issuer and a load generator in one program.
        .executableTarget(
            name: "mayfly-bench", dependencies: ["COpenSSL"], swiftSettings: [.treatAllWarnings(as: .error)]),
    ]
)

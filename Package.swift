// swift-tools-version: 6.2
import PackageDescription

// A warning is a defect here, and an import is seen by no one else unless it says `public`.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

// Every decoder of bytes from outside, under inputs made from good ones: a test that is the same in every run. With
// MAYFLY_FUZZ, which scripts/fuzz sets, the program that looks for new inputs instead.
let fuzzed: [Target.Dependency] = [
    "Audit", "Certificates", "Identity", "Keys", "RecordLog", "Settings", "Templates", "Timestamping", "Transparency",
    "Verification",
    "Wire", "Witnessing",
]
let fuzz: Target =
    Context.environment["MAYFLY_FUZZ"] == nil
    ? .testTarget(
        name: "Fuzz",
        dependencies: fuzzed + ["TestKit"],
        exclude: ["Driver", "corpus"],
        swiftSettings: strict
    )
    : .executableTarget(
        name: "Fuzz",
        dependencies: fuzzed,
        path: "Tests/Fuzz",
        exclude: ["Replay", "corpus"],
        swiftSettings: strict
    )

// The log without a server around it, for scripts/bench, which sets MAYFLY_BENCH: what grows with a million entries.
let logBench: [Target] =
    Context.environment["MAYFLY_BENCH"] == nil
    ? []
    : [
        .executableTarget(
            name: "log-bench",
            dependencies: ["CertificateLog", "Certificates", "Keys", "Log", "LogStorage", "Records", "Transparency"],
            path: "Benchmarks/Log",
            swiftSettings: strict
        )
    ]

let package = Package(
    name: "mayfly",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "mayfly", targets: ["mayfly"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    ],
    targets: [
        // MARK: Floor
        // OpenSSL 3 as Swift may call it: headers and static-inline shims.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        // libcurl as Swift may call it: headers and typed shims over its variadic functions.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // jansson as Swift may call it: headers and shims over its macros.
        .systemLibrary(name: "CJansson", providers: [.apt(["libjansson-dev"])]),
        // zlib as Swift may call it: one shim, from bytes to gzip.
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        // libpq as Swift may call it: the header.
        .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
        // The encodings: JSON over jansson, base64 and base64url, PEM, the TLS presentation language.
        .target(name: "Wire", dependencies: ["CJansson"], swiftSettings: strict),
        // YAML settings with line numbers, over Yams: unknown keys are refused with the nearest known name.
        .target(name: "Settings", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: strict),
        // Texts with places to fill in: the part of Go's text/template that works on texts by name.
        .target(name: "Templates", swiftSettings: strict),
        // Digests, public keys, signing keys and their weaknesses, over OpenSSL.
        .target(name: "Keys", dependencies: ["COpenSSL", "Wire"], swiftSettings: strict),
        // The one OID table, the profile, serials, precertificates, SCT lists, chains and the lint, over OpenSSL.
        .target(
            name: "Certificates",
            dependencies: [
                "COpenSSL", "Keys", "Wire",
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: strict
        ),
        // What the logs' specifications share: leaf hashes, proofs, tiles, signed notes, checkpoints, SCTs.
        .target(name: "Transparency", dependencies: ["Keys", "Wire"], swiftSettings: strict),
        // What was decided about a request, as auditors keep it.
        .target(name: "Records", dependencies: ["Keys", "Transparency", "Wire"], swiftSettings: strict),
        // Small files, read and written whole, with the system's own calls.
        .target(name: "Files", swiftSettings: strict),
        // HTTP requests over libcurl, one thread, every size and wait bounded.
        .target(name: "Fetching", dependencies: ["CCurl"], swiftSettings: strict),

        // MARK: Rooms
        // Who is this? A token goes in; a verified identity or a named refusal comes out.
        .target(
            name: "Identity",
            dependencies: ["Certificates", "Fetching", "Keys", "Settings", "Templates", "Wire"],
            swiftSettings: strict
        ),
        // May they have a certificate? Rules over claims, limits of rate, and how often a token may be used.
        .target(name: "Policy", dependencies: ["Identity", "Keys", "Settings", "Wire"], swiftSettings: strict),
        // What do we sign? The only room that touches the CA key.
        .target(
            name: "Issuance",
            dependencies: ["Certificates", "Identity", "Keys", "Transparency"],
            swiftSettings: strict
        ),
        // The Merkle engine and sequencer: knows bytes, not certificates.
        .target(name: "Log", dependencies: ["Keys", "Records", "Transparency"], swiftSettings: strict),
        // Where a log's durability lives: SQLite, or PostgreSQL for several machines.
        .target(
            name: "LogStorage",
            dependencies: [
                "CPostgres", "Keys", "Log", "Records", "Transparency", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        // The audit sink: one JSON line for each decision, to a file, to standard output or to syslog.
        .target(name: "Audit", dependencies: ["Settings"], swiftSettings: strict),
        // The log's certificate personality, and the client of a configured remote log.
        .target(
            name: "CertificateLog",
            dependencies: ["Certificates", "Fetching", "Keys", "Log", "Records", "Transparency", "Wire"],
            swiftSettings: strict
        ),

        // What was signed, when? The log of signatures: Rekor's kinds of entry, and how they are read.
        .target(
            name: "RecordLog",
            dependencies: ["Certificates", "Keys", "Log", "Transparency", "Wire"],
            swiftSettings: strict
        ),

        // Does a log keep its promises? Follows one from outside, believing nothing but a pinned key.
        .target(
            name: "Monitoring",
            dependencies: [
                "Audit", "Certificates", "Fetching", "Files", "Keys", "Policy", "Records", "Settings", "Transparency",
                "Wire",
            ],
            swiftSettings: strict
        ),

        // Who else has seen the log? Witnesses that cosign its checkpoints, and what the log does with them.
        .target(
            name: "Witnessing",
            dependencies: ["Fetching", "Files", "Keys", "Log", "Settings", "Transparency", "Wire"],
            swiftSettings: strict
        ),

        // Whom may clients trust? Trust roots, signing configurations and the TUF repository that they come from.
        .target(
            name: "TrustRoot",
            dependencies: ["Certificates", "Keys", "Transparency", "Wire"],
            swiftSettings: strict
        ),
        // Is this signature what it should be? Bundles, trusted roots and the steps of verification, pure over values.
        .target(
            name: "Verification",
            dependencies: ["COpenSSL", "Certificates", "Keys", "Transparency", "Wire"],
            swiftSettings: strict
        ),
        // When was this signed? An RFC 3161 authority: a request and a moment go in, a signed timestamp comes out.
        .target(
            name: "Timestamping",
            dependencies: ["COpenSSL", "Certificates", "Keys", "Wire"],
            swiftSettings: strict
        ),
        // A signature with a key of its own: certificate, timestamp, record and bundle, verified before anybody gets it.
        .target(
            name: "Signing",
            dependencies: ["Certificates", "Fetching", "Keys", "Verification", "Wire"],
            swiftSettings: strict
        ),

        // MARK: Neck
        // The only place where rooms meet: reads the configuration, opens keys and stores, issues.
        .target(
            name: "Authority",
            dependencies: [
                "Audit", "CertificateLog", "Certificates", "Fetching", "Files", "Identity", "Issuance", "Keys", "Log",
                "LogStorage", "Monitoring", "Policy", "RecordLog", "Records", "Settings", "Timestamping",
                "Transparency", "TrustRoot", "Wire", "Witnessing",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),

        // MARK: Edges
        // The HTTP API; the only importer of the HTTP framework.
        .target(
            name: "Server",
            dependencies: [
                "Authority", "CertificateLog", "Certificates", "CZlib", "Identity", "Issuance", "Keys", "Log", "Policy",
                "RecordLog", "Records", "Timestamping", "Transparency", "Wire", "Witnessing",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        // The command line: one file per command.
        .executableTarget(
            name: "mayfly",
            dependencies: [
                "Audit", "Authority", "CertificateLog", "Certificates", "Fetching", "Files", "Identity", "Keys", "Log",
                "Monitoring", "Policy", "Records", "Server", "Settings", "Signing", "Transparency", "TrustRoot",
                "Verification", "Wire",
                "Witnessing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        // MARK: Tests
        // Token issuers that keep the contracts of the real ones, and inputs that are the same in every run.
        .target(
            name: "TestKit",
            dependencies: ["Certificates", "Fetching", "Keys", "Wire"],
            path: "Tests/TestKit",
            swiftSettings: strict
        ),
        // Stores that forget, fail and lie, and the suite that every real store must pass.
        .target(
            name: "LogTestKit",
            dependencies: ["Keys", "Log", "Records", "Transparency"],
            path: "Tests/LogTestKit",
            swiftSettings: strict
        ),
        // A CA, logs and a timestamp authority whose keys a test has, and signatures that they vouch for.
        .target(
            name: "SignatureTestKit",
            dependencies: ["COpenSSL", "Certificates", "Keys", "TestKit", "Transparency", "Verification", "Wire"],
            path: "Tests/SignatureTestKit",
            swiftSettings: strict
        ),
        .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["TestKit", "Wire"], swiftSettings: strict),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "TestKit"], swiftSettings: strict),
        .testTarget(name: "TemplatesTests", dependencies: ["Templates", "TestKit"], swiftSettings: strict),
        .testTarget(name: "KeysTests", dependencies: ["Keys", "TestKit", "Wire"], swiftSettings: strict),
        .testTarget(
            name: "CertificatesTests",
            dependencies: [
                "COpenSSL", "Certificates", "Keys", "TestKit", "Wire",
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TransparencyTests",
            dependencies: ["Keys", "TestKit", "Transparency", "Wire"],
            swiftSettings: strict
        ),
        .testTarget(name: "FetchingTests", dependencies: ["Fetching", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "IdentityTests",
            dependencies: ["Certificates", "Fetching", "Identity", "Keys", "Settings", "TestKit", "Wire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PolicyTests",
            dependencies: ["Fetching", "Identity", "Policy", "Settings", "TestKit", "Wire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IssuanceTests",
            dependencies: [
                "Certificates", "Fetching", "Identity", "Issuance", "Keys", "TestKit", "Transparency", "Wire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LogTests",
            dependencies: ["Keys", "Log", "LogTestKit", "Records", "TestKit", "Transparency"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LogStorageTests",
            dependencies: [
                "CPostgres", "Keys", "Log", "LogStorage", "LogTestKit", "Records", "TestKit", "Transparency",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CertificateLogTests",
            dependencies: [
                "CertificateLog", "Certificates", "Fetching", "Keys", "Log", "LogTestKit", "Records", "TestKit",
                "Transparency", "Wire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RecordLogTests",
            dependencies: [
                "Certificates", "Keys", "Log", "LogTestKit", "RecordLog", "TestKit", "Transparency", "Wire",
            ],
            exclude: ["Recorded"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MonitoringTests",
            dependencies: [
                "Certificates", "Keys", "Monitoring", "Records", "Settings", "TestKit", "Transparency",
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "AuditTests", dependencies: ["Audit", "Settings", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "WitnessingTests",
            dependencies: ["Fetching", "Keys", "Log", "Transparency", "Witnessing"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TrustRootTests",
            dependencies: ["Certificates", "Keys", "TestKit", "TrustRoot", "Wire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VerificationTests",
            dependencies: [
                "COpenSSL", "Certificates", "Keys", "SignatureTestKit", "TestKit", "Timestamping", "Transparency",
                "Verification",
                "Wire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SigningTests",
            dependencies: [
                "Certificates", "Fetching", "Keys", "SignatureTestKit", "Signing", "TestKit", "Verification", "Wire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TimestampingTests",
            dependencies: ["COpenSSL", "Certificates", "Keys", "TestKit", "Timestamping", "Wire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "AuthorityTests",
            dependencies: ["Authority", "Identity", "Settings", "Transparency"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Authority", "CertificateLog", "Certificates", "Identity", "Issuance", "Keys", "Server", "Wire",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: strict
        ),
        fuzz,
    ] + logBench
)

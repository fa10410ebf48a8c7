import Audit
import CertificateLog
import Certificates
import Fetching
import Identity
import Issuance
import Keys
import Policy
import Settings
import Transparency
import Witnessing

/// Reads `mayfly.yaml`; every key is named here and in `docs/configuration.md`.
extension AuthoritySettings {
    private static let sections = [
        "listen", "ca", "log", "ct-log", "client-signing-algorithms", "limits", "oidc-issuers", "meta-issuers",
        "ci-issuer-metadata", "records", "audit", "base-url", "record-log", "trust", "timestamping",
    ]

    /// Reads and checks the configuration of a data directory. Throws `.configuration`.
    init(_ text: ConfigurationText, directory: DataDirectory) throws(AuthorityError) {
        let readFile: FileReading = { path in try? FileSystem.read(directory.resolve(path)) }
        var issuers: (IdentitySettings, IssuancePolicy)?
        if let file = text.identityFile, let bytes = text.identity {
            do {
                let identity = try IdentitySettings.parse(String(decoding: bytes, as: UTF8.self), readFile: readFile)
                issuers = (identity, try IssuancePolicy(entries: identity.entries))
            } catch {
                throw .configuration(file: file, error)
            }
        }
        do throws(SettingsError) {
            let main = try SettingsNode.parse(String(decoding: text.main, as: UTF8.self))
            try self.init(
                try main.object(known: Self.sections),
                directory: directory,
                issuers: issuers,
                readFile: readFile
            )
        } catch {
            throw .configuration(file: text.mainFile, error)
        }
    }

    /// Where the CA's certificates, the log and the records are; the rest is not looked at. Throws `.configuration`.
    static func places(
        _ text: ConfigurationText,
        directory: DataDirectory
    ) throws(AuthorityError) -> (ca: CA, log: CertificateLogChoice, recordLog: RecordLog?, records: Records) {
        do throws(SettingsError) {
            let root = try SettingsNode.parse(String(decoding: text.main, as: UTF8.self)).object(known: sections)
            return (
                try CA(try root.required("ca"), directory), try log(root, directory),
                try root["record-log"].map { node throws(SettingsError) in try RecordLog(node, directory) },
                try Records(root["records"], directory)
            )
        } catch {
            throw .configuration(file: text.mainFile, error)
        }
    }

    private init(
        _ root: SettingsObject,
        directory: DataDirectory,
        issuers: (IdentitySettings, IssuancePolicy)?,
        readFile: @escaping FileReading
    ) throws(SettingsError) {
        if let node = root["listen"] {
            guard let address = ListenAddress(try node.string()) else { throw node.invalid("must be HOST:PORT") }
            listen = address
        } else {
            listen = .default
        }
        baseURL = try Self.baseURL(root["base-url"])
        trust = try root["trust"].map { node throws(SettingsError) in try Trust(node, directory) }
        ca = try CA(try root.required("ca"), directory)
        log = try Self.log(root, directory)
        recordLog = try root["record-log"].map { node throws(SettingsError) in try RecordLog(node, directory) }
        timestamping = try root["timestamping"].map { node throws(SettingsError) in try Timestamping(node, directory) }
        if let issuers {
            (identity, policy) = issuers
        } else {
            identity = try IdentitySettings(sections: root, unknownKeys: .refused, readFile: readFile)
            policy = try IssuancePolicy(entries: identity.entries)
        }
        records = try Records(root["records"], directory)
        audit = try root["audit"].map { node throws(SettingsError) in
            try AuditSettings(node, resolve: directory.resolve)
        }
        clientSigningAlgorithms = try Self.algorithms(root["client-signing-algorithms"])
        limits = try AuthorityLimits(root["limits"])
    }

    private static func log(
        _ root: SettingsObject,
        _ directory: DataDirectory
    ) throws(SettingsError) -> CertificateLogChoice {
        switch (root["log"], root["ct-log"]) {
        case (let embedded?, nil): return .embedded(try EmbeddedLog(embedded, directory))
        case (nil, let remote?): return .remote(try RemoteLog(remote, directory))
        case (_?, let remote?): throw remote.invalid("can't stand beside `log`: choose one")
        case (nil, nil): throw .missing(path: "log", line: root.node.line)
        }
    }

    private static func algorithms(_ node: SettingsNode?) throws(SettingsError) -> Set<ClientSigningAlgorithm> {
        guard let node else { return ClientSigningAlgorithm.defaults }
        var algorithms: Set<ClientSigningAlgorithm> = []
        for element in try node.list() {
            guard let algorithm = ClientSigningAlgorithm(rawValue: try element.string()) else {
                let names = ClientSigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
                throw element.invalid("must be one of \(names)")
            }
            algorithms.insert(algorithm)
        }
        guard !algorithms.isEmpty else { throw node.invalid("must name at least one algorithm") }
        return algorithms
    }
}

extension AuthoritySettings.CA {
    fileprivate init(_ node: SettingsNode, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node.object(known: ["chain", "key", "passphrase-file"])
        chain = directory.resolve(try section.required("chain").string())
        key = directory.resolve(try section.required("key").string())
        passphraseFile = try section.string("passphrase-file").map(directory.resolve)
    }
}

extension AuthoritySettings.EmbeddedLog {
    fileprivate init(_ node: SettingsNode, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node.object(known: [
            "key", "passphrase-file", "origin", "store", "database", "dsn-file", "former-chains", "witnesses",
            "receipts",
        ])
        number = 1
        key = directory.resolve(try section.required("key").string())
        passphraseFile = try section.string("passphrase-file").map(directory.resolve)
        store = try LogStoreChoice(section, directory, database: directory.database)
        var formerChains: [String] = []
        for element in try section["former-chains"]?.list() ?? [] {
            formerChains.append(directory.resolve(try element.string()))
        }
        self.formerChains = formerChains
        givesReceipts = try section["receipts"]?.bool() ?? true
        witnesses = try section["witnesses"].map { node throws(SettingsError) in
            try WitnessPolicy(node, resolve: directory.resolve)
        }
        origin = try LogOrigin(section.required("origin"))
    }
}

extension AuthoritySettings.Records {
    fileprivate init(_ node: SettingsNode?, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node?.object(known: ["subjects", "database"])
        database = directory.resolve(try section?.string("database") ?? "records.db")
        guard let choice = section?["subjects"] else {
            subjects = .plain
            return
        }
        guard let subjects = SubjectRecording(rawValue: try choice.string()) else {
            throw choice.invalid("must be one of plain, hashed")
        }
        self.subjects = subjects
    }
}

extension AuthoritySettings.RemoteLog {
    fileprivate init(_ node: SettingsNode, _ directory: DataDirectory) throws(SettingsError) {
        let section = try node.object(known: ["url", "public-key", "ca", "origin", "deadline"])
        url = try section.required("url").string()
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw try section.required("url").invalid("must be an http or https URL")
        }
        publicKey = directory.resolve(try section.required("public-key").string())
        authorities = try section.string("ca").map(directory.resolve)
        hostHeader = try section.string("origin")
        deadlineSeconds =
            try section["deadline"].map { node throws(SettingsError) in
                let seconds = try node.duration().components.seconds
                guard (1...300).contains(seconds) else { throw node.invalid("must be from 1s to 5m") }
                return Int(seconds)
            } ?? 20
    }
}

extension AuthorityLimits {
    fileprivate init(_ node: SettingsNode?) throws(SettingsError) {
        self.init()
        guard let node else { return }
        let section = try node.object(known: [
            "body-bytes", "header-bytes", "request-seconds", "response-seconds", "connections", "queue",
        ])
        func number(_ key: String, _ range: ClosedRange<Int>, _ value: inout Int) throws(SettingsError) {
            if let node = section[key] { value = try node.integer(in: range) }
        }
        try number("body-bytes", 1024...(1 << 24), &bodyBytesMax)
        try number("header-bytes", 1024...(1 << 20), &headerBytesMax)
        try number("request-seconds", 1...3600, &requestSeconds)
        try number("response-seconds", 1...3600, &responseSeconds)
        try number("connections", 1...1_000_000, &connectionsMax)
        try number("queue", 1...1_000_000, &queueMax)
    }
}

import Files
import Glibc
import Keys
import Settings
public import Transparency

/// `witness.yaml` of a witness's data directory, with the keys that it names.
struct WitnessSettings: Sendable {
    let cosigner: Cosigner
    let key: SigningKey
    let logs: [WitnessedLog]

    /// Reads the configuration and its keys. Throws `.missing`, `.file`, `.configuration`, `.key` and `.cosigner`.
    init(directory: String) throws(WitnessError) {
        let path = "\(directory)/witness.yaml"
        func resolve(_ name: String) -> String { name.hasPrefix("/") ? name : "\(directory)/\(name)" }
        let name: LogOrigin
        let keyPath: String
        let passphrasePath: String?
        let logs: [(origin: LogOrigin, key: String)]
        let text = String(decoding: try Self.read(path), as: UTF8.self)
        do throws(SettingsError) {
            let root = try SettingsNode.parse(text).object(known: ["name", "key", "passphrase-file", "logs"])
            name = try Self.name(try root.required("name"))
            keyPath = resolve(try root.string("key") ?? "witness.key")
            passphrasePath = try root.string("passphrase-file").map(resolve)
            logs = try (root["logs"]?.list() ?? []).map { node throws(SettingsError) in
                let entry = try node.object(known: ["origin", "key"])
                return (try Self.name(try entry.required("origin")), resolve(try entry.required("key").string()))
            }
            guard Set(logs.map(\.origin)).count == logs.count else {
                throw try root.required("logs").invalid("must name each origin once")
            }
        } catch {
            throw .configuration(path: path, error)
        }
        let passphrase = try passphrasePath.map { file throws(WitnessError) in
            Passphrase(bytes: try Self.read(file))
        }
        let pem = try Self.read(keyPath)
        do { key = try SigningKey(pem: pem, passphrase: passphrase) } catch { throw .key(path: keyPath, error) }
        do {
            cosigner = try Cosigner(name: name, publicKey: key.publicKey)
        } catch {
            throw .cosigner(path: keyPath, error)
        }
        var known: [WitnessedLog] = []
        for (origin, file) in logs {
            let pem = try Self.read(file)
            do { known.append(WitnessedLog(origin: origin, key: try PublicKey(pem: pem))) } catch {
                throw .key(path: file, error)
            }
        }
        self.logs = known
    }

    private static func name(_ node: SettingsNode) throws(SettingsError) -> LogOrigin {
        let text = try node.string()
        do { return try LogOrigin(text) } catch {
            throw node.invalid("must be a name without spaces, plus signs and control characters")
        }
    }

    private static func read(_ path: String) throws(WitnessError) -> [UInt8] {
        let bytes: [UInt8]?
        do { bytes = try WholeFile.read(path) } catch { throw .file(path: path, error) }
        guard let bytes else { throw .missing(path: path) }
        return bytes
    }
}

extension Witness {
    /// Makes a new witness's data directory: a key, and a configuration that knows no log yet. Throws `.exists`, `.file`
    /// and `.key`.
    public static func create(directory: String, name: LogOrigin) throws(WitnessError) -> Cosigner {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw .file(path: directory, FileFailure(code: errno))
        }
        let (settingsPath, keyPath) = ("\(directory)/witness.yaml", "\(directory)/witness.key")
        for path in [settingsPath, keyPath] where access(path, F_OK) == 0 { throw .exists(path: path) }
        let key: SigningKey
        let pem: [UInt8]
        do throws(KeysError) {
            key = try SigningKey.generate(.ed25519)
            pem = try key.pem(passphrase: nil)
        } catch {
            throw .key(path: keyPath, error)
        }
        let cosigner: Cosigner
        do { cosigner = try Cosigner(name: name, publicKey: key.publicKey) } catch {
            throw .cosigner(path: keyPath, error)
        }
        let quoted = name.name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let text = """
            # A witness of certificate logs. Relative paths start in this directory.
            name: "\(quoted)"
            key: witness.key
            # passphrase-file: /run/secrets/witness-passphrase   # when the key is encrypted

            # The logs it watches: the first line of their checkpoints, and their public keys in PEM.
            logs: []
            #  - origin: mayfly.internal/ct
            #    key: log.pub

            """
        for (path, bytes) in [(keyPath, pem), (settingsPath, Array(text.utf8))] {
            do { try WholeFile.replace(path, with: bytes, isPrivate: path == keyPath) } catch {
                throw .file(path: path, error)
            }
        }
        return cosigner
    }
}

import ArgumentParser
import Authority

/// Whose trust a command is about.
struct TrustOptions: ParsableArguments {
    @Option(name: .customLong("data"), help: "The data directory.")
    var directory: String

    @Option(help: "A configuration file in place of DIR/mayfly.yaml.")
    var config: String?

    @Option(help: "A Fulcio configuration (YAML or JSON) in place of the configuration's issuer sections.")
    var identityConfig: String?

    var target: DataDirectory { DataDirectory(path: directory) }
    var files: ConfigurationFiles { ConfigurationFiles(main: config, identity: identityConfig) }
}

/// Other keys whose time has come, tried with the configuration as it was then.
public struct KeyChange: Sendable {
    /// The sections that they are of.
    public let sections: [String]
    /// What was tried, so that the next opening uses nothing else.
    let configuration: ConfigurationText
}

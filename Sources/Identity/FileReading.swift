/// Reads a whole file that the configuration names; nil when it can't be read or has more than a MiB. It may be called
/// at any time, from anywhere, and takes as long as the disk does.
public typealias FileReading = @Sendable (_ path: String) -> [UInt8]?

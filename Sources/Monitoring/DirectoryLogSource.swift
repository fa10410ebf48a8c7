import Files

/// A log as files: what `mayfly log export` writes, or a mirror's copy.
public struct DirectoryLogSource: LogSource {
    private let folder: String

    /// Reads below `folder`.
    public init(folder: String) {
        self.folder = folder
    }

    /// See ``LogSource/read(_:bytesMax:)``. The paths are made here from numbers, never by the log.
    public func read(_ path: String, bytesMax: Int) async throws(MonitoringError) -> [UInt8]? {
        let file = "\(folder)/\(path)"
        do {
            return try WholeFile.read(file, bytesMax: bytesMax)
        } catch {
            throw error.isTooLarge
                ? .fault(.tooLarge(path: path, bytesMax: bytesMax)) : .file(path: file, code: error.code)
        }
    }
}

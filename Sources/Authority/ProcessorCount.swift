import Foundation

/// How many processors this process may run on: fewer than the machine has when it is pinned, and a crypto thread too
/// many only costs switches.
enum ProcessorCount {
    /// The processors of `Cpus_allowed` in `/proc/self/status`, or all of the machine's.
    static var allowed: Int {
        guard let bytes = try? FileSystem.read("/proc/self/status") else { return all }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return all }
        let count = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue).reduce(0) {
            $0 + $1.nonzeroBitCount
        }
        return count > 0 ? min(count, all) : all
    }

    private static var all: Int { ProcessInfo.processInfo.activeProcessorCount }
}

import Glibc
import Transparency

/// The machine's clock.
enum SystemClock {
    /// Now. A clock before 1970 counts as 1970.
    @Sendable static func now() -> EntryTimestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return EntryTimestamp(
            milliseconds: UInt64(clamping: time.tv_sec) * 1000 + UInt64(clamping: time.tv_nsec) / 1_000_000
        )
    }
}

import Glibc

/// A clock that never goes back, for limits of rate.
enum MonotonicClock {
    /// Milliseconds since some moment.
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

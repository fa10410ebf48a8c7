import Glibc

/// A clock that never goes back, for ages and waits.
enum MonotonicClock {
    /// Whole seconds since some moment.
    static func seconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec)
    }
}

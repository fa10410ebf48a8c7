import Glibc

/// A clock that never goes back, for ages, waits and limits of rate.
public enum MonotonicClock {
    /// Milliseconds since some moment.
    public static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Whole seconds since the same moment.
    static func seconds() -> Int64 { milliseconds() / 1000 }
}

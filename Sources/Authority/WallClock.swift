import Glibc

/// The machine's clock, for commands that only ask which of several files is in use now: everything that writes a time is
/// given one.
enum WallClock {
    /// Now, in seconds since 1970.
    static func seconds() -> Int64 { Int64(time(nil)) }
}

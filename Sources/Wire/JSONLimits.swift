/// How much a JSON text may ask of the parser.
public struct JSONLimits: Sendable, Equatable {
    /// The most bytes, white space included.
    public let bytesMax: Int
    /// The most arrays and objects inside one another, the outermost counted; jansson itself stops at 2048.
    public let depthMax: Int
    /// The most values of all kinds, bounds memory: a value takes up to about 300 bytes, even if its text has only three.
    public let valuesMax: Int

    /// 4 MiB as Fulcio's body limit, 64 levels, 100,000 values.
    public static let `default` = JSONLimits(bytesMax: 1 << 22)

    /// Makes limits; each has the default's value unless given.
    public init(bytesMax: Int = 1 << 22, depthMax: Int = 64, valuesMax: Int = 100_000) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
        self.valuesMax = valuesMax
    }
}

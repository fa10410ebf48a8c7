import Glibc

/// The decoder that libFuzzer drives: the one that `MAYFLY_FUZZ_DECODER` names.
private let decode: Decoders.Decoder = {
    let name = getenv("MAYFLY_FUZZ_DECODER").map { String(cString: $0) } ?? ""
    guard let decoder = Decoders.named(name) else {
        print("MAYFLY_FUZZ_DECODER must be one of \(Decoders.all.map(\.name).joined(separator: ", "))")
        exit(2)
    }
    return decoder
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    decode(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

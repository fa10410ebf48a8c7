import Foundation
import TestKit
import Testing

@Suite("Decoders of bytes from outside: no input traps, hangs or breaks a decoder's own rule")
struct ReplayTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("corpus")

    /// The files of a decoder's corpus, in the same order everywhere.
    private static func inputs(of decoder: String) throws -> [[UInt8]] {
        let folder = corpus.appendingPathComponent(decoder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { Array(try Data(contentsOf: folder.appendingPathComponent($0))) }
    }

    @Test func everyDecoderHasACorpusAndEveryCorpusADecoder() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(folders.sorted() == Decoders.all.map(\.name).sorted())
    }

    /// Replays what was found or is good, and 3,000 changes of it. Nothing may take a second of processor time.
    @Test(arguments: Decoders.all.map(\.name))
    func corpusAndItsMutationsAreBorne(name: String) throws {
        let decode = try #require(Decoders.named(name))
        let inputs = try Self.inputs(of: name)
        var mutator = Mutator(seed: 20_261_124)
        let mutations = (0..<3000).map { _ in mutator.mutation(of: inputs) }
        for input in inputs + mutations {
            let start = Self.processorSeconds()
            decode(input)
            let seconds = Self.processorSeconds() - start
            #expect(seconds < 1, "\(Data(input).base64EncodedString())")
        }
    }

    /// What this thread has used; other tests run beside it.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

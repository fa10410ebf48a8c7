import Transparency

/// What a log knows of its witnesses: the rules, without input or output.
///
/// 1. Cosignatures are collected for one tree at a time, the newest that was asked about; an answer about another tree
///    is dropped.
/// 2. `published` is the largest tree that enough witnesses have cosigned; it never becomes smaller.
/// 3. A witness that failed isn't asked again for 1, 2, 4 … up to 64 rounds.
struct CosigningState: Sendable {
    /// What is remembered of one witness.
    struct Peer: Sendable, Equatable {
        /// The size of the latest tree that it is known to have cosigned.
        var known = TreeSize.empty
        /// Rounds that it is left alone.
        var pause = 0
        /// The rounds it is left alone after its next failure.
        var nextPause = 1
        /// Its latest failure, if it has failed since it last answered.
        var problem: String?
    }

    private static let pauseMax = 64

    let needed: Int
    private(set) var peers: [Peer]
    private(set) var text = ""
    private(set) var size = TreeSize.empty
    private(set) var lines: [Int: NoteSignature] = [:]
    private(set) var published: SignedNote?
    private(set) var publishedSize = TreeSize.empty

    init(peerCount: Int, needed: Int) {
        peers = Array(repeating: Peer(), count: peerCount)
        self.needed = needed
    }

    /// Begins a round about the newest tree; says which of these witnesses to ask.
    mutating func begin(_ text: String, size: TreeSize, among online: [Int]) -> [Int] {
        if text != self.text {
            (self.text, self.size) = (text, size)
            lines = [:]
        }
        return online.filter { index in
            guard lines[index] == nil else { return false }
            guard peers[index].pause == 0 else {
                peers[index].pause -= 1
                return false
            }
            return true
        }
    }

    /// Takes a cosignature for `note`; returns what is to be published now, if that has changed.
    mutating func cosigned(_ index: Int, _ line: NoteSignature, on note: SignedNote) -> SignedNote? {
        peers[index] = Peer(known: max(size, peers[index].known))
        guard note.text == text else { return nil }
        lines[index] = line
        guard lines.count >= needed, size >= publishedSize else { return nil }
        let sorted = lines.sorted { $0.key < $1.key }.map(\.value)
        guard let witnessed = try? SignedNote(text: text, signatures: note.signatures + sorted) else { return nil }
        published = witnessed
        publishedSize = size
        return witnessed
    }

    /// Notes that a witness gave nothing; true when it hadn't failed in this way before.
    mutating func failed(_ index: Int, _ problem: String) -> Bool {
        let isNew = peers[index].problem != problem
        peers[index].problem = problem
        peers[index].pause = peers[index].nextPause
        peers[index].nextPause = min(Self.pauseMax, peers[index].nextPause * 2)
        return isNew
    }

    /// Takes a witnessed checkpoint that was verified elsewhere, unless a larger one is published.
    mutating func adopt(_ note: SignedNote, size: TreeSize) {
        guard size >= publishedSize else { return }
        published = note
        publishedSize = size
    }
}

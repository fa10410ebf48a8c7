import Authority

/// What came of an exchange of keys, and what is to be done next.
enum RotationTranscript {
    static func text(_ rotation: Rotation, in target: DataDirectory) -> String {
        var lines = [
            Transcript.heading("generation \(rotation.number) of \(rotation.section)"),
            "  key      \(rotation.keyFile)",
            "  SHA-256 of the public key  \(rotation.publicKey.sha256.hex)",
        ]
        if let chain = rotation.chain {
            lines.append("  chain    \(chain.file)")
            lines.append(Transcript.lines(chain.certificates))
        }
        if let origin = rotation.origin { lines.append("  origin   \(origin)") }
        lines += [
            "  trusted from        \(UTCTime.text(seconds: rotation.startSeconds))",
            "  signs from          \(UTCTime.text(seconds: rotation.signsFromSeconds))",
            "  the one before counts until  \(UTCTime.text(seconds: rotation.predecessorEndSeconds))",
        ]
        lines.append("Next:")
        if let problem = rotation.trustProblem {
            lines.append("  NOT YET PUBLISHED: the TUF repository doesn't have it: \(problem).")
            lines.append("  Mend that, and before \(UTCTime.text(seconds: rotation.signsFromSeconds)) run:")
            lines.append("    mayfly trust renew --data \(target.path)")
        } else if rotation.trust != nil {
            lines.append("  The TUF repository has it: clients that use it learn by themselves.")
        } else if let key = rotation.trustRootKey {
            lines.append("  \(key) isn't here. Before it signs, where that key is:")
            lines.append("    mayfly trust renew --data \(target.path) --root-key FILE")
        }
        lines.append(
            "  Clients with files need new ones before it signs: mayfly trust export DIR --data \(target.path)"
        )
        lines.append("  A running server changes by itself. Other servers on the same log need copies of")
        lines.append("  the new files before then, and of the list beside the key last.")
        return lines.joined(separator: "\n")
    }
}

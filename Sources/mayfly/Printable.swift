/// Texts that somebody else chose, for a terminal.
enum Printable {
    /// The text with every character replaced that isn't meant to be seen, such as a terminal's commands.
    static func text(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: "\u{FFFD}"
                    default: scalar
                    }
                }
            )
        )
    }
}

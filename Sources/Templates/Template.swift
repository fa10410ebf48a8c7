/// A text with places to fill in: the part of Go's text/template that can work on texts by name (ID-32, ID-36).
///
/// What Go would find out when it runs (a function that isn't there, a number where a text must be, too few arguments) is
/// found when the template is parsed, so that rendering only fails for the values. The language:
///
///     {{.name}}  {{$.name}}  {{index . "na/me"}}      a value; .name must exist, index gives the empty text
///     {{if X}}…{{else if Y}}…{{else}}…{{end}}         the empty text, 0 and false don't hold
///     {{with X}}…{{.}}…{{else}}…{{end}}               X as the dot
///     {{$x := X}}  {{$x}}                             a variable, until the end of its block
///     {{F X Y}}  {{X | F}}  {{F (G X)}}               functions: and or not eq ne len index slice printf html urlquery
///     "text"  `raw text`  -12  true                   literals
///     {{- X -}}  {{/* remark */}}                     without the white space around; nothing
///
/// Source: the documentation of Go's package text/template. As in Go, nothing is escaped.
public struct Template: Sendable {
    /// The most bytes of a template, of a result, and of every text on the way there.
    public static let bytesMax = 1 << 16
    /// The most blocks, and the most calls, inside one another.
    public static let levelsMax = 32

    private let body: [TemplateNode]
    private let variablesCount: Int

    /// Parses a template. Throws `.tooLarge` and `.notUnderstood`.
    public init(_ text: String) throws(TemplateError) {
        guard text.utf8.count <= Self.bytesMax else { throw .tooLarge(bytesMax: Self.bytesMax) }
        var parser = TemplateParser(try TemplateScanner.tokens(of: text))
        body = try parser.template()
        variablesCount = parser.variablesCount
    }

    /// The text with the values in their places; `value` gives the value of a name, nil if there is none.
    /// Throws `.valueMissing`, `.sliceOutOfRange` and `.resultTooLarge`.
    public func render(_ value: (String) -> String?) throws(TemplateError) -> String {
        try withoutActuallyEscaping(value) { value throws(TemplateError) in
            var evaluation = TemplateEvaluation(value: value, variablesCount: variablesCount)
            try evaluation.run(body)
            return evaluation.output
        }
    }
}

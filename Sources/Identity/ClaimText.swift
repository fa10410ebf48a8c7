import Wire

/// A claim as a text, in the form that Fulcio's templates see (ID-30), which is Go's %v.
enum ClaimText {
    /// A text as it is; a number without exponent where it is whole or small; a list as `[a b]`, an object as `map[k:v]`
    /// with its names sorted. A claim that is null is empty; inside others it is `<nil>`.
    static func text(of claim: JSON) -> String {
        if claim.isNull { return "" }
        var output = ""
        append(claim, to: &output)
        return output
    }

    /// Recursion is bounded by how deep claims may be.
    private static func append(_ value: JSON, to output: inout String) {
        switch value.kind {
        case .string: output += value.string ?? ""
        case .integer: output += value.integer.map { String($0) } ?? ""
        case .real: output += value.number.map(text) ?? ""
        case .bool: output += value.bool == true ? "true" : "false"
        case .null: output += "<nil>"
        case .array:
            output += "["
            for (index, element) in (value.elements ?? []).enumerated() {
                if index > 0 { output += " " }
                append(element, to: &output)
            }
            output += "]"
        case .object:
            output += "map["
            // Go sorts by bytes.
            let members = (value.members ?? []).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            for (index, member) in members.enumerated() {
                output += index > 0 ? " \(member.name):" : "\(member.name):"
                append(member.value, to: &output)
            }
            output += "]"
        }
    }

    /// The fewest digits that make the same number. Numbers of 22 digits and more keep their exponent, in Go's form.
    private static func text(_ number: Double) -> String {
        if number == 0 { return "0" }
        // Swift writes 1e-07 as "1e-07", 1.5e+300 as "1.5e+300", 0.25 as "0.25" and 3 as "3.0".
        let written = number.magnitude.description
        let sign = number < 0 ? "-" : ""
        let parts = written.split(separator: "e")
        let mantissa = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
        let whole = String(mantissa.first ?? "")
        // The digits, and how many of them stand before the point.
        let leading = (whole + fraction).prefix { $0 == "0" }.count
        let digits = String((whole + fraction).dropFirst(leading))
        let point = whole.count - leading + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        if point > 21 {
            let rest = trimmed(String(digits.dropFirst()))
            return "\(sign)\(digits.prefix(1))\(rest.isEmpty ? "" : ".\(rest)")e+\(point - 1)"
        }
        if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(trimmed(digits))" }
        let padded = digits + String(repeating: "0", count: max(0, point - digits.count))
        let rest = trimmed(String(padded.dropFirst(point)))
        return "\(sign)\(padded.prefix(point))\(rest.isEmpty ? "" : ".\(rest)")"
    }

    private static func trimmed(_ digits: String) -> String {
        String(digits.reversed().drop { $0 == "0" }.reversed())
    }
}

import ArgumentParser
import Authority
import TrustRoot

/// `mayfly trust show`
struct TrustShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Say what the TUF repository has, and when it ends."
    )

    @OptionGroup var options: TrustOptions

    func run() throws {
        let state: TrustState
        do throws(AuthorityError) {
            state = try options.target.trustState(files: options.files, at: SystemClock.now().seconds)
        } catch {
            throw CommandFailure.exit(error)
        }
        print(TrustReport.text(state))
    }
}

/// A repository's state for people.
enum TrustReport {
    static func text(_ state: TrustState) -> String {
        let repository = state.repository
        var lines = TUFRole.allCases.map { role in
            let name = role.rawValue + String(repeating: " ", count: 11 - role.rawValue.count)
            let expires = UTCTime.text(seconds: repository.expiresSeconds(role))
            return "\(name)version \(repository.version(role)), expires \(expires)"
                + (state.due.contains(role) ? "  (due)" : "")
        }
        let keys = repository.keyIDs
        lines.append("keys       root and targets \(keys.offline)")
        lines.append("           snapshot and timestamp \(keys.online)")
        lines.append(
            state.isCurrent
                ? "content    what is configured now"
                : "content    not what is configured now: run mayfly trust renew"
        )
        return lines.joined(separator: "\n")
    }
}

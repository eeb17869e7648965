import Foundation
import Verdicts

/// What the exit codes mean: the only place that sets them. 64 (usage) comes from the argument parser.
enum ExitStatus: Int32, Error {
    case found = 0
    case notFound = 1
    case error = 2
    case undecided = 3

    static let summary = "0 found · 1 not found · 2 error · 3 undecided · 64 usage"

    /// The status of a run over several images: any error, else any match, else any undecided, else not found.
    init(decisions: [Verdict.Decision], failures: Int) {
        if failures > 0 {
            self = .error
        } else if decisions.contains(.watermarked) {
            self = .found
        } else if decisions.contains(.undecided) {
            self = .undecided
        } else {
            self = .notFound
        }
    }

    /// Ends the process.
    func leave() -> Never { exit(rawValue) }
}

import Foundation

/// When an image is given up before all attempts were made, because none of the later ones is likely to find anything.
///
/// A mark that a later attempt finds nearly always shows in what the first search saw already: its p-value there, though not
/// below the rate, is small (docs/registration.md has the measurements). Giving up can only lose finds; the false-positive rate
/// is as if the rest of the plan had been tried in vain.
public struct EarlyAbsence: Sendable, Equatable {
    /// The p-value of the best key at a plain attempt, corrected for keys alone, from which on it tells of no mark.
    public var plain: Double
    /// The p-value of the best key in a search, corrected for keys and for the places that were tried.
    public var search: Double

    /// Limits, each in (0, 1].
    public init(plain: Double = 0.01, search: Double = 0.1) {
        precondition(plain > 0 && plain <= 1 && search > 0 && search <= 1, "limits of \(plain) and \(search)")
        self.plain = plain
        self.search = search
    }
}

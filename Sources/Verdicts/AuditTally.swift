/// How many images came to which end.
public struct AuditTally: Sendable, Equatable {
    /// The ends that an image can come to.
    public enum End: Hashable, Sendable {
        /// It was judged.
        case judged(Verdict.Decision)
        /// It was not.
        case failed(AuditFailure.Code)

        /// The end that a line tells of.
        public init(_ outcome: AuditRecord.Outcome) {
            switch outcome {
            case .verdict(let verdict): self = .judged(verdict.verdict)
            case .failure(let failure): self = .failed(failure.code)
            }
        }
    }

    private var counts: [End: Int] = [:]

    /// Nothing yet.
    public init() {}

    /// Images that came to one end.
    public subscript(_ end: End) -> Int { counts[end, default: 0] }

    /// Images that were judged.
    public var judged: Int { Verdict.Decision.allCases.reduce(0) { $0 + self[.judged($1)] } }

    /// Images that could not be judged.
    public var failed: Int { AuditFailure.Code.allCases.reduce(0) { $0 + self[.failed($1)] } }

    /// Counts an image.
    /// - Parameters:
    ///   - end: what became of it.
    ///   - replaced: what was counted for the same image before.
    public mutating func add(_ end: End, replacing replaced: End? = nil) {
        if let replaced { counts[replaced, default: 0] -= 1 }
        counts[end, default: 0] += 1
    }
}

import Tensors

/// A method of decoder inversion and how many evaluations of E∘D it may spend; written `anderson:6`.
public struct Method: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// The encoder's latent as it is.
        case none
        /// Hong et al. 2024, eq. 4.
        case forward
        /// Hong et al. 2024, eq. 10-11 (inertial Krasnoselskii-Mann).
        case km
        /// Adam with T in the place of the gradient, and the paper's learning-rate schedule.
        case adam
        /// Anderson acceleration of the fixed point (Walker and Ni 2011).
        case anderson
    }

    public let kind: Kind
    /// Evaluations of E∘D; 0 for `none`.
    public let evaluations: Int

    /// - Parameter evaluations: nil for the kind's default.
    public init(_ kind: Kind, evaluations: Int? = nil) {
        self.kind = kind
        self.evaluations = kind == .none ? 0 : evaluations ?? Self.defaultEvaluations(kind)
    }

    /// Reads `KIND` or `KIND:EVALUATIONS`.
    public init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let count = parts.count == 2 ? Int(parts[1]) : nil
        guard let kind = Kind(rawValue: parts[0]), parts.count == 1 || (1...10_000).contains(count ?? 0),
            kind != .none || parts.count == 1
        else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError(
                "decoder inversion", expected: "one of \(known), with :EVALUATIONS from 1 to 10000", found: text)
        }
        self.init(kind, evaluations: count)
    }

    private static func defaultEvaluations(_ kind: Kind) -> Int {
        switch kind {
        case .none: 0
        case .forward: 10
        case .anderson: 6
        case .km, .adam: 100
        }
    }

    public var description: String { kind == .none ? kind.rawValue : "\(kind.rawValue):\(evaluations)" }

    func makeUpdate() -> (any FixedPointUpdate)? {
        switch kind {
        case .none: nil
        case .forward: ForwardStep()
        case .km: InertialKrasnoselskiiMann()
        case .adam: ScheduledAdam(steps: evaluations)
        case .anderson: AndersonAcceleration()
        }
    }
}

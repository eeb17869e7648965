import FixedPoints
import InputErrors

/// A method of decoder inversion with its constants, and how many evaluations of E∘D it may spend; written `anderson:6`.
public struct InversionMethod: Sendable, Equatable, CustomStringConvertible {
    /// The family a method belongs to.
    public enum Kind: String, Sendable, CaseIterable {
        /// The encoder's latent as it is.
        case none
        /// Forward step, Hong et al. 2024, eq. 4.
        case forward
        /// Inertial Krasnoselskii-Mann iteration, Hong et al. 2024, eq. 10-11.
        case km
        /// Adam with T in place of the gradient, and the paper's learning-rate schedule.
        case adam
        /// Anderson acceleration of the fixed point.
        case anderson

        /// The family of an update.
        public init(_ update: UpdateKind) {
            self =
                switch update {
                case .forward: .forward
                case .km: .km
                case .adam: .adam
                case .anderson: .anderson
                }
        }
    }

    /// The family.
    public let kind: Kind
    /// Evaluations of E∘D for one image at most; 0 for `none`.
    public let evaluations: Int
    /// The method with its constants; nil for `none`.
    public let update: (any FixedPointUpdate)?

    /// A method with any constants.
    /// - Parameters:
    ///   - update: the method with its constants.
    ///   - evaluations: at least 1.
    public init(_ update: any FixedPointUpdate, evaluations: Int) {
        precondition(evaluations > 0, "\(evaluations) evaluations")
        kind = Kind(update.kind)
        self.evaluations = evaluations
        self.update = update
    }

    /// A kind with its usual constants: `forward` and `anderson` choose their steps from the operator, `km` and `adam` are
    /// the paper's.
    /// - Parameters:
    ///   - kind: which method.
    ///   - evaluations: at least 1, ignored for `none`; nil for the kind's usual number.
    public init(_ kind: Kind, evaluations: Int? = nil) {
        let count = evaluations ?? Self.defaultEvaluations(kind)
        precondition(count > 0 || kind == .none, "\(count) evaluations")
        self.kind = kind
        self.evaluations = kind == .none ? 0 : count
        update =
            switch kind {
            case .none: nil
            case .forward: ForwardStep()
            case .km: InertialKrasnoselskiiMann()
            case .adam: ScheduledAdam(schedule: .warmUpAndCosine(steps: count))
            case .anderson: AndersonAcceleration()
            }
    }

    /// Reads `KIND` or `KIND:EVALUATIONS`, 1 to 10000 evaluations.
    /// - Throws: `InputError` for anything else, with the names that are known.
    public init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let count = parts.count == 2 ? Int(parts[1]) : nil
        guard let kind = Kind(rawValue: parts[0]), parts.count == 1 || count.map((1...10_000).contains) == true,
            kind != .none || parts.count == 1
        else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError(
                "decoder inversion", expected: "one of \(known), optionally with :EVALUATIONS from 1 to 10000",
                found: text,
                as: .invalidSetting)
        }
        self.init(kind, evaluations: count)
    }

    /// The encoder's latent as it is.
    public static let none = InversionMethod(.none)
    /// Eq. 4 with ρ = 0.01, the default of the authors' code for its iteration without Adam.
    public static let paperForwardStep = InversionMethod(ForwardStep(size: .fixed(0.01)), evaluations: 100)
    /// α = 0.9, step 0.001, as in the paper.
    public static let paperKM = InversionMethod(InertialKrasnoselskiiMann(inertia: 0.9, step: 0.001), evaluations: 100)
    /// β₁ = 0.9, β₂ = 0.999, ε = 1e-8, peak learning rate 0.01, scheduled over the iterations, as in the paper.
    public static func paperAdam(iterations: Int = 100) -> InversionMethod {
        InversionMethod(ScheduledAdam(schedule: .warmUpAndCosine(steps: iterations)), evaluations: iterations)
    }

    /// By measurement, docs/decoder-inversion.md.
    private static func defaultEvaluations(_ kind: Kind) -> Int {
        switch kind {
        case .none: 0
        case .forward: 10
        case .anderson: 6
        case .km, .adam: 100
        }
    }

    /// As it is written for `init(parsing:)`; constants other than the usual are not part of it.
    public var description: String { kind == .none ? kind.rawValue : "\(kind.rawValue):\(evaluations)" }

    /// Equal family, budget and constants.
    public static func == (left: InversionMethod, right: InversionMethod) -> Bool {
        left.kind == right.kind && left.evaluations == right.evaluations
            && left.update?.constants == right.update?.constants
    }
}

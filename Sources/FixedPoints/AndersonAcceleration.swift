import Tensors

/// Anderson acceleration, type II (Anderson 1965; Walker and Ni 2011), of the fixed point z = z - T(z).
///
/// Of the last m changes of point ΔZ and of residual ΔT, γ minimises ‖T_k - ΔT·γ‖² + ridge·Σ ‖ΔT_i‖²γ_i², and
/// z_{k+1} = z_k - ΔZ·γ - ρ(T_k - ΔT·γ), with ρ the damping. Where the residual grows beyond `restartGrowth` times the
/// best one, the memory is dropped, ρ halved, and the iteration starts again at the best point.
///
/// Memory: 2m + 4 latents an image.
public struct AndersonAcceleration: FixedPointUpdate {
    /// m, at least 1.
    public let memory: Int
    /// The penalty's weight, at least 0, relative to the energy of each remembered change.
    public let ridge: Double
    /// ρ.
    public let damping: StepSize
    /// Growth of ‖T‖ over the smallest seen that causes a restart, a factor above 1.
    public let restartGrowth: Double

    private var step: PathStep
    private var previous: (point: Tensor, residual: Tensor)?
    private var best: (point: Tensor, residual: Tensor, energy: Double)?
    private var pointChanges: [Tensor] = []
    private var residualChanges: [Tensor] = []
    private var gram: [[Double]] = []

    /// The method before its first step; the defaults are by measurement, docs/decoder-inversion.md.
    public init(
        memory: Int = 5, ridge: Double = 1e-6, damping: StepSize = .adaptive, restartGrowth: Double = 2
    ) {
        precondition(memory > 0 && ridge >= 0, "memory \(memory), ridge \(ridge)")
        self.memory = memory
        self.ridge = ridge
        self.damping = damping
        self.restartGrowth = restartGrowth
        step = PathStep(damping)
    }

    /// The family.
    public var kind: UpdateKind { .anderson }
    /// The constants as text, for reports.
    public var constants: String { "memory \(memory), ridge \(ridge), \(damping), restart at \(restartGrowth)" }

    /// The next iterate, from T at the last proposed point.
    public mutating func next(after point: Tensor, residual: Tensor) -> Proposal {
        if let previous { remember(point - previous.point, residual - previous.residual) }
        previous = (point, residual)
        let energy = residual.squaredNorm
        if let best, energy > restartGrowth * restartGrowth * best.energy {
            return restart(at: best.point, best.residual)
        }
        if energy <= best?.energy ?? .infinity { best = (point, residual, energy) }
        let gamma = RidgeLeastSquares.solve(
            gram: gram, right: residualChanges.map { $0.dot(residual) }, ridge: ridge)
        var terms: [(Double, Tensor)] = [(1, point), (-step.value, residual)]
        for (weight, (pointChange, residualChange)) in zip(gamma, zip(pointChanges, residualChanges)) {
            terms.append((-weight, pointChange))
            terms.append((step.value * weight, residualChange))
        }
        return Proposal(latent: .combination(terms))
    }

    private mutating func remember(_ pointChange: Tensor, _ residualChange: Tensor) {
        step.observe(pointChange: pointChange, residualChange: residualChange)
        if residualChanges.count == memory {
            pointChanges.removeFirst()
            residualChanges.removeFirst()
            gram.removeFirst()
            for row in gram.indices { gram[row].removeFirst() }
        }
        pointChanges.append(pointChange)
        residualChanges.append(residualChange)
        let row = residualChanges.map { $0.dot(residualChange) }
        for (index, value) in row.dropLast().enumerated() { gram[index].append(value) }
        gram.append(row)
    }

    private mutating func restart(at point: Tensor, _ residual: Tensor) -> Proposal {
        pointChanges = []
        residualChanges = []
        gram = []
        step.halve()
        previous = (point, residual)
        return Proposal(latent: .combination((1, point), (-step.value, residual)))
    }
}

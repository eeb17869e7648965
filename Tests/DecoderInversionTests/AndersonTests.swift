import DecoderInversion
import FixedPoints
import Tensors
import Testing

@Suite struct AndersonTests {
    /// With full memory Anderson's method is GMRES on a linear problem (Walker and Ni 2011): dimension + 1 steps suffice,
    /// even where the fixed point repels in some directions. 1e-4 is the rounding of Float points, magnified by the
    /// condition of the differences.
    @Test(
        arguments: [
            [0.5, 1.5, 0.7, 1.2, 0.9],
            [-0.6, 2.5, 0.8, 3, -1.2],
        ] as [[Float]])
    func solvesLinearProblem(_ eigenvalues: [Float]) throws {
        let autoencoder = MappedAutoencoder(eigenvalues: eigenvalues)
        let encoded = Tensor(normal: [1, 3, 1, eigenvalues.count], seed: 3)
        var iterates = Iterates(
            of: try EncoderResidual(autoencoder: autoencoder, encoded: encoded),
            by: AndersonAcceleration(memory: 10, ridge: 0, damping: .fixed(1), restartGrowth: .infinity))
        for _ in 0...eigenvalues.count { _ = try iterates.next()?.get() }
        let residual = try relativeResiduals(iterates.latent(of: 0), encoded, autoencoder)[0]
        #expect(residual < 1e-4, "\(residual)")
    }

    /// On the cocoercive toy the defaults need fewer evaluations to 1e-3 than the plain iteration, and find the truth.
    @Test func fasterThanForwardStep() throws {
        let encoded = try golden("encoded")
        let truth = try golden("truth")
        func evaluations(_ update: any FixedPointUpdate) throws -> Int {
            let (latents, outcomes) = try DecoderInverter(
                autoencoder: LinearAutoencoder(), method: InversionMethod(update, evaluations: 60)
            ).invert(encoded: encoded)
            #expect(outcomes.map(\.ending) == [.converged, .converged])
            // A residual of 1e-3 and the smallest eigenvalue 0.4 leave an error of 2.5e-3·‖E(x)‖/‖z*‖, below -48 dB.
            for item in 0..<2 {
                #expect(latents.item(item).normalisedErrorDecibels(to: truth.item(item)) < -48)
            }
            return outcomes.map(\.evaluations).max() ?? 0
        }
        let anderson = try evaluations(AndersonAcceleration())
        #expect(anderson <= 11, "\(anderson)")
        #expect(try anderson < evaluations(ForwardStep(size: .fixed(1))))
    }

    /// Points that stop moving leave nothing to divide by.
    @Test func standingStill() throws {
        let encoded = Tensor(normal: [1, 3, 1, 4], seed: 5)
        var update = AndersonAcceleration()
        var point = encoded
        for _ in 0..<8 {
            point = update.next(after: point, residual: Tensor(zeros: point.shape)).point
            #expect(point.elements == encoded.elements)
        }
    }

    /// A jump of the residual drops the memory and starts again at the best point with half the step.
    @Test func restart() {
        func scalar(_ value: Float) -> Tensor { Tensor([value], shape: [1, 1, 1, 1]) }
        var update = AndersonAcceleration(damping: .adaptive(least: 0.1, most: 1), restartGrowth: 2)
        // T = 1 at 0, step 1 to -1, where T = -3: s = -1, y = -4, so that the step falls to ½, then to ¼ by the restart.
        #expect(update.next(after: scalar(0), residual: scalar(1)).point.elements == [-1])
        #expect(update.next(after: scalar(-1), residual: scalar(-3)).point.elements == [-0.25])
    }
}

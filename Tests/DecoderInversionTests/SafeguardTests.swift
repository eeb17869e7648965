import DecoderInversion
import FixedPoints
import Foundation
import InputErrors
import Tensors
import TestSupport
import Testing

@Suite struct SafeguardTests {
    static let methods: [InversionMethod] = [
        .paperForwardStep, .paperKM, .paperAdam(iterations: 40), InversionMethod(.forward, evaluations: 20),
        InversionMethod(.anderson), InversionMethod(ForwardStep(size: .fixed(1)), evaluations: 20),
        InversionMethod(InertialKrasnoselskiiMann(inertia: 0.9, step: 0.5), evaluations: 20),
        InversionMethod(ScheduledAdam(schedule: .constant, peak: 5), evaluations: 20),
    ]

    static let encoded = Tensor(normal: [2, 3, 1, 6], seed: 11)

    /// E∘D that breaks the theory: eigenvalues beyond 2 and below 0; a kink; a cubic; steps.
    static let pairs: [@Sendable () -> MappedAutoencoder] = [
        { MappedAutoencoder(eigenvalues: [1, 3.5, 0.2, -0.5, 1, 2.5]) },
        { MappedAutoencoder(width: 6) { numbers, _ in numbers.map { $0 > 0 ? 3 * $0 : 0.3 * $0 } } },
        { MappedAutoencoder(width: 6) { numbers, _ in numbers.map { $0 + $0 * $0 * $0 } } },
        { MappedAutoencoder(width: 6) { numbers, _ in numbers.map { ($0 * 2).rounded() / 2 } } },
    ]

    /// By its own residual no result is worse than the encoder, and the residual reported is the result's.
    @Test(arguments: methods, pairs.indices)
    func neverWorseThanEncoder(_ method: InversionMethod, _ pair: Int) throws {
        let autoencoder = Self.pairs[pair]()
        let (latents, outcomes) = try DecoderInverter(autoencoder: autoencoder, method: method)
            .invert(encoded: Self.encoded)
        let residuals = try relativeResiduals(latents, Self.encoded, autoencoder)
        #expect(outcomes.count == 2 && residuals.count == 2)
        for (outcome, residual) in zip(outcomes, residuals) {
            let reported = try #require(outcome.residual)
            #expect(reported <= outcome.encoderResidual ?? .nan)
            #expect(abs(reported - residual) <= 1e-6)
            #expect(outcome.evaluations <= method.evaluations)
        }
    }

    /// An eigenvalue of 3.5 repels the plain iteration with ρ = 1. It stops early at the encoder's latent; bare, it ends
    /// far away; with its step taken from the operator it converges.
    @Test func divergingLinearPair() throws {
        let autoencoder = MappedAutoencoder(eigenvalues: [1, 3.5, 0.8, 1.1, 1, 2.5])
        let plain = InversionMethod(ForwardStep(size: .fixed(1)), evaluations: 12)
        let (kept, outcomes) = try DecoderInverter(autoencoder: autoencoder, method: plain)
            .invert(encoded: Self.encoded)
        #expect(kept.elements == Self.encoded.elements)
        #expect(outcomes.count == 2)
        for outcome in outcomes {
            #expect(outcome.ending == .diverged)
            #expect(outcome.evaluations < 12)
            #expect(outcome.residual == outcome.encoderResidual)
            #expect(outcome.fellBack)
        }
        let bare = try DecoderInverter(autoencoder: autoencoder, method: plain, safeguard: nil)
            .invert(encoded: Self.encoded).latents
        let encoder = try relativeResiduals(Self.encoded, Self.encoded, autoencoder)
        #expect(bare.batch == 2 && encoder.count == 2)
        for (bare, encoder) in zip(try relativeResiduals(bare, Self.encoded, autoencoder), encoder) {
            #expect(bare > 100 * encoder)
        }
        for method in [InversionMethod(.forward, evaluations: 60), InversionMethod(.anderson, evaluations: 20)] {
            let outcomes = try DecoderInverter(autoencoder: autoencoder, method: method)
                .invert(encoded: Self.encoded).outcomes
            #expect(outcomes.map(\.ending) == [.converged, .converged], "\(method)")
        }
    }

    /// z + z³ has no bounded slope: the plain iteration runs away until it overflows.
    @Test func divergingNonlinearPair() throws {
        let autoencoder = MappedAutoencoder(width: 6) { numbers, _ in numbers.map { $0 + 4 * $0 * $0 * $0 } }
        let plain = InversionMethod(ForwardStep(size: .fixed(1)), evaluations: 30)
        for safeguard in [Safeguard(), nil] {
            let (latents, outcomes) = try DecoderInverter(
                autoencoder: autoencoder, method: plain, safeguard: safeguard
            ).invert(encoded: Self.encoded)
            #expect(latents.isFinite)
            #expect(outcomes.map(\.ending) == [.diverged, .diverged])
        }
        let (_, outcomes) = try DecoderInverter(
            autoencoder: autoencoder, method: InversionMethod(.anderson, evaluations: 40)
        )
        .invert(encoded: Self.encoded)
        #expect(outcomes.count == 2)
        for outcome in outcomes {
            #expect(try #require(outcome.residual) < 0.1 * #require(outcome.encoderResidual))
        }
    }

    /// After `k` good answers the autoencoder returns NaN or infinity: the best point before is returned.
    @Test(arguments: methods, [0, 1, 3])
    func notANumber(_ method: InversionMethod, _ goodCalls: Int) throws {
        for bad in [Float.nan, .infinity] {
            let autoencoder = MappedAutoencoder(width: 6) { numbers, call in
                numbers.enumerated().map { call >= goodCalls && $0 == 4 ? bad : (0.4 + 0.07 * Float($0)) * $1 }
            }
            for safeguard in [Safeguard(), nil] {
                let (latents, outcomes) = try DecoderInverter(
                    autoencoder: autoencoder, method: method, safeguard: safeguard
                ).invert(encoded: Self.encoded)
                #expect(latents.isFinite)
                #expect(outcomes.count == 2)
                for outcome in outcomes {
                    #expect(outcome.ending == .diverged)
                    #expect(outcome.residual?.isFinite ?? true)
                    #expect(outcome.encoderResidual?.isFinite ?? true)
                }
                if goodCalls == 0 {
                    #expect(latents.elements == Self.encoded.elements)
                    #expect(outcomes.allSatisfy { $0.encoderResidual == nil && $0.residual == nil })
                }
            }
        }
    }

    /// A latent on a grid of halves can be no nearer than the grid.
    @Test func stalls() throws {
        let autoencoder = MappedAutoencoder(width: 6) { numbers, _ in numbers.map { ($0 * 2).rounded() / 2 } }
        let (_, outcomes) = try DecoderInverter(
            autoencoder: autoencoder, method: InversionMethod(.forward, evaluations: 200)
        ).invert(encoded: Self.encoded)
        #expect(outcomes.map(\.ending) == [.stalled, .stalled])
        #expect(outcomes.allSatisfy { $0.evaluations < 100 })
    }

    /// The paper's short steps lower the residual by little each time and are not taken for a stall.
    @Test(arguments: [InversionMethod.paperForwardStep, .paperKM, .paperAdam()])
    func shortStepsAreNotAStall(_ method: InversionMethod) throws {
        let (_, outcomes) = try DecoderInverter(autoencoder: LinearAutoencoder(), method: method)
            .invert(encoded: golden("encoded"))
        #expect(outcomes.map(\.ending) == [.spent, .spent])
    }

    @Test func nothingToFallBackTo() throws {
        let broken = Tensor([1, .nan, 2], shape: [1, 3, 1, 1])
        let inversion = DecoderInverter(
            autoencoder: MappedAutoencoder(eigenvalues: [1]), method: InversionMethod(.anderson))
        #expect(refusalCode { try inversion.invert(encoded: broken) } == .notFinite)
    }

    @Test func errorsOfTheAutoencoder() throws {
        struct Failure: Error {}
        let autoencoder = MappedAutoencoder(width: 6) { numbers, call in
            if call == 2 { throw Failure() }
            return numbers.map { 1.2 * $0 }
        }
        #expect(throws: Failure.self) {
            try DecoderInverter(autoencoder: autoencoder, method: .paperForwardStep).invert(encoded: Self.encoded)
        }
    }

    /// A latent of zeros has no scale; its residual is absolute.
    @Test func zeroLatent() throws {
        let zeros = Tensor(zeros: [1, 3, 1, 6])
        let (latents, outcomes) = try DecoderInverter(
            autoencoder: MappedAutoencoder(eigenvalues: [1, 1, 1, 1, 1, 1]), method: InversionMethod(.anderson)
        ).invert(encoded: zeros)
        #expect(latents.elements == zeros.elements)
        #expect(outcomes[0].ending == .converged)
        #expect(outcomes[0].residual == 0)
    }

    @Test func methodNone() throws {
        let autoencoder = MappedAutoencoder(eigenvalues: [2])
        let (latents, outcomes) = try DecoderInverter(autoencoder: autoencoder, method: .none)
            .invert(encoded: Self.encoded)
        #expect(latents.elements == Self.encoded.elements)
        #expect(outcomes.map(\.evaluations) == [0, 0])
        #expect(autoencoder.batches.isEmpty)
    }
}

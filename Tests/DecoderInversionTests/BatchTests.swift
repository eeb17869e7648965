import DecoderInversion
import FixedPoints
import Tensors
import Testing

@Suite struct BatchTests {
    /// Five images of different difficulty: the stronger the numbers, the steeper E∘D; one turns into NaN.
    private static func pair() -> MappedAutoencoder {
        MappedAutoencoder(width: 7) { numbers, _ in
            numbers.map { abs($0) > 30 ? .nan : $0 + 0.5 * $0 * abs($0) }
        }
    }

    private static let encoded = Tensor.concatenating(
        [0.001, 0.3, 2, 29, 1].enumerated().map { seed, scale in
            let numbers = Tensor(normal: [1, 3, 1, 7], seed: UInt64(seed)).mapped { max(-1, min(1, $0)) }
            return scale * numbers
        })

    /// Inverted together or alone, an image has the same latent to the last bit, the same ending and the same cost: the toy
    /// computes every item on its own, so that there is nothing to round differently.
    @Test(arguments: SafeguardTests.methods)
    func sameAsAlone(_ method: InversionMethod) throws {
        let (together, outcomes) = try DecoderInverter(autoencoder: Self.pair(), method: method)
            .invert(encoded: Self.encoded)
        #expect(outcomes.count == 5)
        for item in 0..<Self.encoded.batch {
            let (alone, outcome) = try DecoderInverter(autoencoder: Self.pair(), method: method)
                .invert(encoded: Self.encoded.item(item))
            #expect(alone.elements == together.item(item).elements, "\(method) image \(item)")
            #expect(outcome[0].ending == outcomes[item].ending)
            #expect(outcome[0].evaluations == outcomes[item].evaluations)
            #expect(outcome[0].residual == outcomes[item].residual)
        }
    }

    /// Finished images are not evaluated any more.
    @Test func freezing() throws {
        let autoencoder = Self.pair()
        var seen = [Int](repeating: 0, count: 5)
        let outcomes = try DecoderInverter(
            autoencoder: autoencoder, method: InversionMethod(.anderson, evaluations: 30)
        )
        .invert(encoded: Self.encoded) { seen[$0.item] += 1 }.outcomes
        #expect(seen == outcomes.map(\.evaluations))
        #expect(autoencoder.batches.reduce(0, +) == seen.reduce(0, +))
        #expect(autoencoder.batches.first == 5)
        #expect(zip(autoencoder.batches, autoencoder.batches.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(Set(seen).count > 2, "\(seen)")
    }

    @Test func frozenByHand() throws {
        var iterates = Iterates(
            of: try EncoderResidual(autoencoder: Self.pair(), encoded: Self.encoded), by: ForwardStep())
        _ = iterates.next()
        iterates.freeze(1)
        let frozen = iterates.latent(of: 1).elements
        let evaluations = try #require(try iterates.next()?.get())
        #expect(evaluations.map(\.item).contains(1) == false)
        #expect(iterates.latent(of: 1).elements == frozen)
        for item in iterates.liveItems { iterates.freeze(item) }
        let end = iterates.next()
        #expect(end == nil)
    }

    @Test func noImages() throws {
        let (latents, outcomes) = try DecoderInverter(autoencoder: Self.pair(), method: InversionMethod(.anderson))
            .invert(encoded: Tensor(zeros: [0, 3, 1, 7]))
        #expect(latents.shape == [0, 3, 1, 7])
        #expect(outcomes.isEmpty)
    }

    @Test func fromImages() throws {
        let autoencoder = try LinearAutoencoder()
        let truth = try golden("truth")
        let (latents, _) = try DecoderInverter(
            autoencoder: autoencoder, method: InversionMethod(.anderson, evaluations: 20)
        )
        .invert(images: autoencoder.decode(truth))
        // Converged to a residual of 1e-3 with the smallest eigenvalue 0.4.
        #expect(latents.normalisedErrorDecibels(to: truth) < -48)
    }
}

import DecoderInversion
import FixedPoints
import Tensors
import TestSupport
import Testing

@Suite struct InversionTraceTests {
    private func trace(
        _ eigenvalues: [Float], _ method: InversionMethod, truth: Tensor? = nil, longestPath: Int = 100
    ) throws -> (InversionTrace, [DecoderInverter.Outcome]) {
        var trace = InversionTrace(truth: truth, longestPath: longestPath)
        let outcomes = try DecoderInverter(
            autoencoder: MappedAutoencoder(eigenvalues: eigenvalues), method: method, safeguard: nil
        ).invert(encoded: SafeguardTests.encoded) { trace.record($0) }.outcomes
        return (trace, outcomes)
    }

    /// Where E∘D is λ times the identity every cocoercivity is 1/λ, negative λ included. 1e-3 is Float's rounding of
    /// differences that shrink to a hundredth.
    @Test(arguments: [0.5, 1.25, -0.5] as [Float])
    func multipleOfIdentity(_ eigenvalue: Float) throws {
        let (trace, _) = try trace(
            [Float](repeating: eigenvalue, count: 6), InversionMethod(ForwardStep(size: .fixed(0.3)), evaluations: 8))
        for item in 0..<2 {
            let values = trace.cocoercivities(of: item)
            #expect(values.count == 7)
            expectClose(values.map(\.value), [Double](repeating: 1 / Double(eigenvalue), count: 7), relative: 1e-3)
            #expect(trace.minimumCocoercivity(of: item) == values.map(\.value).min())
        }
    }

    /// A symmetric positive E∘D is cocoercive with 1/λ_max and has no quotient above 1/λ_min.
    @Test func boundsOfSymmetricPair() throws {
        var trace = InversionTrace(longestPath: 100)
        _ = try DecoderInverter(autoencoder: LinearAutoencoder(), method: InversionMethod(.forward, evaluations: 15))
            .invert(encoded: golden("encoded")) { trace.record($0) }
        for item in 0..<2 {
            let values = trace.cocoercivities(of: item).map(\.value)
            #expect(values.count > 5)
            // 1e-3: Float's rounding of E∘D.
            #expect(values.allSatisfy { $0 > 1 / 1.6 - 1e-3 && $0 < 1 / 0.4 + 1e-3 }, "\(values)")
        }
    }

    /// z∞ is the best point, which for a diverging iteration is the first.
    @Test func limitOfDivergingPath() throws {
        let (trace, _) = try trace(
            [Float](repeating: 3, count: 6), InversionMethod(ForwardStep(size: .fixed(1)), evaluations: 5))
        #expect(trace.cocoercivities(of: 0).map(\.evaluation) == [2, 3, 4, 5])
    }

    @Test func rows() throws {
        let truth = SafeguardTests.encoded.mapped { $0 / 2 }
        let (trace, outcomes) = try trace(
            [Float](repeating: 2, count: 6), InversionMethod(ForwardStep(size: .fixed(0.25)), evaluations: 4),
            truth: truth)
        #expect(trace.rows.map(\.item) == [0, 1, 0, 1, 0, 1, 0, 1])
        #expect(trace.rows.map(\.evaluation) == [1, 1, 2, 2, 3, 3, 4, 4])
        // T = 2z - e from z_0 = e: the error e/2 and the residual e halve at each step.
        let first = trace.rows.filter { $0.item == 0 }
        expectClose(first.map(\.residual), [1, 0.5, 0.25, 0.125], relative: 1e-6)
        expectClose(first.compactMap(\.nmseDecibels), [0, -6.0206, -12.0412, -18.0618], absolute: 1e-3)
        #expect(zip(trace.rows, trace.rows.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
        #expect(outcomes[0].encoderResidual == first[0].residual)
    }

    /// The path is bounded; the rows go on.
    @Test func boundedPath() throws {
        let method = InversionMethod(ForwardStep(size: .fixed(0.3)), evaluations: 9)
        let bounded = try trace([0.5, 0.5, 1, 1, 1, 1], method, longestPath: 3).0
        #expect(bounded.rows.count == 18)
        #expect(bounded.cocoercivities(of: 0).map(\.evaluation) == [1, 2, 3])
        let none = try trace([0.5, 0.5, 1, 1, 1, 1], method, longestPath: 0).0
        #expect(none.minimumCocoercivity(of: 0) == nil)
    }
}

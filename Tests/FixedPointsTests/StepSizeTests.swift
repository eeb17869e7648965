import FixedPoints
import Testing

/// The adaptive step, seen through the iterates of `ForwardStep`.
@Suite struct StepSizeTests {
    /// T = 4z from 1: step 1 leads to -3. The pair shows β = ¼; the estimate may halve the step once, and the step that is
    /// taken back once more, to ¼. From the best point that is exact.
    @Test func aStepThatIsTooLongIsTakenBack() throws {
        let path = try path(of: ForwardStep(), on: ToyResidual(starts: [[1]], eigenvalues: [4]), count: 3)
        #expect(path == [[1], [-3], [0], [0]])
    }

    /// The residual falls, and the pair s = -1, y = -1.25 shows β = 0.8.
    @Test func theCocoercivitySeenIsTheNextStep() {
        var update = ForwardStep()
        #expect(update.next(after: vector(1), residual: vector(1)).latent.elements == [0])
        #expect(update.next(after: vector(0), residual: vector(-0.25)).latent.elements == [0.2])
    }

    /// s = -1, y = -½: β = 2 is longer than the step that is used.
    @Test func theStepNeverGrows() {
        var update = ForwardStep()
        #expect(update.next(after: vector(1), residual: vector(1)).latent.elements == [0])
        #expect(update.next(after: vector(0), residual: vector(0.5)).latent.elements == [-0.5])
    }

    /// s = 1, y = -½ show β = -2, which halves the step; the step that is taken back halves it once more. From the best
    /// point ¼ leads to 1.25, where the next pair, s = -¾ and y = 1, halves it again.
    @Test func oneEstimateHalvesAtMost() {
        var update = ForwardStep()
        #expect(update.next(after: vector(1), residual: vector(-1)).latent.elements == [2])
        #expect(update.next(after: vector(2), residual: vector(-1.5)).latent.elements == [1.25])
        #expect(update.next(after: vector(1.25), residual: vector(-0.5)).latent.elements == [1.3125])
    }

    /// However steep T is, the step ends at `least`.
    @Test func theStepIsNeverShorterThanTheLeast() throws {
        let update = ForwardStep(size: .adaptive(least: 0.125, most: 1))
        let path = try path(of: update, on: ToyResidual(starts: [[1]], eigenvalues: [1024]), count: 6)
        #expect(try #require(path.last) == [1 - 0.125 * 1024])
    }

    /// The first step is `most`.
    @Test func theStepStartsAtTheMost() {
        var update = ForwardStep(size: .adaptive(least: 0.1, most: 0.75))
        #expect(update.next(after: vector(1), residual: vector(1)).latent.elements == [0.25])
    }

    /// Two points with the same T show no cocoercivity.
    @Test func equalResidualsAreNoEstimate() {
        var update = ForwardStep()
        _ = update.next(after: vector(1), residual: vector(1))
        #expect(update.next(after: vector(0), residual: vector(1)).latent.elements == [-1])
    }
}

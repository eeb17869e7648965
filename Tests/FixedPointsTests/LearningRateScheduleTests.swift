import FixedPoints
import Foundation
import Marks
import Testing

/// The paper's formula at its corners, with w = n/10: (i + 1)/w for i < w, then ½(1 + cos(π(i - w)/(n - w))) as long as
/// i < 0.8n, and constant from there on.
@Suite struct LearningRateScheduleTests {
    private func cosine(_ numerator: Double, _ denominator: Double) -> Double {
        (1 + cos(Double.pi * numerator / denominator)) / 2
    }

    @Test func theCornersOfAHundredSteps() {
        let schedule = LearningRateSchedule.warmUpAndCosine(steps: 100)
        #expect(schedule.factor(0) == 0.1 && schedule.factor(4) == 0.5 && schedule.factor(9) == 1)
        #expect(schedule.factor(10) == 1)
        #expect(abs(schedule.factor(55) - 0.5) < 1e-15)
        #expect(schedule.factor(78) == cosine(68, 90) && schedule.factor(79) == cosine(69, 90))
        for later in [80, 81, 99, 100, 5000] { #expect(schedule.factor(later) == schedule.factor(79)) }
    }

    /// w is 3 and the cosine ends before 29.6.
    @Test func stepsThatTenDoesNotDivide() {
        let schedule = LearningRateSchedule.warmUpAndCosine(steps: 37)
        #expect(schedule.factor(0) == 1.0 / 3 && schedule.factor(2) == 1 && schedule.factor(3) == 1)
        #expect(schedule.factor(29) == cosine(26, 34))
        #expect(schedule.factor(30) == schedule.factor(29) && schedule.factor(28) > schedule.factor(29))
    }

    /// Below ten steps there is no warm-up.
    @Test(arguments: [1, 2, 5, 9])
    func fewStepsStartAtThePeak(_ steps: Int) {
        let schedule = LearningRateSchedule.warmUpAndCosine(steps: steps)
        #expect(schedule.factor(0) == 1)
        let last = Int((0.8 * Double(steps)).rounded(.up)) - 1
        #expect(schedule.factor(steps) == cosine(Double(last), Double(steps)))
    }

    @Test func moreThanAHundredStepsAreScheduledAsAHundred() {
        let (long, hundred) = (
            LearningRateSchedule.warmUpAndCosine(steps: 250), LearningRateSchedule.warmUpAndCosine(steps: 100)
        )
        #expect((0..<250).map(long.factor) == (0..<250).map(hundred.factor))
    }

    @Test(arguments: 1...120)
    func risesFallsAndStays(_ steps: Int) {
        let factors = (0..<steps + 20).map(LearningRateSchedule.warmUpAndCosine(steps: steps).factor)
        let warmUp = min(steps, 100) / 10
        #expect(factors.allSatisfy { $0 > 0 && $0 <= 1 } && factors.max() == 1)
        #expect(zip(factors[..<warmUp], factors.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(zip(factors[warmUp...], factors[(warmUp + 1)...]).allSatisfy { $0 >= $1 })
    }

    @Test func constant() {
        #expect([0, 1, 99, 10_000].map(LearningRateSchedule.constant.factor) == [1, 1, 1, 1])
    }
}

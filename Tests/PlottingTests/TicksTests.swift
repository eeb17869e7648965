import Plotting
import Testing

@Suite struct TicksTests {
    @Test(arguments: [
        (0.0, 10.0, 5, [0.0, 2, 4, 6, 8, 10]), (-1.0, 1.0, 4, [-1, -0.5, 0, 0.5, 1]), (0.0, 0.07, 3, [0, 0.05]),
        (3.0, 3.0, 5, [3]),
    ])
    func ticksAreRound(_ low: Double, _ high: Double, _ count: Int, _ expected: [Double]) {
        let ticks = Ticks.values(low...high, count: count)
        #expect(ticks.count == expected.count)
        for (tick, value) in zip(ticks, expected) { #expect(abs(tick - value) < 1e-9) }
    }
}

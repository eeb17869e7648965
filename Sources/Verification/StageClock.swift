/// Measures the seconds between its making and a reading.
package struct StageClock {
    private let start = ContinuousClock.now

    package init() {}

    package var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}

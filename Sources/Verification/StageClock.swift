/// Measures the seconds between its making and a reading.
struct StageClock {
    private let start = ContinuousClock.now

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}

import Foundation

/// Wall and CPU time since it was made. CPU time is the process's: with one thread it is what the wall time would be on a
/// machine that does nothing else.
struct ProcessClock {
    private let wallStart = ContinuousClock.now
    private let cpuStart = Self.cpuNow

    var wall: Double { (ContinuousClock.now - wallStart) / .seconds(1) }
    var cpu: Double { Self.cpuNow - cpuStart }

    private static var cpuNow: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// Numbers from outside that are too large for what is done with them.
struct OutsideNumberTests {
    @Test(arguments: [
        (timespec(tv_sec: 1_700_000_000, tv_nsec: 5), 1_700_000_000_000_000_005),
        (timespec(tv_sec: -1, tv_nsec: 999_999_999), -1),
        // 2262-04-11T23:47:16.854775807Z, and a nanosecond later.
        (timespec(tv_sec: 9_223_372_036, tv_nsec: 854_775_807), Int.max),
        (timespec(tv_sec: 9_223_372_036, tv_nsec: 854_775_808), Int.min),
    ])
    func timesOfAnyYearAreNumbers(_ time: timespec, _ expected: Int) {
        #expect(RegularFile.nanoseconds(time) == expected)
    }

    @Test func timesNearEachOtherDiffer() {
        for seconds in [0, 9_223_372_036, 10_413_792_000, Int.max, Int.min] {
            let later = RegularFile.nanoseconds(timespec(tv_sec: seconds, tv_nsec: 1))
            #expect(RegularFile.nanoseconds(timespec(tv_sec: seconds, tv_nsec: 0)) != later, "\(seconds)")
        }
    }

    @Test func memoryThatNobodyHasIsRefused() throws {
        try Memory.require(1 << 24, for: "x")
        let refusal = InputError(
            "x", expected: "\(1 << 60) bytes of free memory", found: "less than that", as: .noMemory)
        #expect(throws: refusal) { try Memory.require(1 << 60, for: "x") }
    }
}

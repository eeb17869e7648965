import DecoderInversion
import FixedPoints
import InputErrors
import Testing

@Suite struct InversionMethodTests {
    @Test(arguments: [
        ("none", InversionMethod.Kind.none, 0), ("forward", .forward, 10), ("km", .km, 100), ("adam", .adam, 100),
        ("anderson", .anderson, 6), ("anderson:1", .anderson, 1), ("adam:20", .adam, 20), ("km:10000", .km, 10000),
    ])
    func parsing(_ text: String, _ kind: InversionMethod.Kind, _ evaluations: Int) throws {
        let method = try InversionMethod(parsing: text)
        #expect(method.kind == kind)
        #expect(method.evaluations == evaluations)
        #expect(try DecoderInversion.InversionMethod(parsing: method.description) == method)
    }

    @Test(arguments: [
        "", ":", "anderson:", "anderson:0", "anderson:-3", "anderson:10001", "anderson:6.5", "anderson:6:7", "none:3",
        "Anderson", "broyden", " adam", "adam: 5", "adam:99999999999999999999",
    ])
    func refused(_ text: String) {
        let error = #expect(throws: InputError.self) { try InversionMethod(parsing: text) }
        #expect(error?.code == .invalidSetting && error?.found == text)
        #expect(error?.expected.contains("forward, km, adam, anderson") == true)
    }

    /// The constants of Hong et al. 2024 (docs/science.md §2).
    @Test func paperConstants() throws {
        let km = try #require(InversionMethod.paperKM.update as? InertialKrasnoselskiiMann)
        #expect(km.inertia == 0.9 && km.step == 0.001)
        let adam = try #require(InversionMethod.paperAdam(iterations: 50).update as? ScheduledAdam)
        #expect(adam.peak == 0.01 && adam.epsilon == 1e-8 && adam.firstDecay == 0.9 && adam.secondDecay == 0.999)
        #expect(adam.schedule == .warmUpAndCosine(steps: 50))
        #expect(try InversionMethod(parsing: "adam:50") == .paperAdam(iterations: 50))
        #expect(try InversionMethod(parsing: "km:100") == .paperKM)
        #expect(try InversionMethod(parsing: "forward:100") != .paperForwardStep)
    }
}

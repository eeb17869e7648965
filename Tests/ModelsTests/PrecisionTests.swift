import Models
import Testing

@Suite struct PrecisionTests {
    private static func processor(_ flags: String) -> ProcessorFeatures {
        ProcessorFeatures(
            cpuInfo: "processor\t: 0\nmodel name\t: avx_vnni\nflags\t\t: fpu sse2 \(flags) aes\nbugs\t: none\n")
    }

    @Test(
        arguments: [
            ("avx512_vnni", true), ("avx2 avx_vnni", true), ("avx2 avx512f", false), ("avx512_vnni_next", false),
        ])
    func dotProducts(_ flags: String, _ there: Bool) {
        #expect(Self.processor(flags).hasDotProducts == there)
    }

    @Test(arguments: ["", "Features\t: asimddp avx_vnni\n", "flags"]) func otherLists(_ text: String) {
        #expect(!ProcessorFeatures(cpuInfo: text).hasDotProducts)
    }

    @Test func autoNeedsALargeNetworkAndAFastProcessor() {
        let (fast, slow) = (Self.processor("avx_vnni"), Self.processor("avx2"))
        #expect(Precision.auto.resolved(parameterCount: 100_000_000, on: fast) == .int8)
        #expect(Precision.auto.resolved(parameterCount: 99_999_999, on: fast) == .float32)
        #expect(Precision.auto.resolved(parameterCount: 100_000_000, on: slow) == .float32)
        for precision in [Precision.float32, .int8] {
            #expect(precision.resolved(parameterCount: 1, on: slow) == precision)
            #expect(precision.resolved(parameterCount: 1_000_000_000, on: fast) == precision)
        }
    }

    @Test func float32IsTheDefault() { #expect(ExecutionOptions().precision == .float32) }
}

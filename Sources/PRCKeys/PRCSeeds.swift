import Dispatch
import RandomNumbers
import Synchronization

/// The seeds that MarkDiffusion (1.0.2) makes a code and its one codeword from.
public struct PRCSeeds: Sendable, Hashable {
    /// `gen_matrix_seed`, of PCG64.
    public var generator: UInt64
    /// `indice_seed`: check i is drawn with this and i more, of NumPy's legacy generator.
    public var checks: UInt32
    /// `one_time_pad_seed`, of PCG64.
    public var pad: UInt64
    /// `test_bits_seed`, of PCG64.
    public var testBits: UInt64
    /// `permute_bits_seed`, of NumPy's legacy generator.
    public var order: UInt32
    /// `payload_seed`, of PCG64.
    public var payload: UInt64
    /// `error_seed`, of NumPy's legacy generator.
    public var errors: UInt32

    /// Seeds, in MarkDiffusion's order.
    public init(
        generator: UInt64, checks: UInt32, pad: UInt64, testBits: UInt64, order: UInt32, payload: UInt64,
        errors: UInt32
    ) {
        self.generator = generator
        self.checks = checks
        self.pad = pad
        self.testBits = testBits
        self.order = order
        self.payload = payload
        self.errors = errors
    }

    /// Elements of the largest latent that a code is drawn for: NumPy's way to choose costs their square.
    static let mostElements = 1 << 16

    /// All of them, in MarkDiffusion's order.
    var all: [UInt64] {
        [generator, UInt64(checks), pad, testBits, UInt64(order), payload, UInt64(errors)]
    }

    /// Bits of the seeds that the pad comes from.
    var padBits: Int { (pad <= UInt64(UInt32.max) ? 32 : 64) + 32 }

    /// The code, as `PRCUtils._generate_encoding_key` makes it.
    func code(_ geometry: PRCGeometry) -> PRCCode {
        func bits(_ count: Int, _ seed: UInt64) -> [UInt8] {
            var generator = PCG64(seed: seed)
            return generator.bits(count)
        }
        let (length, others) = (geometry.length, geometry.checkWeight - 1)
        let first = length - geometry.checkCount
        // Each check has a generator of its own, so that they are drawn side by side.
        let parts = 8
        let drawn = Mutex([[Int32]](repeating: [], count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = geometry.checkCount * part / parts..<geometry.checkCount * (part + 1) / parts
            let own = range.flatMap { check -> [Int32] in
                var draws = NumPyLegacyGenerator(seed: checks &+ UInt32(check))
                return draws.choice(others, of: first + check).map(Int32.init)
            }
            drawn.withLock { $0[part] = own }
        }
        let chosen = drawn.withLock { $0.flatMap(\.self) }
        var turns = NumPyLegacyGenerator(seed: order)
        return PRCCode(
            geometry, chosen: chosen, rows: bits(first * geometry.dimension, generator), pad: bits(length, pad),
            testBits: bits(geometry.testBits, testBits), order: turns.permutation(length))
    }
}

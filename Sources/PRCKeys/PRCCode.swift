import InputErrors

/// The arrays of a pseudorandom code: checks and a generator of its codewords, the one-time pad over them and the test bits.
public struct PRCCode: Sendable, Equatable {
    /// The sizes.
    public let geometry: PRCGeometry
    /// The elements of each check, check after check: `geometry.checkWeight` each.
    public let checks: [Int32]
    /// Row-major: for each element the payload's bits that add up to its own, the first in the lowest place of a word.
    let generator: [UInt64]
    /// A bit for each element.
    public let pad: [UInt8]
    /// The first bits of each payload.
    public let testBits: [UInt8]

    /// Words of a generator's row.
    var rowWords: Int { Self.words(geometry.dimension) }
    static func words(_ bits: Int) -> Int { (bits + 63) / 64 }

    init(_ geometry: PRCGeometry, checks: [Int32], generator: [UInt64], pad: [UInt8], testBits: [UInt8]) {
        precondition(
            checks.count.isMultiple(of: geometry.checkWeight) && pad.count == geometry.length
                && testBits.count == geometry.testBits
                && generator.count == geometry.length * Self.words(geometry.dimension),
            "a code of \(checks.count) places, \(pad.count) and \(testBits.count) bits and \(generator.count) words")
        self.geometry = geometry
        self.checks = checks
        self.generator = generator
        self.pad = pad
        self.testBits = testBits
    }

    /// A code of random numbers: check j has an element of its own, that at n - r + j, and others before it; the generator's row
    /// of that element is the sum of the others' rows. The elements are put in another order at the end.
    /// - Parameters:
    ///   - geometry: the sizes.
    ///   - chosen: t - 1 distinct numbers below a bound, for each check.
    ///   - rows: bits of the generator's first n - r rows, row-major.
    ///   - pad: bits, before the elements are put in order.
    ///   - testBits: of the key.
    ///   - order: element i takes the place `order[i]` had.
    init(
        _ geometry: PRCGeometry, chosen: [Int32], rows: [UInt8], pad: [UInt8], testBits: [UInt8], order: [Int]
    ) {
        let (length, others) = (geometry.length, geometry.checkWeight - 1)
        let (first, width) = (length - geometry.checkCount, Self.words(geometry.dimension))
        var generator = [UInt64](repeating: 0, count: length * width)
        for row in 0..<first {
            for place in 0..<geometry.dimension where rows[row * geometry.dimension + place] == 1 {
                generator[row * width + place / 64] |= 1 << UInt64(place % 64)
            }
        }
        for check in 0..<geometry.checkCount {
            for place in check * others..<(check + 1) * others {
                let source = Int(chosen[place]) * width
                for word in 0..<width { generator[(first + check) * width + word] ^= generator[source + word] }
            }
        }
        var places = [Int32](repeating: 0, count: length)
        for (place, element) in order.enumerated() { places[element] = Int32(place) }
        let checks = (0..<geometry.checkCount).flatMap { check -> [Int32] in
            chosen[check * others..<(check + 1) * others].map { places[Int($0)] } + [places[first + check]]
        }
        self.init(
            geometry, checks: checks,
            generator: order.flatMap { generator[$0 * width..<($0 + 1) * width] }, pad: order.map { pad[$0] },
            testBits: testBits)
    }

    /// The codeword of a payload, without pad.
    /// - Parameter payload: `geometry.dimension` bits: test bits, fresh bits, message.
    func codeword(_ payload: [UInt8]) -> [UInt8] {
        precondition(payload.count == geometry.dimension, "a payload of \(payload.count) bits")
        let width = rowWords
        var words = [UInt64](repeating: 0, count: width)
        for (place, bit) in payload.enumerated() where bit == 1 { words[place / 64] |= 1 << UInt64(place % 64) }
        return (0..<geometry.length).map { element in
            var parity: UInt64 = 0
            for word in 0..<width { parity ^= generator[element * width + word] & words[word] }
            return UInt8(parity.nonzeroBitCount & 1)
        }
    }

    /// Whether all checks hold for the generator's rows: then they hold for every codeword.
    package var isConsistent: Bool {
        let (weight, width) = (geometry.checkWeight, rowWords)
        return stride(from: 0, to: checks.count, by: weight).allSatisfy { start in
            (0..<width).allSatisfy { word in
                (start..<start + weight).reduce(UInt64(0)) { $0 ^ generator[Int(checks[$1]) * width + word] } == 0
            }
        }
    }

    /// The checks that are shown to be linearly independent, by their places: taken one after another as each turns out to
    /// have an element that none of those left has. A code that was made as the paper has it loses none.
    package var independentChecks: [Int] {
        let weight = geometry.checkWeight
        var members = [Int32](repeating: 0, count: geometry.length)
        // Of the checks that are left: how many an element is in, and the sum of their places.
        var sums = [Int](repeating: 0, count: geometry.length)
        for (place, element) in checks.enumerated() {
            members[Int(element)] += 1
            sums[Int(element)] += place / weight
        }
        var waiting = members.indices.filter { members[$0] == 1 }
        var found: [Int] = []
        while let element = waiting.popLast() {
            guard members[element] == 1 else { continue }
            let check = sums[element]
            found.append(check)
            for place in check * weight..<(check + 1) * weight {
                let other = Int(checks[place])
                members[other] -= 1
                sums[other] -= check
                if members[other] == 1 { waiting.append(other) }
            }
        }
        return found.sorted()
    }
}

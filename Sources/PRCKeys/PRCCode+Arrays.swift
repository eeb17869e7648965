import InputErrors

extension PRCCode {
    /// A code of arrays as others made them.
    /// - Parameters:
    ///   - geometry: the sizes; the number of checks may be another.
    ///   - checks: elements of the checks, check after check.
    ///   - generator: bits, row-major: a row of `geometry.dimension` for each element.
    ///   - pad: a bit for each element.
    ///   - testBits: of the key.
    ///   - subject: names the source in errors.
    /// - Throws: `InputError` for arrays that are of another size, or whose checks do not hold for the generator.
    public init(
        _ geometry: PRCGeometry, checks: [Int], generator: [UInt8], pad: [UInt8], testBits: [UInt8], subject: String
    ) throws {
        let weight = geometry.checkWeight
        func refusal(_ member: String, _ expected: String, _ found: String) -> InputError {
            InputError("\(subject): \(member)", expected: expected, found: found, as: .keyDocument)
        }
        for (member, found, expected) in [
            ("generator", generator.count, geometry.length * geometry.dimension), ("pad", pad.count, geometry.length),
            ("test", testBits.count, geometry.testBits),
        ] where found != expected { throw refusal(member, "\(expected) bits", "\(found)") }
        guard !checks.isEmpty, checks.count.isMultiple(of: weight), checks.count / weight <= geometry.length else {
            throw refusal("checks", "up to \(geometry.length) checks of \(weight) elements", "\(checks.count) elements")
        }
        guard checks.allSatisfy({ (0..<geometry.length).contains($0) }) else {
            throw refusal("checks", "elements from 0 to \(geometry.length - 1)", "others")
        }
        for start in stride(from: 0, to: checks.count, by: weight)
        where Set(checks[start..<start + weight]).count < weight {
            throw refusal("checks", "\(weight) elements", "one twice in check \(start / weight)")
        }
        let width = Self.words(geometry.dimension)
        var words = [UInt64](repeating: 0, count: geometry.length * width)
        for (index, bit) in generator.enumerated() where bit == 1 {
            let (row, place) = index.quotientAndRemainder(dividingBy: geometry.dimension)
            words[row * width + place / 64] |= 1 << UInt64(place % 64)
        }
        self.init(geometry, checks: checks.map(Int32.init), generator: words, pad: pad, testBits: testBits)
        guard isConsistent else { throw refusal("checks", "checks that hold for the generator", "others") }
    }

    /// The generator's bits, row-major: a row of `geometry.dimension` for each element.
    public var generatorBits: [UInt8] {
        (0..<geometry.length).flatMap { row in
            (0..<geometry.dimension).map { place in
                UInt8(generator[row * rowWords + place / 64] >> UInt64(place % 64) & 1)
            }
        }
    }
}

/// Linear equations over bits, the surest ones that are independent, and their solution.
struct InformationSet {
    /// For each unknown the equations, by their places in the set, whose right-hand sides add up to it.
    private var combinations: [UInt64]
    private let words: Int
    private let unknowns: Int
    /// Right-hand sides.
    private var values: [UInt64]

    /// - Parameters:
    ///   - rows: of the left-hand sides, `words` each.
    ///   - order: equations, the surest first.
    ///   - unknowns: how many.
    ///   - isSet: the right-hand side of an equation.
    /// - Returns: nil where the equations do not determine the unknowns.
    init?(rows: [UInt64], order: [Int], unknowns: Int, isSet: (Int) -> Bool) {
        let words = PRCCode.words(unknowns)
        var left: [UInt64] = []
        var right: [UInt64] = []
        var pivots: [Int] = []
        values = [UInt64](repeating: 0, count: words)
        var (vector, combination) = ([UInt64](repeating: 0, count: words), [UInt64](repeating: 0, count: words))
        for element in order where pivots.count < unknowns {
            for word in 0..<words { (vector[word], combination[word]) = (rows[element * words + word], 0) }
            for (row, pivot) in pivots.enumerated() where vector[pivot / 64] >> UInt64(pivot % 64) & 1 == 1 {
                for word in 0..<words {
                    vector[word] ^= left[row * words + word]
                    combination[word] ^= right[row * words + word]
                }
            }
            guard let word = vector.firstIndex(where: { $0 != 0 }) else { continue }
            let (pivot, place) = (64 * word + vector[word].trailingZeroBitCount, pivots.count)
            combination[place / 64] ^= 1 << UInt64(place % 64)
            if isSet(element) { values[place / 64] |= 1 << UInt64(place % 64) }
            for row in 0..<place where left[row * words + pivot / 64] >> UInt64(pivot % 64) & 1 == 1 {
                for word in 0..<words {
                    left[row * words + word] ^= vector[word]
                    right[row * words + word] ^= combination[word]
                }
            }
            left += vector
            right += combination
            pivots.append(pivot)
        }
        guard pivots.count == unknowns else { return nil }
        self.words = words
        self.unknowns = unknowns
        combinations = [UInt64](repeating: 0, count: unknowns * words)
        for (row, pivot) in pivots.enumerated() {
            for word in 0..<words { combinations[pivot * words + word] = right[row * words + word] }
        }
    }

    /// The unknowns, the first in the lowest place.
    var solution: [UInt64] {
        var result = [UInt64](repeating: 0, count: words)
        for unknown in 0..<unknowns {
            var parity: UInt64 = 0
            for word in 0..<words { parity ^= combinations[unknown * words + word] & values[word] }
            if parity.nonzeroBitCount & 1 == 1 { result[unknown / 64] |= 1 << UInt64(unknown % 64) }
        }
        return result
    }

    /// What the solution changes by where one right-hand side does.
    /// - Parameter place: in the set, the surest first.
    func change(_ place: Int) -> [UInt64] {
        var result = [UInt64](repeating: 0, count: words)
        for unknown in 0..<unknowns where combinations[unknown * words + place / 64] >> UInt64(place % 64) & 1 == 1 {
            result[unknown / 64] |= 1 << UInt64(unknown % 64)
        }
        return result
    }
}

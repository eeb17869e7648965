import Foundation

/// Looks for the codeword that agrees best with weighted signs: belief propagation, the surest elements solved for the payload
/// (ordered statistics, Fossorier and Lin 1995), and neighbours of that solution. Whatever it tries, its best agreement is no
/// better than that of the best codeword there is.
struct CodewordSearch {
    private let code: PRCCode
    /// The payload without what is looked for.
    private let known: [UInt8]
    /// Payload bits that are looked for.
    private let places: [Int]
    /// The generator's rows of those bits.
    private let rows: [UInt64]
    /// The codeword of what is known.
    private let offset: [UInt8]

    /// log₂ of the number of codewords that are looked through.
    var bits: Int { places.count }

    /// - Parameters:
    ///   - code: the arrays.
    ///   - message: nil where it is looked for too.
    init(_ code: PRCCode, message: [UInt8]?) {
        let geometry = code.geometry
        let fresh = geometry.testBits..<geometry.testBits + geometry.freshBits
        self.code = code
        places = Array(message == nil ? fresh.lowerBound..<geometry.dimension : fresh)
        known =
            code.testBits + [UInt8](repeating: 0, count: geometry.freshBits)
            + (message ?? [UInt8](repeating: 0, count: geometry.messageBits))
        offset = code.codeword(known)
        let (width, own) = (code.rowWords, PRCCode.words(places.count))
        var rows = [UInt64](repeating: 0, count: geometry.length * own)
        for element in 0..<geometry.length {
            for (index, place) in places.enumerated()
            where code.generator[element * width + place / 64] >> UInt64(place % 64) & 1 == 1 {
                rows[element * own + index / 64] |= 1 << UInt64(index % 64)
            }
        }
        self.rows = rows
    }

    /// What was found.
    struct Found {
        /// Σ of the weights that agree less those that do not.
        var sum: Int
        /// The payload.
        var payload: [UInt8]
    }

    /// Correlations of noise and mark for which beliefs are propagated, and after how many passes they are looked at.
    private static let correlations = [0.5, 0.35]
    private static let passes = [2, 6, 12, 20, 40]
    /// Of the least sure elements of a set, so many are changed one by one, and fewer by twos.
    private static let (singles, pairs) = (64, 16)

    /// The best codeword of those that are tried.
    /// - Parameters:
    ///   - evened: elements of unit variance, turned by the pad.
    ///   - weights: signed whole weights of the same.
    ///   - enough: a sum that ends the search.
    /// - Returns: nil where the generator does not determine the payload.
    func best(_ evened: [Double], weights: [Int], enough: Int) -> Found? {
        let turned = zip(weights, offset).map { $1 == 0 ? $0 : -$0 }
        var best: (sum: Int, solution: [UInt64])?
        for correlation in Self.correlations {
            let channel = Reliability(correlation, code.geometry).odds(evened)
            var beliefs = BeliefPropagation(
                checks: code.checks, weight: code.geometry.checkWeight, channel: channel)
            for passes in Self.passes {
                beliefs.iterate(passes)
                guard let found = nearby(beliefs.odds, turned) else { return nil }
                if found.sum > best?.sum ?? .min { best = found }
                if found.sum >= enough { break }
            }
            if best?.sum ?? 0 >= enough { break }
        }
        return best.map { best in
            let bits = places.indices.map { UInt8(best.solution[$0 / 64] >> UInt64($0 % 64) & 1) }
            return Found(sum: best.sum, payload: payload(of: bits))
        }
    }

    /// The payload of the bits that are looked for.
    func payload(of bits: [UInt8]) -> [UInt8] {
        var payload = known
        for (place, bit) in zip(places, bits) { payload[place] = bit }
        return payload
    }

    /// The best of the codeword that the surest elements have, and of its neighbours.
    private func nearby(_ odds: [Double], _ turned: [Int]) -> (sum: Int, solution: [UInt64])? {
        let order = odds.indices.sorted { abs(odds[$0]) > abs(odds[$1]) }
        let equations = InformationSet(rows: rows, order: order, unknowns: bits) { (odds[$0] < 0) != (offset[$0] == 1) }
        guard let equations else { return nil }
        let start = equations.solution
        var best = (sum: sum(start, turned), solution: start)
        func consider(_ solution: [UInt64]) {
            let sum = sum(solution, turned)
            if sum > best.sum { best = (sum, solution) }
        }
        let changes = (0..<min(bits, Self.singles)).map { equations.change(bits - 1 - $0) }
        for change in changes { consider(zip(start, change).map { $0 ^ $1 }) }
        for (index, first) in changes.prefix(Self.pairs).enumerated() {
            for second in changes.prefix(index) { consider(start.indices.map { start[$0] ^ first[$0] ^ second[$0] }) }
        }
        return best
    }

    private func sum(_ solution: [UInt64], _ turned: [Int]) -> Int {
        let words = solution.count
        return rows.withUnsafeBufferPointer { rows in
            turned.withUnsafeBufferPointer { turned in
                solution.withUnsafeBufferPointer { solution in
                    var sum = 0
                    for element in 0..<turned.count {
                        var parity: UInt64 = 0
                        for word in 0..<words { parity ^= rows[element * words + word] & solution[word] }
                        let sign = 1 - 2 * (parity.nonzeroBitCount & 1)
                        sum += sign * turned[element]
                    }
                    return sum
                }
            }
        }
    }
}

/// How sure an element of recovered noise is of its mark's sign.
struct Reliability {
    private let slope: Double
    private let share: Double

    /// - Parameters:
    ///   - correlation: of recovered noise and mark.
    ///   - geometry: of the code, whose marks have errors of their own.
    init(_ correlation: Double, _ geometry: PRCGeometry) {
        slope = correlation / (2 * (1 - correlation * correlation)).squareRoot()
        share = 1 - 2 * geometry.errorRate
    }

    /// The expected sign, from -1 to 1. Of x and z of unit variance and this correlation, E[sign x | z] is an error function.
    func sign(_ element: Double) -> Double { share * erf(slope * element) }

    /// Natural logarithm of the odds for +.
    func odds(_ elements: [Double]) -> [Double] {
        elements.map { element in
            let sign = sign(element)
            return log((1 + sign) / (1 - sign))
        }
    }
}

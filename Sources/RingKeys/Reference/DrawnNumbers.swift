import Foundation

/// What shows that the numbers of an imported key are not independent normal draws of one variance. Nothing shows that they are:
/// for that there is only the owner's word.
///
/// The limits are wide: a key that was drawn at random breaks one of them about once in 10,000 keys.
package struct DrawnNumbers {
    /// The key's numbers, on any scale.
    package let numbers: [Double]
    /// |k| of each.
    package let magnitudes: [Double]

    package init(numbers: [Double], magnitudes: [Double]) {
        self.numbers = numbers
        self.magnitudes = magnitudes
    }

    /// What is wrong, after "its numbers"; nil where nothing is.
    package var objection: String? {
        let zeros = numbers.count { $0 == 0 }
        if zeros > 1 { return "include \(zeros) zeros among \(numbers.count)" }
        let repeated = numbers.count - Set(numbers.map { abs($0) }).count
        if repeated > max(1, numbers.count / 100) { return "repeat: \(repeated) of \(numbers.count) are there already" }
        if !isEven { return "are larger at some frequencies than at others" }
        if !isNormal { return "are not distributed as normal ones" }
        return nil
    }

    /// Whether low and high frequencies have the same power, within six standard deviations of the logarithm of their ratio.
    private var isEven: Bool {
        let middle = magnitudes.sorted()[magnitudes.count / 2]
        let halves = [true, false].map { isLow in
            zip(numbers, magnitudes).filter { ($0.1 < middle) == isLow }.map { $0.0 * $0.0 }
        }
        guard halves.allSatisfy({ $0.count >= 4 }) else { return true }
        let powers = halves.map { $0.reduce(0, +) / Double($0.count) }
        let deviation = halves.reduce(0) { $0 + 2 / Double($1.count) }.squareRoot()
        return abs(log(powers[0] / powers[1])) < 6 * deviation
    }

    /// Kolmogorov's and Smirnov's distance from a normal distribution of the numbers' own power, times √d, below 3.3; and a
    /// kurtosis that is not smaller than that of normal numbers by five standard deviations, as that of values on a circle is.
    private var isNormal: Bool {
        let count = Double(numbers.count)
        let power = numbers.reduce(0) { $0 + $1 * $1 } / count
        let kurtosis = numbers.reduce(0) { $0 + $1 * $1 * $1 * $1 } / (count * power * power)
        let distance =
            numbers.sorted().enumerated().map { place, number in
                let expected = erfc(-number / (2 * power).squareRoot()) / 2
                return max(expected - Double(place) / count, Double(place + 1) / count - expected)
            }.max() ?? 0
        return distance * count.squareRoot() < 3.3 && kurtosis > 3 - 5 * (24 / count).squareRoot()
    }
}

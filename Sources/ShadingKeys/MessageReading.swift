import Foundation
import Marks

/// The message that signed weights carry under a key's stream, bit by bit with the chance that each is right.
///
/// A sign of weight w is right with the chance 1/(1 + e^{-2βw}). β is what makes the weights most likely, whatever the message
/// is; the copies of a bit then add up to the logarithm of its odds, 2β Σ wx (soft decision, as Gaussian Shading++ has it,
/// arXiv 2504.15026). Without copies that could contradict each other nothing is known of β, and every bit's chance is ½.
package struct MessageReading {
    /// Majority of each bit.
    package let bits: [UInt8]
    /// The chance that each is right.
    package let chances: [Double]
    /// Natural logarithm of how much likelier the bits that were read are than the key's; 0 where those are the same, or not
    /// known.
    package let oddsAgainstKey: Double
    private let message: [UInt8]?

    package init(_ reading: [Double], _ key: ShadingKey) {
        var votes = [Double](repeating: 0, count: key.geometry.messageLength)
        var absolute: [Double: Double] = [:]
        for ((weight, bit), place) in zip(zip(reading, key.streamBits), key.geometry.places) {
            votes[place] += bit == 0 ? weight : -weight
            absolute[abs(weight), default: 0] += 1
        }
        /// ln Σ over both values of each bit of the product of its signs' chances, up to a constant.
        func logLikelihood(_ slope: Double) -> Double {
            votes.reduce(0) { $0 + Self.logCosh(slope * $1) }
                - absolute.reduce(0) { $0 + $1.value * Self.logCosh(slope * $1.key) }
        }
        let slopes = key.geometry.copyCount == 1 ? [] : (0...60).map { 1e-3 * pow(10, Double($0) / 15) }
        let slope = slopes.max { logLikelihood($0) < logLikelihood($1) } ?? 0
        bits = votes.map { $0 > 0 ? 1 : 0 }
        chances = votes.map { 1 / (1 + exp(-2 * slope * abs($0))) }
        message = key.message
        oddsAgainstKey = zip(votes, key.message ?? []).reduce(0) { sum, pair in
            (pair.0 > 0) == (pair.1 == 1) ? sum : sum + 2 * slope * abs(pair.0)
        }
    }

    /// What `oddsAgainstKey` is at least for a message that is certainly another: a million to one.
    static let certainty = log(1e6)

    private static func logCosh(_ x: Double) -> Double { abs(x) + log1p(exp(-2 * abs(x))) - log(2) }

    /// For people.
    var payload: MarkPayload {
        let bytes = BitText.bytes(bits)
        return MarkPayload(
            hexadecimal: bytes.map { String(format: "%02x", $0) }.joined(), bits: bits.count, text: BitText.text(bytes),
            confidence: exp(chances.reduce(0) { $0 + log($1) }), doubtfulBits: chances.count { $0 < 0.95 },
            isExpected: message.map { $0 == bits })
    }
}

import Foundation
import InputErrors
import Marks
import NullModels
import ShadingKeys
import Statistics
import Tensors

/// Reads marks of one key's code. Two tests share the evidence, both exact over pads: how the parity checks come out, which
/// asks of a mark no more than that it is one, and how well the best codeword agrees that can be found, whose p-value is
/// multiplied by the number of all codewords.
public struct PRCReader: MarkReader {
    let code: PRCCode
    private let whitening: SelfWhitening
    private let parities: ParityTest
    /// What is known of signs that are all known.
    let signs: SignReader
    /// Through the codewords of the key's message where that is known, else of all messages.
    let search: CodewordSearch
    /// Through those of all messages.
    private let anyMessage: CodewordSearch

    /// A reader for one key.
    public init(_ key: PRCKey) {
        code = key.code
        whitening = SelfWhitening(key.latentShape)
        parities = ParityTest(key.code)
        signs = SignReader(key.latentShape)
        anyMessage = CodewordSearch(key.code, message: nil)
        search = key.message.map { CodewordSearch(key.code, message: $0) } ?? anyMessage
    }

    /// Elements of a latent.
    public var dimension: Int { code.geometry.length }
    /// Of evidence.
    public var statistic: String { "share of the evidence" }
    /// Numbers are signs.
    public var hasNormalKeys: Bool { false }

    /// The evened latent, element by element, of unit variance.
    public func read(_ noise: Tensor) throws -> [Double] {
        let evened = whitening.whitened(noise)
        guard evened.isFinite else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        let square = evened.elements.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(evened.elements.count)
        guard square > 0 else {
            throw InputError("recovered latent", expected: "something", found: "zeros everywhere", as: .notFinite)
        }
        return evened.elements.map { Double($0) / square.squareRoot() }
    }

    /// ln p by that of a mark that came back whole: 0 for noise on average, 1 for that mark.
    public func agreement(_ reading: [Double], _ numbers: [Double]) -> Double {
        min(1, -logPValue(reading, numbers) / wholeMark)
    }

    /// -ln p of a codeword all of whose signs agree.
    var wholeMark: Double { Double(dimension - search.bits - 1) * log(2) }

    /// The smaller p-value of both tests, times two.
    func logPValue(_ reading: [Double], _ pad: [Double]) -> Double {
        precondition(reading.count == pad.count, "\(reading.count) signs and \(pad.count)")
        let checks = parities.logPValue(reading, pad)
        let codeword = bestCodeword(search, reading, pad)?.logPValue ?? 0
        return min(0, log(2) + min(checks, codeword))
    }

    /// Reversed signs are not looked for: two sides are no more than one.
    public func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double {
        min(0, -agreement * wholeMark)
    }

    /// Of a search: the payload, and ln p times the number of codewords.
    private func bestCodeword(
        _ search: CodewordSearch, _ reading: [Double], _ pad: [Double]
    ) -> (payload: [UInt8], logPValue: Double)? {
        let weights = zip(reading, pad).map { element, sign in
            let weight = max(1, min(Self.largestWeight, Int((abs(element) * Self.weightUnit).rounded())))
            return (element > 0) == (sign > 0) ? weight : -weight
        }
        let test = WeightedSignTest(weights: weights.map(Double.init))
        let price = Double(search.bits) * log(2)
        // Beyond seven deviations and what the price comes to nothing better is found.
        let deviation = weights.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
        let enough = Int((2 * (price + 25)).squareRoot() * deviation)
        let evened = zip(reading, pad).map { $0 * $1 }
        return search.best(evened, weights: weights, enough: enough).map { found in
            (found.payload, min(0, price + test.logPValue(sum: found.sum)))
        }
    }

    /// As `SignWeights` of Gaussian Shading.
    private static let (weightUnit, largestWeight) = (4.0, 15)

    /// The message of the best codeword among all, where that is more likely the mark's than not.
    public func payload(_ reading: [Double], of key: any MarkKey) -> MarkPayload? {
        guard let key = key as? PRCKey, let (message, logPValue) = message(reading, key), logPValue < log(0.5) else {
            return nil
        }
        return payload(message, logPValue, key)
    }

    private func message(_ reading: [Double], _ key: PRCKey) -> (message: [UInt8], logPValue: Double)? {
        bestCodeword(anyMessage, reading, key.numbers).map { found in
            (Array(found.payload.suffix(key.geometry.messageBits)), found.logPValue)
        }
    }

    private func payload(_ message: [UInt8], _ logPValue: Double, _ key: PRCKey) -> MarkPayload {
        let (bytes, confidence) = (BitText.bytes(message), -expm1(logPValue))
        return MarkPayload(
            hexadecimal: BitText.digits(bytes), bits: message.count, text: BitText.text(bytes), confidence: confidence,
            doubtfulBits: confidence < 0.95 ? message.count : 0, isExpected: key.message.map { $0 == message })
    }

    /// That of a codeword that is certainly there, a million to one.
    public func otherMessage(_ reading: [Double], of key: any MarkKey) -> MarkPayload? {
        guard let key = key as? PRCKey, key.message != nil, let (message, logPValue) = message(reading, key),
            logPValue < log(1e-6), message != key.message
        else { return nil }
        return payload(message, logPValue, key)
    }
}

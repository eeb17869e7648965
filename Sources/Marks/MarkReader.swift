import Foundation
import Registration
import Statistics
import Tensors

/// Reads marks of one family of keys out of recovered noise. A reading knows nothing of any key, so that many keys share
/// it and the test of each is exact.
public protocol MarkReader: Sendable {
    /// d: the numbers of a reading, and of every key of the family.
    var dimension: Int { get }
    /// What the agreement is, in a word or two: `cosine`.
    var statistic: String { get }
    /// Whether keys of the family are independent normals and their agreement is the cosine, so that seeded normal vectors
    /// are as good as other keys: decoys.
    var hasNormalKeys: Bool { get }

    /// What the noise has where a key's numbers would be, up to one common factor.
    /// - Parameter noise: `[1, C, h, w]`.
    /// - Throws: `InputError` for a NaN, or noise without anything where keys of the family have their numbers.
    func read(_ noise: Tensor) throws -> [Double]

    /// How well a reading agrees with a key's numbers: 1 or nearly that for the mark itself, 0 on average for noise without
    /// it.
    func agreement(_ reading: [Double], _ numbers: [Double]) -> Double

    /// Natural logarithm of the chance that a key that has nothing to do with the image agrees as well: P(A ≥ a), or
    /// P(|A| ≥ |a|) when two-sided.
    /// - Parameters:
    ///   - agreement: of the reading with a key.
    ///   - reading: as `read` gives it.
    ///   - twoSided: whether reversed sign counts too.
    func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double

    /// log₁₀ of the median p-value, one-sided, of a key's own mark that is recovered with noise. A key that stays above the
    /// asked rate there cannot be called absent.
    /// - Parameters:
    ///   - numbers: of a key of the family.
    ///   - signalToNoise: power of the mark over that of the noise, on average over keys; at least 0.
    func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double

    /// The signal-to-noise ratio at which a key's own mark has an agreement in the median; 0 for one that noise alone has.
    /// - Parameters:
    ///   - numbers: of a key of the family.
    ///   - agreement: of noise with the key.
    func signalToNoise(of numbers: [Double], agreement: Double) -> Double

    /// A signal-to-noise ratio that is not optimistic for marks of the family, for models whose own was not measured.
    /// - Parameter diffusionSteps: of the way back; 0 where the clean latent is read.
    func assumedSignalToNoise(diffusionSteps: Int) -> Double

    /// A search for keys of the family in moved pictures; nil where their numbers are too few to pay for one.
    /// - Parameter extent: how far; not `none`.
    func makeSearch(_ extent: SearchExtent) -> (any MarkSearch)?

    /// What the scheme's own publication would report; nil where it has nothing to say.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - key: of the family.
    func publishedScore(_ noise: Tensor, of key: any MarkKey) -> PublishedScore?

    /// How much noise resembles a key's mark, for keys without an exact p-value: higher for more, on any scale. It is held
    /// against what unmarked images have. Nil where the scheme has no such figure.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - reading: of that noise.
    ///   - key: of the family.
    func resemblance(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> Double?

    /// The message that a mark carries, whether or not it is there; nil for marks without one.
    /// - Parameters:
    ///   - reading: of the noise.
    ///   - key: of the family.
    func payload(_ reading: [Double], of key: any MarkKey) -> MarkPayload?

    /// The message of a mark that is as good as certainly there under the key's own stream and is not the key's message. Then
    /// the match is none: the p-value is a chance over streams and says nothing of what they carry. Nil for everything else.
    /// - Parameters:
    ///   - reading: of the noise.
    ///   - key: of the family.
    func otherMessage(_ reading: [Double], of key: any MarkKey) -> MarkPayload?

    /// What of noise no key of the family has numbers in; nil for a family whose keys use all of it.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - isEvened: whether the noise is evened out by what it shows itself before, as recovered noise should be.
    func free(_ noise: Tensor, isEvened: Bool) -> FreeNoise?

    /// What a person can look at; nil where there is nothing to draw.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - reading: of that noise.
    ///   - key: of the family.
    func picture(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> MarkPicture?
}

/// Keys of normal numbers: agreement is the cosine, and its test the exact one.
extension MarkReader {
    /// ⟨a,κ⟩/‖a‖‖κ‖.
    public func agreement(_ reading: [Double], _ numbers: [Double]) -> Double { cosine(reading, numbers) }

    /// `CosineTest`.
    public func logPValue(agreement: Double, of reading: [Double], twoSided: Bool) -> Double {
        CosineTest.logPValue(cosine: agreement, dimension: reading.count, twoSided: twoSided)
    }

    /// `cosine`.
    public var statistic: String { "cosine" }
    /// They are.
    public var hasNormalKeys: Bool { true }

    /// None.
    public func payload(_ reading: [Double], of key: any MarkKey) -> MarkPayload? { nil }

    /// Nothing.
    public func free(_ noise: Tensor, isEvened: Bool) -> FreeNoise? { nil }

    /// None.
    public func otherMessage(_ reading: [Double], of key: any MarkKey) -> MarkPayload? { nil }

    /// None.
    public func makeSearch(_ extent: SearchExtent) -> (any MarkSearch)? { nil }

    /// None.
    public func publishedScore(_ noise: Tensor, of key: any MarkKey) -> PublishedScore? { nil }

    /// None.
    public func resemblance(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> Double? { nil }

    /// None.
    public func picture(_ noise: Tensor, reading: [Double], of key: any MarkKey) -> MarkPicture? { nil }
}

/// ⟨a,b⟩/‖a‖‖b‖ of vectors of one length.
public func cosine(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "a cosine of \(a.count) and \(b.count) numbers")
    var (product, first, second) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
        product += x * y
        first += x * x
        second += y * y
    }
    return product / (first * second).squareRoot()
}

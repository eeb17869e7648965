import InputErrors
import NullModels
import Tensors

/// Signed whole weights of a recovered latent's elements: the sign of each, and how sure it is. The latent is evened out by
/// what it shows itself before (`SelfWhitening`); no key takes part.
struct SignWeights: Sendable {
    /// The largest weight.
    static let largest = 15
    /// Weights for one standard deviation.
    static let unit = 4.0

    private let whitening: SelfWhitening

    init(_ latentShape: LatentShape) { whitening = SelfWhitening(latentShape) }

    /// sign(z) · max(1, min(15, round(4|z|/σ))), -1 for 0.
    /// - Parameter noise: `[1, C, h, w]`.
    /// - Throws: `InputError` for a NaN or zeros everywhere.
    func reading(_ noise: Tensor) throws -> [Double] {
        let evened = whitening.whitened(noise)
        guard evened.isFinite else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        let square = evened.elements.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(evened.elements.count)
        guard square > 0 else {
            throw InputError("recovered latent", expected: "something", found: "zeros everywhere", as: .notFinite)
        }
        let scale = Self.unit / square.squareRoot()
        return evened.elements.map { element in
            let weight = max(1, min(Double(Self.largest), (abs(Double(element)) * scale).rounded()))
            return element > 0 ? weight : -weight
        }
    }
}

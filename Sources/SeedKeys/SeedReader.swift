import Foundation
import InputErrors
import Marks
import NullModels
import Statistics
import Tensors

/// Reads whole latents: κ is the noise, a the recovered latent, evened out by what it shows itself (`SelfWhitening`).
public struct SeedReader: MarkReader {
    private let latentShape: LatentShape
    private let whitening: SelfWhitening

    /// A reader for latents of one shape.
    public init(_ latentShape: LatentShape) {
        self.latentShape = latentShape
        whitening = SelfWhitening(latentShape)
    }

    /// Elements of a latent.
    public var dimension: Int { latentShape.count }

    /// The evened latent, element by element.
    public func read(_ noise: Tensor) throws -> [Double] {
        let reading = whitening.whitened(noise).elements.map(Double.init)
        guard reading.allSatisfy(\.isFinite) else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        guard reading.contains(where: { $0 != 0 }) else {
            throw InputError("recovered latent", expected: "something", found: "zeros everywhere", as: .notFinite)
        }
        return reading
    }

    /// Of noise κ recovered as κ + ε with ε of power 1/SNR: the cosine is √(SNR / (1 + SNR)) and hardly varies over so many
    /// numbers.
    public func log10MedianPValue(of numbers: [Double], signalToNoise: Double) -> Double {
        precondition(signalToNoise >= 0, "a signal-to-noise ratio of \(signalToNoise)")
        let cosine = (signalToNoise / (1 + signalToNoise)).squareRoot()
        return CosineTest.logPValue(cosine: cosine, dimension: dimension) / log(10)
    }

    /// c² / (1 - c²).
    public func signalToNoise(of numbers: [Double], agreement: Double) -> Double {
        guard agreement > 0 else { return 0 }
        let square = min(agreement * agreement, 1 - 1e-4)
        return square / (1 - square)
    }

    /// Half of what sixteen marked images of the sample model have at least as JPEG of quality 50 (docs/schemes/seed.md).
    public func assumedSignalToNoise(diffusionSteps: Int) -> Double { diffusionSteps == 0 ? 0.06 : 0.07 }
}

import Foundation
import InputErrors
import LinearAlgebra
import Marks
import NullModels
import RandomNumbers
import Spectra
import Tensors

/// Reads the numbers of all keys of one geometry out of recovered noise.
///
/// With F the spectrum and W the geometry's map (`SpectralMap`), S = WᵀF/√N measures every number of a key, with the energy
/// and noise covariance G = WᵀW. The reading a = (G + λI)⁻¹ S is the mean of the numbers given S at a signal-to-noise ratio
/// of 1/λ: it weighs what was measured well, and knows nothing of any key, so that `CosineTest` is exact. For `spread` keys
/// the noise is evened out by what it shows itself before (`SelfWhitening`).
public final class RingReader: MarkReader {
    /// λ, best at a signal-to-noise ratio of a quarter. The plain ring means, λ = 0, lose 0.8 decades of a one-channel
    /// key's median p-value there and this loses 0.4 where the ratio is 1 and p is small anyway (docs/key-format.md).
    static let shrinkage = 4.0

    /// Where the keys' numbers lie.
    public let geometry: KeyGeometry
    let map: SpectralMap
    private let gram: SymmetricMatrix
    /// L·Lᵀ = G + λI.
    private let weighting: CholeskyFactor
    /// L·Lᵀ = G, the covariance of S of white noise.
    private let noiseFactor: CholeskyFactor
    let transform: PlaneTransform
    /// Of `spread` keys. A ring's power is the key's own, so that the spectrum must stay as it is.
    let selfWhitening: SelfWhitening?

    /// Plans the transform and factors the weights: some milliseconds, once for all keys and images.
    public init(_ geometry: KeyGeometry) {
        self.geometry = geometry
        map = SpectralMap(geometry)
        gram = map.gram()
        weighting = gram.choleskyFactor(shift: Self.shrinkage)
        noiseFactor = gram.choleskyFactor()
        transform = PlaneTransform(height: geometry.latentShape.height, width: geometry.latentShape.width)
        selfWhitening = geometry.pattern == .spread ? SelfWhitening(geometry.latentShape) : nil
    }

    /// Independent numbers of a key.
    public var dimension: Int { map.count * geometry.channels.count }

    /// a: what the latent has where a key's numbers would be, by channel, up to one common factor.
    /// - Parameter noise: `[1, C, h, w]`.
    /// - Throws: `InputError` for a NaN, or a latent without anything at the key's frequencies.
    public func read(_ noise: Tensor) throws -> [Double] {
        let evened = selfWhitening?.whitened(noise) ?? noise
        let reading = spectra(of: evened).flatMap { weighting.solve(map.matched($0)) }
        guard reading.allSatisfy(\.isFinite) else {
            throw InputError("recovered latent", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        guard reading.contains(where: { $0 != 0 }) else {
            throw InputError(
                "recovered latent", expected: "something at the key's frequencies", found: "zeros everywhere",
                as: .notFinite)
        }
        return reading
    }

    /// κ̂ = G⁻¹S from a reading: each number as it was measured, without the weights, on the scale of a key's own
    /// numbers. For plots only; the test uses the weighted reading.
    public func estimates(_ reading: [Double]) -> [Double] {
        // (G + λI) a = S in each channel. The shift keeps finite what marking left without energy.
        let factor = gram.choleskyFactor(shift: 1e-6)
        return stride(from: 0, to: reading.count, by: map.count).flatMap { start in
            let own = Array(reading[start..<start + map.count])
            return factor.solve(zip(gram.applied(to: own), own).map { $0 + Self.shrinkage * $1 })
        }
    }

    /// a of a latent that is a key's mark and nothing else.
    func reading(ofMark numbers: [Double]) -> [Double] {
        stride(from: 0, to: numbers.count, by: map.count).flatMap { start in
            weighting.solve(gram.applied(to: Array(numbers[start..<start + map.count])))
        }
    }

    /// a of white noise of unit variance.
    func reading(ofWhiteNoise normals: inout NormalStream) -> [Double] {
        var reading: [Double] = []
        for _ in geometry.channels { reading += weighting.solve(noiseFactor.applied(to: normals.next(map.count))) }
        return reading
    }

    /// |k| of each number, one channel's part.
    public var magnitudes: [Double] { map.magnitudes }

    /// One transformed plane for each keyed channel.
    func spectra(of latent: Tensor) -> [ComplexPlane] {
        let shape = geometry.latentShape
        precondition(latent.shape == shape.tensorShape(), "keys for \(shape) on a latent of \(latent.shape)")
        return transform.spectra(of: latent, channels: geometry.channels)
    }

    /// The coefficients that marking with a key of this geometry puts into the spectrum.
    func target(of key: RingKey) -> [RingKey.TargetCoefficient] { key.targetSpectrum(map) }
}

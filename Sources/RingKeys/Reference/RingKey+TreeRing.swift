import Foundation
import InputErrors
import KeyDocuments
import Spectra
import Tensors

extension RingKey {
    /// Makes a key as the Tree-Ring reference makes one (Wen et al. 2023, §3.3): from the unnormalised spectrum F of a
    /// Gaussian latent, DC in the middle,
    ///
    ///     rand    K(k) = F(k)
    ///     ring    K(k) = F[row 0, column r] for the smallest circle r ≥ 1 that has k
    ///     zeros   K(k) = 0
    ///     const   K(k) = `constant`
    ///
    /// inside the mask of `ReferenceMask`, each channel from its own plane.
    /// - Parameters:
    ///   - pattern: one of the reference's.
    ///   - noise: `[1, C, h, w]`, standard normal; its shape is the key's latent shape.
    ///   - channel: -1 for all channels, as the reference has it.
    ///   - radius: in rows of the spectrum.
    ///   - constant: the value of `const`; the reference's default is 0.
    ///   - name: for people.
    ///   - created: when the key was made.
    ///   - seedBits: of the seed that the noise was drawn from; nil where there was none.
    /// - Throws: `InputError` for a NaN, a native pattern, and a radius or channel that the latent does not have.
    public init(
        treeRing pattern: KeyGeometry.Pattern, noise: Tensor, channel: Int, radius: Int, constant: Double = 0,
        name: String, created: Date = Date(), seedBits: Int? = nil
    ) throws {
        guard !pattern.isNative else {
            throw InputError(
                name, expected: "a pattern of the Tree-Ring reference", found: pattern.rawValue, as: .keyMismatch)
        }
        guard noise.shape.count == 4, noise.batch == 1 else {
            throw InputError(
                name, expected: "noise of the shape [1, C, h, w]", found: "\(noise.shape)", as: .wrongShape)
        }
        guard noise.isFinite, constant.isFinite else {
            throw InputError(name, expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        let shape = LatentShape(channels: noise.shape[1], height: noise.shape[2], width: noise.shape[3])
        let geometry = try KeyGeometry(
            pattern: pattern, radius: Double(radius),
            channels: channel == -1 ? Array(0..<shape.channels) : [channel], latentShape: shape, phaseOrigin: .corner,
            subject: name)
        let grid = FrequencyGrid(shape)
        let cells = ReferenceMask(geometry).rings
        let transform = PlaneTransform(height: shape.height, width: shape.width)
        let values = transform.spectra(of: noise, channels: geometry.channels).flatMap { plane in
            cells.map { index, ring -> ReferenceValue in
                switch pattern {
                case .treeRingRing:
                    let value = plane[grid.index(shiftedRow: 0, column: ring)]
                    return ReferenceValue(real: value.real, imaginary: value.imaginary)
                case .treeRingConst: return ReferenceValue(real: Float(constant), imaginary: 0)
                case .treeRingZeros: return ReferenceValue(real: 0, imaginary: 0)
                case .treeRingRand, .ring, .spread:
                    let value = plane[index]
                    return ReferenceValue(real: value.real, imaginary: value.imaginary)
                }
            }
        }
        self.init(
            name: name, created: KeyDocument.time(created), geometry: geometry,
            material: .values(values), seedBits: seedBits)
    }

    /// Why the key has no exact p-value; nil where it has one.
    public var reasonWithoutExactPValue: String? {
        switch geometry.pattern {
        case .treeRingZeros: "`zeros` keys are all the same, not drawn at random"
        case .treeRingConst: "a `const` key is not drawn at random"
        case .treeRingRing where areHandWrittenRings:
            "its rings have no imaginary part: they were written by hand, not drawn at random"
        case .treeRingRing, .treeRingRand:
            DrawnNumbers(numbers: numbers, magnitudes: geometry.channels.flatMap { _ in magnitudes }).objection.map {
                "its numbers \($0): they were not drawn at random"
            }
        case .ring, .spread: nil
        }
    }

    /// |k| of each number, one channel's part.
    private var magnitudes: [Double] { SpectralMap(geometry).magnitudes }
}

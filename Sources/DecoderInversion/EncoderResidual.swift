import FixedPoints
import InputErrors
import Models
import Tensors

/// T(z) = E(D(z)) - E(x) for a batch of images x (Hong et al. 2024, eq. 3).
public struct EncoderResidual: ResidualOperator, Sendable {
    /// E and D.
    public let autoencoder: any Autoencoder
    /// E(x) of each image, `[1, C, h, w]`.
    public let targets: [Tensor]
    /// The iteration starts at E(x).
    public var starts: [Tensor] { targets }
    /// ‖E(x)‖ of each image, that residuals are relative to; 1 where E(x) is zero.
    public let scales: [Double]

    /// T for the images with these latents.
    /// - Parameters:
    ///   - autoencoder: E and D.
    ///   - encoded: E(x), `[B, C, h, w]`.
    /// - Throws: `InputError` where E(x) has NaN or infinite elements: there is nothing to fall back to.
    public init(autoencoder: any Autoencoder, encoded: Tensor) throws {
        self.autoencoder = autoencoder
        targets = (0..<encoded.batch).map { encoded.item($0) }
        for (index, target) in targets.enumerated() where !target.isFinite {
            throw InputError(
                "encoder", expected: "finite numbers in the latent of image \(index + 1)", found: "NaN or infinity",
                as: .notFinite)
        }
        scales = targets.map { $0.squaredNorm > 0 ? $0.squaredNorm.squareRoot() : 1 }
    }

    /// T at one point of each of some images, by one decoding and one encoding of the batch.
    /// - Parameters:
    ///   - points: `[1, C, h, w]` each.
    ///   - items: positions in `targets` of the images that the points belong to.
    /// - Returns: T of each point, `[1, C, h, w]`.
    /// - Throws: what the autoencoder throws.
    public func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
        let returned = try autoencoder.encode(autoencoder.decode(.concatenating(points)))
        precondition(returned.batch == items.count, "\(returned.batch) latents for \(items.count) images")
        return items.enumerated().map { position, item in returned.item(position) - targets[item] }
    }
}

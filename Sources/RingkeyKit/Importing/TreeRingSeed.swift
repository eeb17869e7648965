import Foundation
import RandomNumbers
import RingKeys
import SeedKeys
import Tensors

/// Keys of the Tree-Ring package as its users have them: `w_seed`, pattern, channel and radius.
///
/// The package calls `set_random_seed(w_seed)` and draws the noise that the pattern is cut from with the pipeline's device
/// and precision. That function seeds the processor with the seed and, last, every GPU with four more.
public struct TreeRingSeed: Sendable {
    /// `w_seed`.
    public var seed: UInt64
    /// Where the pipeline ran.
    public var device: TorchNumbers.Device
    /// The pipeline's precision: the package's scripts use half.
    public var precision: TorchNumbers.Precision
    /// Of the model.
    public var latentShape: LatentShape
    /// `w_pattern`.
    public var pattern: KeyGeometry.Pattern
    /// `w_channel`; -1 for all.
    public var channel: Int
    /// `w_radius`.
    public var radius: Int
    /// `w_pattern_const`.
    public var constant = 0.0

    /// A key's description.
    public init(
        seed: UInt64, device: TorchNumbers.Device, precision: TorchNumbers.Precision, latentShape: LatentShape,
        pattern: KeyGeometry.Pattern, channel: Int, radius: Int, constant: Double = 0
    ) {
        self.seed = seed
        self.device = device
        self.precision = precision
        self.latentShape = latentShape
        self.pattern = pattern
        self.channel = channel
        self.radius = radius
        self.constant = constant
    }

    /// The key. The package transforms the noise in its own precision, this in single: on a GPU in half precision its values
    /// differ by about one in a thousand.
    /// - Parameter name: for people.
    /// - Throws: `InputError` for a radius or channel that the latent does not have.
    public func key(name: String) throws -> RingKey {
        let drawn = device == .cpu ? seed : seed &+ 4
        let source = SeedNoise(seed: drawn, device: device, precision: precision, latentShape: latentShape)
        return try RingKey(
            treeRing: pattern, noise: source.noise, channel: channel, radius: radius, constant: constant, name: name,
            seedBits: source.seedBits)
    }
}

import RandomNumbers
import Tensors

/// The initial noise that PyTorch draws for a seed: what a pipeline starts from that was given no mark.
public struct SeedNoise: Sendable, Equatable {
    /// As `torch.manual_seed` takes it.
    public let seed: UInt64
    /// Whose generator drew.
    public let device: TorchNumbers.Device
    /// In which precision.
    public let precision: TorchNumbers.Precision
    /// Of the noise.
    public let latentShape: LatentShape

    /// The noise of a seed.
    public init(
        seed: UInt64, device: TorchNumbers.Device, precision: TorchNumbers.Precision, latentShape: LatentShape
    ) {
        self.seed = seed
        self.device = device
        self.precision = precision
        self.latentShape = latentShape
    }

    /// The noise, `[1, C, h, w]`.
    public var noise: Tensor {
        Tensor(
            TorchNumbers.normals(latentShape.count, seed: seed, device: device, precision: precision),
            shape: latentShape.tensorShape())
    }

    /// The length of seeds like this one, 32 or 64: whoever tries all of them finds this one.
    public var seedBits: Int { Self.seedBits(seed, device: device) }

    /// The length of seeds like one. A processor's generator takes the lower 32 bits of any.
    /// - Parameters:
    ///   - seed: as PyTorch takes it.
    ///   - device: whose generator drew.
    public static func seedBits(_ seed: UInt64, device: TorchNumbers.Device) -> Int {
        device == .cpu || seed <= UInt64(UInt32.max) ? 32 : 64
    }

    /// The text that binds a seed to its generator (docs/schemes/seed.md).
    var canonicalText: String {
        let device =
            switch device {
            case .cpu: "cpu"
            case .cuda(let threads): "cuda threads=\(threads)"
            }
        return "seed device=\(device) dtype=\(precision.rawValue) latent=\(latentShape)"
    }
}

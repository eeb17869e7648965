import Tensors

/// How an autoencoder's latents z are brought to the scale of the diffusion model, channel by channel:
/// scale·(z - shift); and back, z/scale + shift.
public struct LatentScaling: Sendable, Equatable {
    /// `scaling_factor` of the configuration: the scale, where no channel has its own deviation.
    public let factor: Double
    /// `shift_factor` of the configuration: the shift, where no channel has its own mean.
    public let shift: Double
    /// Scale and shift of each channel; empty where all have `factor` and `shift`.
    private let channels: [Channel]

    private struct Channel: Equatable {
        let scale: Double
        let shift: Double
    }

    /// The same for all channels.
    /// - Parameters:
    ///   - factor: not 0.
    ///   - shift: subtracted from latents before they are scaled.
    public init(factor: Double, shift: Double = 0) {
        precondition(factor != 0, "a scaling factor of \(factor)")
        self.factor = factor
        self.shift = shift
        channels = []
    }

    /// (z - mean)·factor/deviation, as diffusers' pipelines of Stable Diffusion XL have it for `latents_mean` and
    /// `latents_std`.
    /// - Parameters:
    ///   - factor: not 0.
    ///   - means: one a channel.
    ///   - deviations: one a channel, none of them 0.
    public init(factor: Double, means: [Double], deviations: [Double]) {
        precondition(
            factor != 0 && means.count == deviations.count && !deviations.contains(0),
            "a scaling factor of \(factor), \(means.count) means, deviations \(deviations)")
        self.factor = factor
        shift = 0
        channels = zip(means, deviations).map { Channel(scale: factor / $1, shift: $0) }
    }

    /// Latents of the diffusion model.
    /// - Parameters:
    ///   - latents: `[B, n, h, w]` of the autoencoder.
    ///   - count: of the channels that are kept, the first ones; nil for all.
    public func scaled(_ latents: Tensor, channels count: Int? = nil) -> Tensor {
        map(latents, channels: count ?? latents.shape[1]) { $1.scale * ($0 - $1.shift) }
    }

    /// Latents of the autoencoder.
    /// - Parameter latents: `[B, C, h, w]` of the diffusion model.
    public func unscaled(_ latents: Tensor) -> Tensor {
        map(latents, channels: latents.shape[1]) { $0 / $1.scale + $1.shift }
    }

    private func map(_ latents: Tensor, channels count: Int, _ change: (Double, Channel) -> Double) -> Tensor {
        precondition(
            latents.shape.count == 4 && latents.shape[1] >= count && [0, count].contains(channels.count),
            "\(count) of \(latents.shape) with scales of \(channels.count) channels")
        let all = Channel(scale: factor, shift: shift)
        let plane = latents.shape[2] * latents.shape[3]
        return latents.withUnsafeBufferPointer { source in
            Tensor(shape: [latents.batch, count] + latents.shape[2...]) { target in
                for item in 0..<latents.batch {
                    for index in 0..<count {
                        let channel = channels.isEmpty ? all : channels[index]
                        let from = (item * latents.shape[1] + index) * plane
                        let to = (item * count + index) * plane
                        for i in 0..<plane {
                            let value = change(Double(source[from + i]), channel)
                            target.initializeElement(at: to + i, to: Float(value))
                        }
                    }
                }
            }
        }
    }
}

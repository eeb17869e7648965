import InputErrors
import ModelFolders
import Models
import Tensors

/// The autoencoder of a model folder. Encoder and decoder are loaded each at its first use.
///
/// The encoder's output may be the moments (`latent_parameters`, 2C channels: the first C, the means, are the mode) or a
/// latent (`latent_sample`, C channels), as older exports have it; one that draws a sample inside the graph gives another
/// encoding at each call (`ModelSummary` says so).
public final class OnnxAutoencoder: Autoencoder {
    /// Height and width in pixels of the images that the model was trained on; others are encoded too.
    public let imageSize: (height: Int, width: Int)
    /// The shape of those images' latents.
    public let latentShape: LatentShape
    /// From the encoder's latents to those of the diffusion model.
    public let scaling: LatentScaling

    private let scale: Int
    private let encoder: OpenGraphs<Session>
    private let decoder: OpenGraphs<Session>

    /// An autoencoder over graphs that are opened when they are needed.
    /// - Parameters:
    ///   - scale: pixels along one side of a latent element.
    ///   - encoder: for sizes of images.
    ///   - decoder: for sizes of latents.
    package init(
        latentShape: LatentShape, scale: Int, scaling: LatentScaling,
        encoder: GraphSource, decoder: GraphSource
    ) {
        self.latentShape = latentShape
        self.scale = scale
        imageSize = (latentShape.height * scale, latentShape.width * scale)
        self.scaling = scaling
        let channels = latentShape.channels
        self.encoder = OpenGraphs(encoder) { session in
            try session.require(try session.onlyInput("image"), [nil, 3, nil, nil], "images")
            let output = session.outputs[try session.output(named: Self.encoderOutputs)]
            if output.extent(1) != channels {
                try session.require(output, [nil, 2 * channels, nil, nil], "latents or their moments,")
            }
            return session
        }
        self.decoder = OpenGraphs(decoder) { session in
            try session.require(try session.onlyInput("latent"), [nil, channels, nil, nil], "latents")
            let output = session.outputs[try session.output(named: Self.decoderOutputs)]
            try session.require(output, [nil, 3, nil, nil], "images")
            return session
        }
    }

    private static let encoderOutputs = ["latent_parameters", "latent_sample", "latent_dist", "moments"]
    private static let decoderOutputs = ["sample", "image", "images"]

    /// Loads the encoder unless it is there. One in int8 is loaded with its first images, whose size it needs.
    public func loadEncoder() throws { try encoder.load() }

    /// Loads the decoder unless it is there. One in int8 is loaded with its first latents, whose size it needs.
    public func loadDecoder() throws { try decoder.load() }

    /// The mode of the encoder's distribution, scaled.
    /// - Parameter images: `[B, 3, H, W]`, H and W multiples of the autoencoder's scale.
    public func encode(_ images: Tensor) throws -> Tensor {
        precondition(images.shape.count == 4, "images have four axes, not the shape \(images.shape)")
        let (height, width) = (images.shape[2], images.shape[3])
        guard height % scale == 0, width % scale == 0, height > 0, width > 0 else {
            throw InputError(
                "image", expected: "height and width in multiples of \(scale)", found: "\(height)x\(width)",
                as: .wrongShape)
        }
        let size = ImageSize(height: height, width: width)
        let session = try encoder(size)
        let index = try session.output(named: Self.encoderOutputs)
        let channels = latentShape.channels
        return try session.inBatches([images], of: session.inputs[0], most: encoder.most(size)) { group in
            let shape = session.outputs[index].extent(1).map {
                [group[0].batch, $0, height / scale, width / scale]
            }
            let output = try session.run(group, output: index, shape: shape)
            guard output.shape.count == 4, [channels, 2 * channels].contains(output.shape[1]) else {
                throw InputError(
                    session.path, expected: "latents of \(channels) or moments of \(2 * channels) channels",
                    found: "shape \(output.shape)", as: .modelGraph)
            }
            return scaling.scaled(output, channels: channels)
        }
    }

    /// Images of latents, which are brought back to the autoencoder's scale.
    public func decode(_ latents: Tensor) throws -> Tensor {
        precondition(latents.shape.count == 4, "latents have four axes, not the shape \(latents.shape)")
        let size = ImageSize(height: latents.shape[2], width: latents.shape[3])
        let session = try decoder(size)
        let unscaled = scaling.unscaled(latents)
        let index = try session.output(named: Self.decoderOutputs)
        return try session.inBatches([unscaled], of: session.inputs[0], most: decoder.most(size)) { group in
            try session.run(
                group, output: index, shape: [group[0].batch, 3, size.height * scale, size.width * scale])
        }
    }
}

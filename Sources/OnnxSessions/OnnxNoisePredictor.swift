import InputErrors
import ModelFolders
import Models
import NoiseSchedules
import Tensors

/// The UNet of a model folder, loaded at its first use.
///
/// Inputs are found by the names that exporters have given them; the timestep may be of any number type, a scalar, of one
/// element, or one an item.
public final class OnnxNoisePredictor: NoisePredictor {
    /// What the UNet was trained to return, from the scheduler's configuration.
    public let predictionType: PredictionType
    /// The shape of the latents that the UNet was trained on; other heights and widths run too.
    public let latentShape: LatentShape
    /// Whether the graph is told the scale of guidance.
    public let embedsGuidance: Bool

    private let imageScale: Int
    private let latentMultiple: Int
    private let network: OpenGraphs<Network>

    /// The loaded graph and what its inputs are for.
    private struct Network: Sendable {
        let session: Session
        let roles: [Role]
        let sample: TensorPort
        let output: Int
    }

    private enum Role: Sendable { case sample, timestep, conditioning, pooled, sizes, guidance }

    private static let names: [String: Role] = [
        "sample": .sample, "latent_sample": .sample, "latent_model_input": .sample, "latents": .sample, "x": .sample,
        "timestep": .timestep, "timesteps": .timestep, "t": .timestep,
        "encoder_hidden_states": .conditioning, "text_embeddings": .conditioning, "prompt_embeds": .conditioning,
        "context": .conditioning,
        "text_embeds": .pooled, "pooled_projections": .pooled,
        "time_ids": .sizes,
        "guidance": .guidance,
    ]
    private static let required: Set<Role> = [.sample, .timestep, .conditioning]
    private static let outputs = ["out_sample", "noise_pred", "sample", "output"]

    /// A predictor over a graph that is opened when it is needed.
    /// - Parameters:
    ///   - conditioningWidth: of a token's hidden state.
    ///   - imageScale: pixels along one side of a latent element, for networks that are told more than latents, timestep and
    ///     hidden states; nil where that is all they may take.
    ///   - latentMultiple: what height and width of latents must be multiples of.
    ///   - embedsGuidance: whether the graph is told the scale of guidance.
    ///   - source: for sizes of latents.
    package init(
        predictionType: PredictionType, latentShape: LatentShape, conditioningWidth: Int, imageScale: Int? = nil,
        embedsGuidance: Bool = false, latentMultiple: Int = 1, source: GraphSource
    ) {
        self.predictionType = predictionType
        self.latentShape = latentShape
        self.imageScale = imageScale ?? 1
        self.embedsGuidance = embedsGuidance
        self.latentMultiple = latentMultiple
        network = OpenGraphs(source) {
            try Self.network(
                $0, latentShape: latentShape, conditioningWidth: conditioningWidth, takesMore: imageScale != nil)
        }
    }

    /// Loads the graph unless it is there. One in int8 is loaded with its first latents, whose size it needs.
    public func load() throws { try network.load() }

    /// The graph's output. The batch is run at once where the graph allows it.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - timestep: a whole number where the graph takes whole numbers.
    ///   - conditioning: one for each latent, or one for all; required.
    public func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor {
        precondition(latents.shape.count == 4, "latents have four axes, not the shape \(latents.shape)")
        let size = ImageSize(height: latents.shape[2], width: latents.shape[3])
        guard size.height % latentMultiple == 0, size.width % latentMultiple == 0 else {
            throw InputError(
                "latents",
                expected: "height and width in multiples of \(latentMultiple), as the model's network takes them",
                found: "\(size)", as: .wrongShape)
        }
        let most = self.network.most(size)
        let network = try network(size)
        let session = network.session
        guard let conditioning else { preconditionFailure("\(session.path) is conditioned on text: nil is not one") }
        let perItem = conditioning.spread(over: latents.batch)
        let pooled = network.roles.contains(.pooled) ? try Self.require(perItem.pooled, session) : nil
        let feeds = [latents, perItem.tokens] + [pooled].compactMap(\.self)
        return try session.inBatches(feeds, of: network.sample, most: most) { group in
            let feeds = try zip(session.inputs, network.roles).map { port, role in
                switch role {
                case .sample: group[0]
                case .conditioning: group[1]
                case .pooled: group[2]
                case .sizes: sizes(of: group[0])
                case .timestep: try Self.feed(timestep, to: port, of: network, batch: group[0].batch)
                case .guidance: try Self.feed(conditioning.guidance, to: port, of: network, batch: group[0].batch)
                }
            }
            return try session.run(feeds, output: network.output, shape: group[0].shape)
        }
    }

    /// SDXL's micro-conditioning (Podell et al. 2023) for images that were neither cropped nor resized: height and width,
    /// top and left, height and width, in pixels.
    private func sizes(of latents: Tensor) -> Tensor {
        let (height, width) = (Float(latents.shape[2] * imageScale), Float(latents.shape[3] * imageScale))
        let own: [Float] = [height, width, 0, 0, height, width]
        return Tensor((0..<latents.batch).flatMap { _ in own }, shape: [latents.batch, own.count])
    }

    private static func require(_ pooled: Tensor?, _ session: Session) throws -> Tensor {
        guard let pooled else {
            throw InputError(
                session.path, expected: "a text encoder that gives one vector for a whole prompt", found: "one without",
                as: .modelPart)
        }
        return pooled
    }

    /// A number for the whole batch: the timestep or the scale of guidance.
    private static func feed(
        _ number: Double, to port: TensorPort, of network: Network, batch: Int
    ) throws -> Tensor {
        guard !port.type.isInteger || number == number.rounded() else {
            throw InputError(
                "\(network.session.path): \(port.name)",
                expected: "a whole number for \(port.type)",
                found: "\(number)", as: .modelGraph)
        }
        switch port.shape.first {
        case nil: return Tensor([Float(number)], shape: [])
        case .fixed(let count): return Tensor([Float](repeating: Float(number), count: count), shape: [count])
        case .dynamic(let name):
            // One number an item only where the axis bears the name of the latents' batch.
            let isBatch = !name.isEmpty && network.sample.shape.first == .dynamic(name)
            let count = isBatch ? batch : 1
            return Tensor([Float](repeating: Float(number), count: count), shape: [count])
        }
    }

    private static func network(
        _ session: Session, latentShape: LatentShape, conditioningWidth: Int, takesMore: Bool
    ) throws -> Network {
        let path = session.path
        let roles = session.inputs.compactMap { names[$0.name] }
        guard roles.count == session.inputs.count, Set(roles).count == roles.count, required.isSubset(of: roles),
            takesMore || roles.count == required.count,
            let sample = roles.firstIndex(of: .sample), let timestep = roles.firstIndex(of: .timestep),
            let conditioning = roles.firstIndex(of: .conditioning)
        else {
            throw InputError(
                path, expected: "the inputs sample, timestep and encoder_hidden_states",
                found: session.inputs.map(\.name).joined(separator: ", "), as: .modelGraph)
        }
        let channels = latentShape.channels
        try session.require(session.inputs[sample], [nil, channels, nil, nil], "latents")
        try session.require(session.inputs[conditioning], [nil, nil, conditioningWidth], "conditioning")
        for number in [timestep, roles.firstIndex(of: .guidance)].compactMap(\.self)
        where session.inputs[number].shape.count > 1 {
            throw InputError(
                "\(path): \(session.inputs[number].name)", expected: "a scalar or one axis",
                found: "\(session.inputs[number])", as: .modelGraph)
        }
        let output = try session.output(named: outputs)
        try session.require(session.outputs[output], [nil, channels, nil, nil], "latents")
        return Network(session: session, roles: roles, sample: session.inputs[sample], output: output)
    }
}

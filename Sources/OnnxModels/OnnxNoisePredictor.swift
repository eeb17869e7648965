import Diffusion
import Tensors

/// The UNet's graph.
struct OnnxNoisePredictor: NoisePredictor {
    let model: OnnxModel

    var predictionType: PredictionType { model.folder.scheduler.predictionType }
    var latentShape: LatentShape { model.folder.latentShape }

    func predict(_ latents: Tensor, timestep: Double, conditioning: Tensor?) throws -> Tensor {
        let session = try model.session(.unet)
        let sample = try port(["sample", "latent_model_input", "latent_sample"], session)
        let time = try port(["timestep", "t", "timesteps"], session)
        let output = try Session.port(
            ["out_sample", "noise_pred", "sample"], among: session.outputs, path: session.path, kind: "output")
        var text: Session.Port?
        if conditioning != nil { text = try port(["encoder_hidden_states", "prompt_embeds"], session) }
        func run(_ latents: Tensor, _ conditioning: Tensor?) throws -> Tensor {
            // A scalar has rank 0; a vector is [1] where its extent is fixed at 1, else one number an item.
            let timesteps = time.shape.isEmpty || time.shape == [1] ? 1 : latents.batch
            var feeds: [(port: Session.Port, feed: Session.Feed)] = [
                (sample, .floats(latents)),
                (
                    time,
                    .integers(
                        [Int64](repeating: Int64(timestep), count: timesteps),
                        shape: time.shape.isEmpty ? [] : [timesteps])
                ),
            ]
            if let text, let conditioning { feeds.append((text, .floats(conditioning))) }
            return try session.run(feeds, output: output, shape: latents.shape)
        }
        guard sample.shape.first == 1, latents.batch > 1 else { return try run(latents, conditioning) }
        return .concatenating(
            try (0..<latents.batch).map { try run(latents.item($0), conditioning?.item($0)) })
    }

    private func port(_ names: [String], _ session: Session) throws -> Session.Port {
        try Session.port(names, among: session.inputs, path: session.path, kind: "input")
    }
}

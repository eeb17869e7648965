import InputErrors
import NoiseSchedules
import Tensors

/// A latent diffusion model as a `ModelBackend` opens it. Its parts may be loaded at their first use; a part that the
/// model does not have is nil.
public protocol DiffusionModel: Sendable {
    /// Its name: the last component of its path.
    var name: String { get }
    /// Where it was opened.
    var path: String { get }
    /// The shape of the latents that it was trained on.
    var latentShape: LatentShape { get }
    /// Height and width in pixels of the images that it was trained on.
    var imageSize: (height: Int, width: Int) { get }

    /// int8 where a network of it computes in 8-bit integers; never `auto`. float32 unless given.
    var precision: Precision { get }

    /// E and D.
    var autoencoder: (any Autoencoder)? { get }
    /// The network that predicts noise.
    var noisePredictor: (any NoisePredictor)? { get }
    /// From prompts to conditioning.
    var textEncoder: (any TextEncoder)? { get }

    /// The noise schedule that it was trained on, and the sampler that it names.
    /// - Throws: `InputError` for one that cannot be followed.
    func scheduler() throws -> SchedulerConfiguration
    /// The SHA-256 that identifies it, hexadecimal. May read all of its files; computed once.
    func digest() throws -> String
    /// Loads parts now, side by side, instead of at their first use. A part that the model does not have is skipped.
    func load(_ parts: [ModelPart]) throws
    /// What is in it, and whether each part loads.
    func summary() throws -> ModelSummary
}

extension DiffusionModel {
    /// float32.
    public var precision: Precision { .float32 }

    /// Name, place and digest.
    public func identity() throws -> ModelIdentity {
        ModelIdentity(
            name: name, path: path, digest: try digest(), precision: precision == .float32 ? nil : precision)
    }
}

extension DiffusionModel {
    /// E and D.
    /// - Throws: `InputError` where the model has none.
    public func requireAutoencoder() throws -> any Autoencoder {
        guard let autoencoder else { throw ModelPart.vaeEncoder.missing }
        return autoencoder
    }

    /// The network that predicts noise.
    /// - Throws: `InputError` where the model has none.
    public func requireNoisePredictor() throws -> any NoisePredictor {
        guard let noisePredictor else { throw ModelPart.unet.missing }
        return noisePredictor
    }

    /// From prompts to conditioning.
    /// - Throws: `InputError` where the model has none.
    public func requireTextEncoder() throws -> any TextEncoder {
        guard let textEncoder else { throw ModelPart.textEncoder.missing }
        return textEncoder
    }
}

extension ModelPart {
    /// The refusal of a model that lacks the part where it is needed.
    public var missing: InputError {
        // Some have a transformer in its place.
        let part = self == .unet ? "one with a network that predicts noise" : "one with the part \(rawValue)"
        return InputError("model", expected: part, found: "one without", as: .modelPart)
    }
}

import InputErrors
import ModelFolders
import NoiseSchedules

/// The parts of a checkpoint, wherever they were found; an autoencoder there is always.
struct CheckpointParts: Sendable {
    /// A text encoder, and how prompts become its token ids.
    struct Text: Sendable {
        let part: CheckpointPart
        let tokens: @Sendable () throws -> PromptTokens
    }

    /// What the checkpoint is called and where it is.
    let path: String
    /// How it lies on disk: `diffusers`.
    let format: String
    /// The class of the pipeline, where it is known.
    let pipeline: String?
    /// The autoencoder.
    let autoencoder: CheckpointPart
    /// The network that predicts noise or velocity.
    let denoiser: CheckpointPart?
    /// The text encoders, in the order in which the pipeline names them.
    let texts: [Text]
    /// The scheduler; nil where the checkpoint has none.
    let scheduler: (@Sendable () throws -> SchedulerConfiguration)?
    /// Files that are hashed beside those of the networks, relative to the path.
    let smallFiles: [String]
    /// What stands for the text encoders where the prompt is empty.
    var emptyPrompt: EmptyPrompt?
}

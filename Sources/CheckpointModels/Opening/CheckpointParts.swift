import InputErrors
import ModelFolders
import NoiseSchedules

/// The parts of a checkpoint, wherever they were found; an autoencoder there is always.
package struct CheckpointParts: Sendable {
    /// A text encoder, and how prompts become its token ids.
    package struct Text: Sendable {
        package let part: CheckpointPart
        package let tokens: @Sendable () throws -> PromptTokens
    }

    /// What the checkpoint is called and where it is.
    package let path: String
    /// How it lies on disk: `diffusers`.
    package let format: String
    /// The class of the pipeline, where it is known.
    package let pipeline: String?
    /// The autoencoder.
    package let autoencoder: CheckpointPart
    /// The network that predicts noise or velocity.
    package let denoiser: CheckpointPart?
    /// The text encoders, in the order in which the pipeline names them.
    package let texts: [Text]
    /// The scheduler; nil where the checkpoint has none.
    package let scheduler: (@Sendable () throws -> SchedulerConfiguration)?
    /// Files that are hashed beside those of the networks, relative to the path.
    package let smallFiles: [String]
    /// What stands for the text encoders where the prompt is empty.
    package var emptyPrompt: EmptyPrompt?
    /// What the model predicts, where that was said and its file says otherwise or nothing.
    package var saidPrediction: PredictionType?
}

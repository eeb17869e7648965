extension InputError {
    /// Stable classes of refusals (docs/errors.md). Results of audits name those of files; programs may branch on any.
    public enum Code: String, Sendable, Codable, CaseIterable {
        // MARK: - Files that are read

        /// There is no such file.
        case missing
        /// JSON, binary content or paths with another separator instead of a list of files.
        case notAList = "not_a_list"
        /// The file or its folder may not be read.
        case notReadable = "not_readable"
        /// A folder, FIFO, socket or device instead of a file.
        case notAFile = "not_a_file"
        /// No bytes.
        case empty
        /// No image of a known format.
        case notAnImage = "not_an_image"
        /// Torn, or against the rules of its format.
        case damaged
        /// Text that is not UTF-8.
        case textEncoding = "text_encoding"
        /// More bytes, pixels or numbers than allowed.
        case tooLarge = "too_large"
        /// A known format, or a variant of one, that is not supported or needs a library that is missing.
        case unsupported
        /// An array in a Python pickle or a PyTorch file, which has to be converted first.
        case pickled

        // MARK: - Files that are written

        /// The file to write exists.
        case exists
        /// Results or a study begun earlier, which can be resumed.
        case resumable
        /// The file or its folder cannot be written to.
        case notWritable = "not_writable"
        /// A file to write that is read too, or is to be written twice.
        case sameFile = "same_file"
        /// A file of results that was deleted or moved while it was being written.
        case resultsGone = "results_gone"
        /// Another process is writing the file.
        case inUse = "in_use"

        // MARK: - Settings and numbers

        /// A setting that is out of range, unknown or at odds with another.
        case invalidSetting = "invalid_setting"
        /// NaN or infinity where numbers were expected.
        case notFinite = "not_finite"
        /// A tensor of the wrong shape.
        case wrongShape = "wrong_shape"
        /// Too few images for what was asked.
        case tooFew = "too_few"
        /// Not enough memory.
        case noMemory = "no_memory"
        /// The system has no thread left.
        case noThread = "no_thread"
        /// Too few files may be open at once.
        case noDescriptors = "no_descriptors"
        /// An error from below that has no class of its own.
        case unexpected

        // MARK: - Models

        /// No model was named, and the sample model was not found.
        case noModel = "no_model"
        /// Not a model, or a part of one is missing.
        case notAModel = "not_a_model"
        /// A model configuration that contradicts itself or is not supported.
        case modelConfiguration = "model_configuration"
        /// A graph under another name than the exporter's: a variant such as `model.fp16.onnx`.
        case graphVariant = "graph_variant"
        /// A diffusers checkpoint where an export was asked for.
        case unexportedCheckpoint = "unexported_checkpoint"
        /// A checkpoint whose tensors do not fit its configuration, or are not those of a model.
        case checkpoint
        /// Weights in a Python pickle (`.bin`, `.ckpt`), which is never read.
        case pickledModel = "pickled_model"
        /// A checkpoint whose tensors do not tell what it predicts: that has to be said.
        case untoldPrediction = "untold_prediction"
        /// A graph that does not load, does not run, or lacks an input or output it needs.
        case modelGraph = "model_graph"
        /// A part that the model does not have.
        case modelPart = "model_part"
        /// The library that runs models is missing, too old or broken.
        case runtime
        /// An execution provider that the library lacks or that does not work here.
        case provider

        /// The library that turns pictures into PNG is missing or too old.
        case pictureLibrary = "picture_library"

        // MARK: - Keys, calibrations, results

        /// A key file that breaks the rules of its format.
        case keyDocument = "key_document"
        /// A key file that others can write to.
        case keyPermissions = "key_permissions"
        /// A key file in a folder that everybody can write to, or behind a link of somebody else.
        case keyPlace = "key_place"
        /// A file of key values whose name does not say which channel, radius and pattern they are for.
        case undescribedKey = "undescribed_key"
        /// A key for another latent shape than the model's, or of another kind than needed.
        case keyMismatch = "key_mismatch"
        /// A calibration that breaks the rules of its format.
        case calibrationDocument = "calibration_document"
        /// A calibration for another model, latent shape or route.
        case calibrationMismatch = "calibration_mismatch"
        /// A file that was to hold results and holds something else.
        case notResults = "not_results"
        /// A line of results that breaks the rules of its format.
        case resultsLine = "results_line"
        /// Results that belong to another model, other keys or other settings.
        case resultsMismatch = "results_mismatch"
        /// Labels that break the rules of their format or do not match the results.
        case labels
    }
}

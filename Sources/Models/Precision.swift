/// In what numbers the networks of a checkpoint compute.
///
/// There is no float16: CPUs have no kernels for it, so halves would be widened before each product; that costs time and
/// saves only the memory that mapped weights do not take anyway.
///
/// UNets of Stable Diffusion and autoencoders (`UNet2DConditionModel`, `AutoencoderKL`) can compute in int8. All other
/// networks, the transformers of Stable Diffusion 3 and FLUX, tiny autoencoders and text encoders, compute in float32
/// whatever is asked for. Exported ONNX graphs compute as they were exported.
public enum Precision: String, Hashable, Sendable, Codable, CaseIterable {
    /// Single precision throughout.
    case float32
    /// The products of 8-bit integers, weights with a scale for each output, activations with one for each tensor, measured
    /// when they are there. Sums, norms and attention, and the first and last layer, are float32. Outputs are some percent
    /// off.
    case int8
    /// int8 for a model with a large network that can be int8, on a CPU that multiplies 8-bit integers fast, and float32
    /// otherwise, with a provider other than `cpu` too.
    case auto

    /// Parameters from which on a network is large.
    public static let manyParameters = 100_000_000

    /// What `auto` stands for; others stand for themselves.
    /// - Parameters:
    ///   - parameterCount: of the largest network that can be int8.
    ///   - processor: what the CPU can do.
    public func resolved(parameterCount: Int, on processor: ProcessorFeatures) -> Precision {
        guard self == .auto else { return self }
        return parameterCount >= Self.manyParameters && processor.hasDotProducts ? .int8 : .float32
    }
}

import DecoderInversion
import InputErrors

/// One way from an image to its noise, written `anderson:4/10`: a method of decoder inversion and a number of steps of
/// diffusion inversion. With another autoencoder than the model's its name comes last: `none/0@taesd`.
public struct Route: Sendable, Equatable, CustomStringConvertible {
    /// The method of decoder inversion, and what it may spend.
    public var decoderInversion: InversionMethod
    /// Steps of diffusion inversion; 0 leaves the clean latent as it is.
    public var steps: Int
    /// The name of another autoencoder that stands in for the model's; nil for the model's own.
    public var autoencoder: String?

    /// A route.
    /// - Parameters:
    ///   - decoderInversion: the method, and what it may spend.
    ///   - steps: of diffusion inversion, at least 0.
    ///   - autoencoder: the name of another autoencoder than the model's.
    public init(_ decoderInversion: InversionMethod, steps: Int, autoencoder: String? = nil) {
        precondition(steps >= 0, "\(steps) steps")
        self.decoderInversion = decoderInversion
        self.steps = steps
        self.autoencoder = autoencoder
    }

    /// Reads `METHOD/STEPS`, as in `none/5` or `anderson:4/10`.
    /// - Throws: `InputError` for anything else.
    public init(parsing text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let steps = Int(parts[1]), steps >= 0 else {
            throw InputError(
                "route", expected: "METHOD/STEPS, as in anderson:4/10", found: text, as: .invalidSetting)
        }
        self.init(try InversionMethod(parsing: parts[0]), steps: steps)
    }

    /// As it is written for `init(parsing:)`, and the autoencoder's name.
    public var description: String { "\(decoderInversion)/\(steps)" + (autoencoder.map { "@\($0)" } ?? "") }

    /// Reads routes with commas between them.
    /// - Throws: `InputError` for none, or for one that cannot be read.
    public static func list(parsing text: String) throws -> [Route] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { try Route(parsing: String($0)) }
    }
}

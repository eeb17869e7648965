import Attempts
import Foundation
import InputErrors
import Items
import Models
import Pictures
import RingKeys
import Tensors
import Verdicts
import Verification

/// A model made to work: a picture through encoder and decoder, one call of each network, and an image that is generated
/// with the mark of a new key and verified.
public struct ModelCheck: Codable, Sendable {
    /// One part at work.
    public struct Stage: Codable, Sendable {
        /// Which part.
        public let part: ModelPart
        /// Seconds until it was open, with what a first call takes beyond a second one.
        public let opens: Double
        /// Seconds of a second call.
        public let call: Double
        /// Bytes in memory afterwards; nil where the system does not say.
        public let resident: Int?

        enum CodingKeys: String, CodingKey {
            case part
            case opens = "opens_seconds"
            case call = "call_seconds"
            case resident = "resident_bytes"
        }
    }

    /// An image with a mark.
    public struct Generated: Codable, Sendable {
        /// Steps of the sampler.
        public let steps: Int
        /// Guidance of the sampler.
        public let guidance: Double
        /// Seconds that making it took.
        public let seconds: Double
        /// What verifying it came to.
        public let verdict: Verdict.Decision
        /// log₁₀ of the p-value.
        public let log10P: Double?
        /// The look that decided.
        public let look: String
        /// Seconds that verifying it took.
        public let verifySeconds: Double

        enum CodingKeys: String, CodingKey {
            case steps, guidance, seconds, verdict, look
            case log10P = "log10_p"
            case verifySeconds = "verify_seconds"
        }
    }

    /// Mean power of the picture's range over the mean square of D(E(x)) - x, in dB: 20 is poor, 30 good.
    public let roundTrip: Double
    /// Encoder, decoder, text encoder, the network that predicts noise.
    public let stages: [Stage]
    /// Nil for a model that cannot make images.
    public let generated: Generated?
    /// The most bytes in memory; nil where the system does not say.
    public let peak: Int?

    enum CodingKeys: String, CodingKey {
        case roundTrip = "round_trip_db"
        case stages, generated
        case peak = "peak_bytes"
    }

    /// Makes a model work.
    /// - Parameters:
    ///   - model: freshly opened, none of its parts loaded.
    ///   - steps: of the sampler; nil for ten, or one where the model is made for one.
    ///   - observe: called with the steps of the sampler that were made, and all of them.
    /// - Throws: `InputError` for a part that does not load or does not run.
    public init(_ model: OpenModel, steps: Int? = nil, observe: (Int, Int) -> Void = { _, _ in }) throws {
        let parts = model.model
        let autoencoder = try parts.requireAutoencoder()
        let picture = ImagePreprocessing.unitRange(of: .trial(parts.imageSize))
        var stages: [Stage] = []
        func stage<Output>(_ part: ModelPart, _ call: () throws -> Output) throws -> Output {
            let clock = StageClock()
            try parts.load([part])
            // The first call may open what needs the input's size, and touches memory for the first time.
            _ = try call()
            let first = clock.seconds
            let output = try call()
            let second = clock.seconds - first
            stages.append(
                Stage(part: part, opens: max(0, first - second), call: second, resident: ResidentMemory.now))
            return output
        }
        let latent = try stage(.vaeEncoder) { try autoencoder.encode(picture) }
        let decoded = try stage(.vaeDecoder) { try autoencoder.decode(latent) }
        roundTrip = Self.decibels(picture, decoded)
        if let predictor = parts.noisePredictor {
            let conditioning = try stage(.textEncoder) { try parts.textEncoder?.encode([""]) }
            _ = try stage(.unet) {
                try predictor.predict(
                    Tensor(normal: parts.latentShape.tensorShape(), seed: 1), timestep: 500,
                    conditioning: conditioning)
            }
            generated = try Self.generate(model, steps: steps, observe)
        } else {
            generated = nil
        }
        self.stages = stages
        peak = ResidentMemory.peak
    }

    private static func generate(_ model: OpenModel, steps: Int?, _ observe: (Int, Int) -> Void) throws -> Generated {
        let usual = ImageDefaults.of(try model.model.scheduler())
        let maker = try ImageMaker(model.model, steps: steps ?? min(usual.steps, 10), guidance: usual.guidance)
        let shape = model.model.latentShape
        let radius = min(10, Double(min(shape.height, shape.width)) / 2 - 1)
        let key = RingKey(
            name: "check",
            geometry: try KeyGeometry(
                pattern: .spread, radius: radius, channels: nil, latentShape: shape, subject: "key of the check"))
        var noise = Tensor(normal: shape.tensorShape(), seed: 1)
        key.embed(into: &noise)
        let clock = StageClock()
        let latent = try maker.sample(noise, prompt: "") { observe($0, maker.steps) }
        let image = try maker.decode(latent)
        let seconds = clock.seconds
        let verifier = try Verifier(model, keys: [key])
        let item = Item(name: "check", sha256: "", bytes: 0, image: image, seconds: 0)
        let subject = Subject(item, views: verifier.plan.views, size: verifier.recovery.imageSize)
        let verdict = try verifier.judge([subject])[0].verdict
        return Generated(
            steps: maker.steps, guidance: maker.guidance, seconds: seconds, verdict: verdict.verdict,
            log10P: verdict.log10P, look: "\(verifier.plan.attempts[verdict.look - 1].route)",
            verifySeconds: clock.seconds - seconds)
    }

    private static func decibels(_ picture: Tensor, _ decoded: Tensor) -> Double {
        let difference = Tensor.combination((1, picture), (-1, decoded))
        let square = difference.elements.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(picture.count)
        return 10 * log10(4 / max(square, .leastNormalMagnitude))
    }
}

extension RGBImage {
    /// A picture with slopes, edges and fine lines: a sun over hills.
    fileprivate static func trial(_ size: (height: Int, width: Int)) -> RGBImage {
        let hills = (0..<size.width).map { column in
            let x = Double(column) / Double(size.width)
            return 0.65 + 0.12 * sin(7 * x) + 0.04 * sin(23 * x)
        }
        let count = 3 * size.height * size.width
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, initialized in
            for row in 0..<size.height {
                for column in 0..<size.width {
                    let (x, y) = (Double(column) / Double(size.width), Double(row) / Double(size.height))
                    let isSun = (x - 0.7) * (x - 0.7) + (y - 0.25) * (y - 0.25) < 0.012
                    let colour =
                        y > hills[column]
                        ? SIMD3(0.15 + 0.3 * (y - hills[column]), 0.45 - 0.5 * (y - hills[column]), 0.2)
                        : isSun ? SIMD3(1, 0.9, 0.6) : SIMD3(0.35 + 0.5 * y, 0.55 + 0.3 * y, 0.9)
                    let bytes = (colour.clamped(lowerBound: .zero, upperBound: .one) * 255).rounded(.toNearestOrEven)
                    for channel in 0..<3 {
                        pixels[3 * (row * size.width + column) + channel] = UInt8(bytes[channel])
                    }
                }
            }
            initialized = count
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }
}

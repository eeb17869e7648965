import Cryptography
import Foundation
import InputErrors
import Tensors

/// What a diffusion model's unmarked images have in common: one null model for each way of taking images back to noise,
/// and where they come from. No key takes part in it. The file is `ringkey.calibration/1` (docs/calibration.md).
public struct Calibration: Sendable {
    /// The document's name and version.
    public static let formatName = "ringkey.calibration/1"

    /// SHA-256 over the diffusion model's files, hexadecimal.
    public let modelDigest: String
    /// The prompt that images were inverted with.
    public let prompt: String
    /// The guidance that images were inverted with.
    public let guidance: Double
    /// How many images it was learnt from.
    public let images: Int
    /// The null of each route, by the route's name, such as `anderson:4/10/ddim/naive`.
    public let nulls: [String: NullModel]
    /// How well marks come back, by routes and families of keys; empty where no marked images were given.
    public let recoveries: [MarkRecovery]

    /// What unmarked images resemble keys without an exact p-value, by routes, then by the keys' fingerprints: one score an
    /// image, ascending (`MarkReader.resemblance`, of the noise as it was recovered).
    public let scores: [String: [String: [Float]]]

    /// - Throws: `InputError` for latents of several shapes or a name with a space.
    public init(
        modelDigest: String, prompt: String, guidance: Double, images: Int, nulls: [String: NullModel],
        recoveries: [MarkRecovery] = [], scores: [String: [String: [Float]]] = [:], subject: String = "calibration"
    ) throws {
        let shapes = Set(nulls.values.map(\.latentShape))
        guard shapes.count == 1 else {
            throw InputError(
                subject, expected: "null models of one latent shape",
                found: shapes.map(\.description).sorted().joined(separator: ", "), as: .calibrationDocument)
        }
        guard nulls.keys.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }) else {
            throw InputError(
                subject, expected: "names without spaces", found: "\(nulls.keys.sorted())", as: .calibrationDocument)
        }
        self.modelDigest = modelDigest
        self.prompt = prompt
        self.guidance = guidance
        self.images = images
        self.nulls = nulls
        self.recoveries = recoveries
        self.scores = scores.mapValues { $0.mapValues { $0.sorted() } }
    }

    /// How well a route brings back marks of a family of keys; nil where that was not measured.
    public func recovery(route: String, family: String) -> MarkRecovery? {
        recoveries.first { $0.route == route && $0.family == family }
    }

    /// The latents that it is for.
    public var latentShape: LatentShape? { nulls.values.first?.latentShape }

    /// SHA-256 over what the calibration is, hexadecimal: its origin and its numbers, whatever the file looks like.
    public var digest: String {
        var message: [UInt8] = []
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { message += Array("\(name) \(value)\n".utf8) }
        for (name, tensor) in tensors {
            message += Array("\(name) \(tensor.shape)\n".utf8)
            tensor.withUnsafeBufferPointer { elements in
                for element in elements {
                    withUnsafeBytes(of: element.bitPattern.littleEndian) { message += $0 }
                }
            }
        }
        return SHA256.hash(message).hexadecimal
    }

    /// Metadata of the file but the digest.
    var fields: [String: String] {
        var fields = [
            "format": Self.formatName, "model": modelDigest, "prompt": prompt, "guidance": "\(guidance)",
            "images": "\(images)",
        ]
        if !recoveries.isEmpty { fields["recoveries"] = recoveries.map(\.line).joined(separator: " | ") }
        return fields
    }

    /// The file's tensors, by names.
    var tensors: [(name: String, tensor: Tensor)] {
        nulls.sorted { $0.key < $1.key }.flatMap { way, null in
            let scores = (scores[way] ?? [:]).sorted { $0.key < $1.key }
            return null.tensors.map { ("\(way) \($0.name)", $0.tensor) }
                + scores.map { ("\(way) scores \($0.key)", Tensor($0.value, shape: [$0.value.count])) }
        }
    }
}

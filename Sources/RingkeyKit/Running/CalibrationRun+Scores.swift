import InputErrors
import Marks
import Tensors

extension CalibrationRun {
    /// What unmarked images resemble keys without an exact p-value, by the keys' fingerprints.
    /// - Parameter latents: recovered noise, unfiltered: what is learnt from these images must not be taken out of them, or they
    ///   would differ from those that are judged.
    static func scores(_ latents: [Tensor], of keys: [any MarkKey]) throws -> [String: [Float]] {
        var scores: [String: [Float]] = [:]
        for key in keys {
            let reader = key.makeReader()
            scores[key.identity.id] = try latents.map { noise in
                guard let score = reader.resemblance(noise, reading: try reader.read(noise), of: key) else {
                    throw InputError(
                        "key \(key.identity.name)", expected: "a key that images can be scored for", found: "another",
                        as: .keyMismatch)
                }
                return Float(score)
            }
        }
        return scores
    }

    /// - Throws: `InputError` for a key of another latent shape, and for one to score for that has an exact p-value.
    static func require(_ keys: [any MarkKey], _ marked: MarkedImages?, for shape: LatentShape) throws {
        let all = keys + [marked?.key].compactMap(\.self)
        if !all.isEmpty { _ = try KeySet(all, for: shape) }
        for key in keys where key.isRandom {
            throw InputError(
                "key \(key.identity.name)", expected: "a key without an exact p-value",
                found: "one that was drawn at random", as: .keyMismatch)
        }
    }
}

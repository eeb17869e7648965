import Images
import RingkeyKit
import Verdicts
import Verification

/// Whether an image carries the mark of a key, and how likely that is by chance.
func verdict(on image: String, key: String, model: String) throws -> Verdict {
    let model = try OpenModel(model)
    let verifier = try Verifier(model, keys: [KeyFile.read(key)])
    let subject = try verifier.subject(of: ImageFile(image))
    return try verifier.judge([subject])[0].verdict
}

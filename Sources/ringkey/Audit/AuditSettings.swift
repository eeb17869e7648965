import Foundation
import Verification

/// Everything that a verdict depends on besides image, model and keys, as text by flag name, for the header of results.
extension DetectionArguments {
    /// The flags that change verdicts; `batch` is none of them.
    var described: [String: String] {
        [
            "fpr": "\(fpr)", "two-sided": "\(twoSided)", "decoys": "\(decoys)", "max-megapixels": "\(maxMegapixels)",
        ]
    }
}

extension RecoveryArguments {
    /// The flags that change verdicts, and what they came to for the model.
    func described(_ settings: NoiseRecovery.Settings) -> [String: String] {
        [
            "looks": settings.looks.map(\.description).joined(separator: ","), "all-looks": "\(allLooks)",
            "solver": settings.solver.description, "inverse": settings.inverse.rawValue, "prompt": settings.prompt,
            "guidance": "\(settings.guidance)",
        ]
    }
}

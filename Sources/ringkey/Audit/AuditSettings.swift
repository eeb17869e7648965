import Foundation

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
    /// The flags that change verdicts.
    var described: [String: String] {
        let looks = isSingle ? (try? inversion.look()).map { "\($0)" } : self.looks ?? Self.defaultLooks
        return [
            "looks": looks ?? "", "all-looks": "\(allLooks)", "solver": inversion.solver ?? "",
            "inverse": inversion.inverse.rawValue, "prompt": inversion.prompt, "guidance": "\(inversion.guidance)",
        ]
    }
}

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
    /// The looks that the flags come to, and what they share.
    func described() throws -> [String: String] {
        let settings = try settings()
        return [
            "looks": settings.looks.map(\.description).joined(separator: ","), "all-looks": "\(allLooks)",
            "prompt": settings.prompt, "guidance": "\(settings.guidance)",
        ]
    }
}

import InputErrors

/// The figures of a line `ringkey.verdict/1`.
package struct JudgedLine {
    /// A key's score.
    package struct Score {
        /// A `KeyIdentity`.
        package var key: ResultLine.Text?
        /// As `Verdict.pValue`, from 0 to 1.
        var pValue: Double?
        /// As `Verdict.log10P`, in `Verdict.log10PRange`.
        package var log10P: Double?
        /// As `Verdict.cosine`, from -1 to 1 but for rounding.
        package var cosine: Double?
        /// As `Verdict.dimension`, from 1.
        package var dimension: Int?
    }

    /// The image.
    package let file: LineFile
    /// The answer.
    package let decision: Verdict.Decision
    /// SHA-256 of the file.
    package let digest: FileDigest
    /// Length of the file in bytes.
    package let bytes: Int
    /// The verdict's own key and figures.
    package let own: Score
    /// The keys that were tried, or the best of them.
    package let scores: [Score]
    /// How many keys were tried, from 1.
    package let keysTried: Int
    /// What p-values were multiplied by, from 1.
    package let hypotheses: Int
    /// How many attempts were made.
    package let looksTaken: Int
    /// How many were planned, from 1.
    package let looksPlanned: Int
    /// Whether a match of reversed sign counts too.
    package let isTwoSided: Bool
    /// The asked false-positive rate, between 0 and 1.
    package let rate: Double
    /// The Tree-Ring package's distance, from 0, and p-value.
    package let reference: (l1: Double?, pValue: Double?)
    /// What was worth knowing. Codes of later versions are passed over.
    package let findings: FindingSet
    /// A `ModelIdentity`.
    package let model: ResultLine.Text
    /// A `CalibrationIdentity`.
    package let calibration: ResultLine.Text?
    /// What the image's noise is beside its key.
    package let sketch: NoiseSketch?
    /// Name and version of the tool.
    package let tool: String?
    /// Seconds spent on the image.
    package let seconds: Double

    init(_ members: LineMembers) throws {
        file = try members.file()
        decision = try members.code(\.verdict, "verdict")
        let sha256 = try members.require(\.sha256, "sha256", "a text")
        guard let digest = FileDigest(hexadecimal: sha256) else {
            throw InputError("sha256", expected: "64 hexadecimal digits", found: sha256, as: .resultsLine)
        }
        self.digest = digest
        bytes = try members.require(\.bytes, "bytes", "a whole number from 0", in: 0...)
        own = members.own
        scores = members.scores
        for score in members.scores + [members.own] { try score.requireRange() }
        hypotheses = try members.require(\.hypotheses, "hypotheses", "a whole number from 1", in: 1...)
        looksTaken = members.looksTaken
        keysTried = try LineMembers.require(
            members.keysTried ?? max(1, members.scores.count), "keys_tried", "a whole number from 1", in: 1...)
        // Before searches there were, hypotheses were keys times looks.
        looksPlanned = try LineMembers.require(
            members.looksPlanned ?? max(1, hypotheses / keysTried), "looks_planned",
            "a whole number from 1", in: 1...)
        isTwoSided = members.isTwoSided
        rate = try members.require(\.rate, "fpr", "a number")
        guard rate > 0, rate < 1 else {
            throw InputError("fpr", expected: "a rate between 0 and 1", found: "\(rate)", as: .resultsLine)
        }
        reference = members.reference
        try Self.requireRange(reference)
        findings = members.findings
        model = try members.require(\.model, "model", "an object")
        calibration = members.calibration
        sketch = members.sketch
        tool = members.tool
        // Thirty years: sums of millions still have an integer part.
        seconds = try LineMembers.require(members.seconds ?? 0, "seconds", "a number from 0 to 1e9", in: 0...1e9)
    }
}

extension JudgedLine {
    private static func requireRange(_ reference: (l1: Double?, pValue: Double?)) throws {
        if let l1 = reference.l1 { _ = try LineMembers.require(l1, "reference.l1", "a number from 0", in: 0...) }
        if let pValue = reference.pValue {
            _ = try LineMembers.require(pValue, "reference.p_value", "a number from 0 to 1", in: 0...1)
        }
    }
}

extension JudgedLine.Score {
    fileprivate func requireRange() throws {
        if let pValue { _ = try LineMembers.require(pValue, "p_value", "a number from 0 to 1", in: 0...1) }
        // What rounding adds stays far below a millionth.
        if let cosine {
            _ = try LineMembers.require(cosine, "cosine", "a number from -1 to 1", in: -1.000001...1.000001)
        }
        if let log10P {
            _ = try LineMembers.require(log10P, "log10_p", "a number from -99999 to 0", in: Verdict.log10PRange)
        }
        if let dimension { _ = try LineMembers.require(dimension, "dimension", "a whole number from 1", in: 1...) }
    }
}

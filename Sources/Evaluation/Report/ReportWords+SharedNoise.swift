/// Forgeries, and what images share beside a key.
extension ReportWords {
    static let sharedNoiseTitle = "Shared noise"
    static let sharedNoisePairs = "Pairs of found files, the strongest first"
    static let sharedNoiseColumns = ["file", "other file", "correlation of the noise", "picture"]
    static let samePicture = "the same"
    static let otherPicture = "another"

    static func sharedNoise(_ shared: SharedNoise) -> String {
        let others = shared.pairs.count { !$0.isSamePicture }
        return """
            Of \(ReportText.count(shared.compared, "found image")) \(ReportText.count(shared.pairs.count, "pair")) have more of \
            their noise in common than the key; \(ReportText.count(others)) of them are two different pictures. Every image \
            starts from noise of its own: another picture with the same noise was made from the first, by whoever had it.
            """
    }

    static func sharedNoiseNote(shown: Int, of total: Int) -> String {
        let left = shown < total ? "The first \(shown) of \(ReportText.count(total)). " : ""
        return left
            + "Which of two is the original this does not tell; that a file stands in no pair does not make it one."
    }

    static let forgeriesTitle = "Forgeries"
    static let forgeries = "One row an attack"
    static let forgeryColumns = ["attack", "forgeries", "found", "of those in a pair with another picture"]
    static let forgeriesMeaning = """
        Other pictures that the mark was put into. They are neither marked images nor clean ones: that they match is no false \
        alarm of the test, for the mark is there. It shows what a match does not prove.
        """
}

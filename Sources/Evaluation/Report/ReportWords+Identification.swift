/// Whose mark was named.
extension ReportWords {
    static let identificationTitle = "Whose mark"
    static let identification = "Images by what they carry"
    static let identificationColumns = [
        "image carries", "judged", "named rightly", "named as another", "none found", "undecided",
        "right, of judged", "named as another, of judged",
    ]
    static let identified = (
        known: "a key that was looked for", foreign: "a key that was not looked for", clean: "no mark"
    )
    static let identificationNote = """
        Intervals are Wilson's, 95 %. Right is, for a key that was looked for, that its owner is named; for all others that \
        nobody is. Keys of one owner count as that owner's.
        """

    static func best(_ own: Identification) -> String {
        let among =
            own.amongBest.trials > 0
            ? " and is among the keys with a score in \(own.amongBest.successes) of \(own.amongBest.trials)" : ""
        return """
            The owner's key fits best in \(own.best.successes) of \(own.best.trials) images that carry one\(among), whatever \
            its p-value.
            """
    }

    static func confusions(shown: Int, of kinds: Int) -> String {
        shown < kinds ? "Who was taken for whom, the first \(shown) of \(kinds)" : "Who was taken for whom"
    }

    static let confusionsColumns = ["image carries", "named", "images"]

    static func others(_ count: Int) -> String { "\(ReportText.count(count)) others" }
}

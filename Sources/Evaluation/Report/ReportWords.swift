/// The words of a report: every title, sentence and column name. What is said, and when, the sections decide.
enum ReportWords {
    /// What stands where there is no figure.
    static let nothing = "-"
}

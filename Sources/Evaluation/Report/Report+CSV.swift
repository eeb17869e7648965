import Files
import Foundation

extension Report {
    private static let columns = [
        "path", "verdict", "error", "p_value", "log10_p", "score", "key_id", "key_name", "reference_l1",
        "reference_p_value", "fpr", "hypotheses", "sha256", "label", "group", "label_key", "split", "path_base64",
    ]

    /// One line an image (RFC 4180), in pieces, so that a million lines need no memory. `score` is -log10 of the corrected
    /// p-value, not cut at a p-value of 1; `split` tells whether thresholds were fitted on a clean image or scored on it,
    /// over all groups together; `path_base64` has all bytes of a path that is not UTF-8.
    ///
    /// No field is a formula to a spreadsheet: a path that would be one begins with `./`, any other text with `'`.
    public func writeCSV(_ append: (Data) throws -> Void) throws {
        var text = Self.columns.joined(separator: ",") + "\r\n"
        let fitting = assessment == nil ? [] : fittingPaths()
        for (index, image) in results.images.enumerated() {
            let label = index < labels.count ? labels[index] : nil
            var split = ""
            if let label, image.judgement?.log10P != nil {
                split = !label.isClean || !fitting.contains(index) ? "scored" : "fitted"
            }
            let fields =
                fields(image) + [
                    label.map { $0.word } ?? "",
                    Self.text(label?.group ?? ""),
                    Self.text(label?.key ?? ""), split, Self.base64(image),
                ]
            text += fields.map(CSVTable.quoted).joined(separator: ",") + "\r\n"
            if text.utf8.count > 1 << 20 {
                try append(Data(text.utf8))
                text = ""
            }
        }
        try append(Data(text.utf8))
    }

    /// Indices of the clean images that thresholds were fitted on.
    private func fittingPaths() -> Set<Int> {
        let clean = zip(results.images, labels).enumerated().compactMap { index, pair in
            pair.1.flatMap { !$0.isClean ? nil : LabelledImage(result: pair.0, label: $0, index: index) }
        }.filter { $0.score != nil }
        return Set(NegativeSplit(clean).fitting.map(\.index))
    }

    private static let formulaStarts = Array("=+-@\t\r\n".utf8)

    private static func isFormula(_ text: String) -> Bool { text.utf8.first.map(formulaStarts.contains) ?? false }

    private static func text(_ text: String) -> String { isFormula(text) ? "'" + text : text }

    private static func path(_ image: ImageResult) -> String {
        let shown = RawPath(image.path).description
        return isFormula(shown) ? "./" + shown : shown
    }

    private static func base64(_ image: ImageResult) -> String {
        let path = RawPath(image.path)
        return path.isText ? "" : Data(path.bytes).base64EncodedString()
    }

    private func fields(_ image: ImageResult) -> [String] {
        func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        switch image.outcome {
        case .failed(let code, _):
            return [Self.path(image), "", code.rawValue] + [String](repeating: "", count: 10)
        case .judged(let judgement):
            let log10P = judgement.log10Corrected
            let key = results.keys[judgement.key]
            return [
                Self.path(image), judgement.decision.rawValue, "", text(log10P.map { pow(10, min($0, 0)) }),
                text(log10P.map { min($0, 0) }), text(log10P.map { -$0 }), key.id, Self.text(key.name),
                text(judgement.referenceL1),
                text(judgement.referenceP), "\(judgement.rate)", "\(judgement.hypotheses)", "\(judgement.digest)",
            ]
        }
    }
}

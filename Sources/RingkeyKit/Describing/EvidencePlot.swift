import Foundation
import Images
import InputErrors
import Plotting
import Verdicts
import Verification

/// The picture of what a verdict rests on.
public enum EvidencePlot {
    /// Draws and writes it.
    /// - Parameters:
    ///   - evidence: of one image.
    ///   - subject: with its picture.
    ///   - file: where it is written.
    public static func write(_ evidence: Verifier.Evidence, of subject: Subject, to file: PictureFile) throws {
        let picture = EvidencePicture(
            header: header(evidence.verdict), picture: evidence.orientation.applied(to: subject.image),
            outline: evidence.verdict.placement?.corners.map { ($0[0], $0[1]) }, mark: evidence.picture(),
            rivals: evidence.verdict.cosine.map { .init(cosine: $0, decoys: evidence.decoyAgreements) })
        try file.write(picture.document(), pixelWidth: EvidencePicture.pixelWidth)
    }

    private static func header(_ verdict: Verdict) -> EvidencePicture.Header {
        let rank = verdict.decoyRank.map { _ in ", rank \(PValueText.rank(verdict))" } ?? ""
        return EvidencePicture.Header(
            verdict: (
                verdict.verdict.rawValue.replacingOccurrences(of: "_", with: " "),
                verdict.pValue == nil ? "no p-value" : "p = \(PValueText.text(verdict))"
            ), keyName: Printable.name(verdict.key.name),
            keyDetails: "(\(verdict.key.id), \(verdict.key.pattern))\(rank), rate \(String(format: "%g", verdict.fpr))",
            path: NamedImage.shown(verdict.path),
            notes: verdict.findings.filter { $0.code != .imageResampled }.map(\.message))
    }
}

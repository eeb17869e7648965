import Foundation
import Images
import Plotting
import RingKeys
import Verification

/// The picture of `verify --plot`.
enum EvidencePlot {
    static func write(_ evidence: Verifier.Evidence, of subject: Subject, to file: PictureFile) throws {
        let geometry = evidence.detector.key.geometry
        let shape = geometry.latentShape
        let side = Double(min(shape.height, shape.width))
        let inner =
            geometry.pattern == .ring
            ? Array(stride(from: geometry.ringWidth, to: geometry.radius + 0.5, by: geometry.ringWidth)) : []
        let radii = (inner + [geometry.radius + 0.5]).map {
            (x: $0 * Double(shape.width) / side, y: $0 * Double(shape.height) / side)
        }
        let picture = EvidencePicture(
            header: header(evidence.verdict), picture: subject.image,
            spectra: evidence.detector.amplitudes(evidence.noise).map {
                EvidencePicture.Spectrum(channel: $0.channel, rows: $0.rows, radii: radii)
            }, comparison: comparison(evidence),
            rivals: evidence.verdict.cosine.map { .init(cosine: $0, decoys: evidence.decoyCosines) })
        try file.write(picture.document(), pixelWidth: EvidencePicture.pixelWidth)
    }

    private static func header(_ verdict: Verdict) -> EvidencePicture.Header {
        let pValue = Format.pValue(verdict.pValue, log10: verdict.log10P)
        let rank = verdict.decoyRank.map { _ in ", rank \(Format.rank(verdict))" } ?? ""
        return EvidencePicture.Header(
            verdict: (
                verdict.verdict.rawValue.replacingOccurrences(of: "_", with: " "),
                verdict.pValue == nil ? "no p-value" : "p = \(pValue)"
            ), keyName: verdict.key.name,
            keyDetails: "(\(verdict.key.id), \(verdict.key.pattern))\(rank), rate \(String(format: "%g", verdict.fpr))",
            path: verdict.path, notes: verdict.findings.filter { $0.code != .imageResampled }.map(\.message))
    }

    private static func comparison(_ evidence: Verifier.Evidence) -> EvidencePicture.Comparison {
        let detector = evidence.detector
        let (numbers, measured) = (detector.keyNumbers, detector.estimates(evidence.statistic))
        if let first = numbers.first, numbers.allSatisfy({ $0 == first }) {
            return .constant(key: first, radii: detector.magnitudes, measured: measured)
        }
        guard detector.key.geometry.pattern == .ring else { return .scatter(key: numbers, measured: measured) }
        let count = detector.magnitudes.count
        return .rings(
            radii: detector.magnitudes,
            channels: detector.key.geometry.channels.enumerated().map { index, channel in
                let own = index * count..<(index + 1) * count
                return (channel, Array(numbers[own]), Array(measured[own]))
            })
    }
}

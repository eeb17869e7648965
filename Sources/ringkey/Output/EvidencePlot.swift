import Foundation
import Images
import Plotting
import RingKeys
import Tensors
import Verification

/// The picture of `verify --plot`.
enum EvidencePlot {
    static func write(_ evidence: Verifier.Evidence, of subject: Subject, to path: String, overwrite: Bool) throws {
        let verdict = evidence.verdict
        let geometry = evidence.detector.key.geometry
        let pValue = Format.pValue(verdict.pValue, log10: verdict.log10P)
        let shape = geometry.latentShape
        let side = Double(min(shape.height, shape.width))
        let inner =
            geometry.pattern == .ring
            ? Array(stride(from: geometry.ringWidth, to: geometry.radius + 0.5, by: geometry.ringWidth)) : []
        let radii = (inner + [geometry.radius + 0.5]).map {
            (x: $0 * Double(shape.width) / side, y: $0 * Double(shape.height) / side)
        }
        let picture = EvidencePicture(
            header: [
                "\(verdict.verdict.rawValue)  p = \(pValue)",
                "key \(verdict.key.name) (\(verdict.key.id), \(verdict.key.pattern)), rank \(Format.rank(verdict)), "
                    + "rate \(String(format: "%g", verdict.fpr))",
                verdict.path,
            ], picture: subject.image,
            spectra: evidence.detector.amplitudes(evidence.noise).map {
                EvidencePicture.Spectrum(channel: $0.channel, rows: $0.rows, radii: radii)
            }, comparison: comparison(evidence), decoyCosines: evidence.decoyCosines, cosine: verdict.cosine ?? 0)
        try AtomicFile.write(Data(PNGEncoder.encode(picture.draw())), to: path, overwrite: overwrite)
    }

    private static func comparison(_ evidence: Verifier.Evidence) -> EvidencePicture.Comparison {
        let detector = evidence.detector
        let measured = detector.estimates(evidence.statistic)
        guard detector.key.geometry.pattern == .ring else {
            return .scatter(key: detector.keyNumbers, measured: measured)
        }
        let count = detector.magnitudes.count
        return .rings(
            radii: detector.magnitudes,
            channels: detector.key.geometry.channels.enumerated().map { index, channel in
                let own = index * count..<(index + 1) * count
                return (channel, Array(detector.keyNumbers[own]), Array(measured[own]))
            })
    }
}

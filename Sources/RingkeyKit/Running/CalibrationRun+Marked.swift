import Foundation
import InputErrors
import Marks
import NullModels
import Tensors
import Verification

extension CalibrationRun {
    /// Images that carry a key's mark.
    public struct MarkedImages: Sendable {
        /// Image files, at least `MarkRecovery.fewestImages`.
        public let paths: [String]
        /// The key that they were marked with; one with an exact p-value.
        public let key: any MarkKey

        /// Images and the key that they were marked with.
        public init(_ paths: [String], key: any MarkKey) {
            self.paths = paths
            self.key = key
        }
    }

    /// log₁₀ of the p-value that half of the marked images have to reach by one of the routes: others do not carry the mark.
    private static let log10MedianLimit = -3.0

    /// How well one route brings back a mark.
    public struct Recovery: Sendable {
        /// With the calibration that was learnt.
        public let calibrated: MarkRecovery
        /// Without one.
        public let plain: MarkRecovery
    }

    /// How well each route brings back a mark.
    /// - Parameters:
    ///   - latents: the recovered noise of the marked images, by routes.
    ///   - key: that they carry.
    ///   - nulls: what the noise is judged with, by routes.
    ///   - names: of the routes.
    /// - Throws: `InputError` for too few images, a key without an exact p-value, and images that do not carry the mark.
    static func recoveries(
        _ latents: [[Tensor]], of key: any MarkKey, nulls: [NullModel], names: [String]
    ) throws -> [Recovery] {
        let subject = "key \(key.identity.name)"
        if let reason = key.reasonWithoutExactPValue {
            throw InputError(subject, expected: "a key that was drawn at random", found: reason, as: .keyMismatch)
        }
        guard latents[0].count >= MarkRecovery.fewestImages else {
            throw InputError(
                "marked images", expected: "at least \(MarkRecovery.fewestImages)", found: "\(latents[0].count)",
                as: .tooFew)
        }
        let reader = key.makeReader()
        let measured = try zip(names, zip(latents, nulls)).map { name, route in
            (
                calibrated: try Agreements(route.0.map(route.1.filtered), of: key, reader, route: name),
                plain: try Agreements(route.0, of: key, reader, route: name)
            )
        }
        let least = measured.map(\.calibrated.log10MedianP).min() ?? 0
        guard least <= log10MedianLimit else {
            throw InputError(
                "marked images", expected: "images that carry the mark of \(subject)",
                found: "a median p-value of \(String(format: "%.2g", pow(10, least)))", as: .keyMismatch)
        }
        return measured.map { Recovery(calibrated: $0.calibrated.recovery, plain: $0.plain.recovery) }
    }

    /// How a key agrees with the noise of images that carry its mark, by one route.
    private struct Agreements {
        let recovery: MarkRecovery
        let log10MedianP: Double

        init(_ noise: [Tensor], of key: any MarkKey, _ reader: any MarkReader, route: String) throws {
            let numbers = key.numbers
            let readings = try noise.map(reader.read)
            let agreements = readings.map { reader.agreement($0, numbers) }
            let logPValues = zip(readings, agreements).map {
                reader.logPValue(agreement: $1, of: $0, twoSided: false)
            }
            log10MedianP = logPValues.sorted()[noise.count / 2] / log(10)
            recovery = MarkRecovery(
                route: route, family: "\(key.family)",
                ratios: agreements.map { reader.signalToNoise(of: numbers, agreement: $0) })
        }
    }
}

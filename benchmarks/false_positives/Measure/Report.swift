import Foundation
import NullModels
import RingKeys
import Statistics

/// The measurement as text.
struct Report {
    private static let levels = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5]
    private let unmarked: [LatentGroup]
    private let marked: [LatentGroup]
    private let key: RingKey
    private let kinds: [KeyKind]

    init(unmarked: [LatentGroup], marked: [LatentGroup], key: RingKey) throws {
        self.unmarked = unmarked
        self.marked = marked
        self.key = key
        kinds = try KeyKind.all(key.geometry.latentShape)
    }

    /// One way of treating latents: which images the null is learnt from.
    private struct Treatment: Sendable {
        let name: String
        let learnsFrom: @Sendable (LatentGroup) -> Bool
    }

    private static let treatments = [
        Treatment(name: "no null") { _ in false },
        Treatment(name: "null of the model's own images") { $0.name.hasPrefix("guidance") },
        Treatment(name: "null of all images") { _ in true },
    ]

    /// Two nulls, each learnt from every second image; an image is judged with the one that has not seen it.
    private func nulls(_ treatment: Treatment) throws -> [NullModel?] {
        let sources = unmarked.filter(treatment.learnsFrom)
        if sources.isEmpty { return [nil, nil] }
        return try (0..<2).map { fold in
            let latents = sources.flatMap { group in
                group.latents.enumerated().filter { $0.offset % 2 != fold }.map(\.element)
            }
            return try NullModel(learningFrom: latents)
        }
    }

    func markdown() throws -> String {
        let populations =
            [("the model's images", unmarked.filter { $0.name.hasPrefix("guidance") })]
            + unmarked.filter { !$0.name.hasPrefix("guidance") }.map { ($0.name, [$0]) }
        var text = ""
        for treatment in Self.treatments {
            let nulls = try self.nulls(treatment)
            text += "\n## \(treatment.name)\n"
            var pairs = "\n| keys | nominal | matches | observed | 95 % |\n|---|---|---|---|---|\n"
            var spreads =
                "\n| keys | images | n | excess of single keys, nominal 0.1 | 0.01 | 5 %, 50 %, 95 %, 99 %, worst key at 0.01 | alike: 99 % |\n|---|---|---|---|---|---|---|\n"
            for kind in kinds {
                var all: [[Double]] = []
                for (name, groups) in populations {
                    let logP = try groups.flatMap { group in
                        try group.latents.enumerated().map { try kind.logPValues($1, null: nulls[$0 % 2]) }
                    }
                    all += logP
                    spreads += Self.spreadRow(kind.name, name, logP)
                }
                spreads += Self.spreadRow(kind.name, "all", all)
                for level in Self.levels {
                    let rates = Rates(all, level: level)
                    let interval = rates.interval()
                    pairs += "| \(kind.name) | \(level) | \(rates.count) "
                    pairs += String(
                        format: "| %.3g | %.2g ... %.2g |\n", rates.observed, interval.lowerBound, interval.upperBound)
                }
                FileHandle.standardError.write(Data("\(treatment.name): \(kind.name)\n".utf8))
            }
            text += pairs + spreads + (try power(nulls))
        }
        return text
    }

    private static func spreadRow(_ kind: String, _ population: String, _ logP: [[Double]]) -> String {
        let (tenth, hundredth) = (Rates(logP, level: 0.1), Rates(logP, level: 0.01))
        let rates = hundredth.ofSingleKeys
        let quantiles = [0.05, 0.5, 0.95, 0.99, 1].map { share in
            String(format: "%.4f", rates[min(rates.count - 1, Int(share * Double(rates.count)))])
        }.joined(separator: ", ")
        let excess = String(format: "%.4f | %.5f", tenth.spread.excess, hundredth.spread.excess)
        let alike = String(format: "%.4f", hundredth.binomialQuantile(0.99))
        return "| \(kind) | \(population) | \(logP.count) | \(excess) | \(quantiles) | \(alike) |\n"
    }

    private func power(_ nulls: [NullModel?]) throws -> String {
        if marked.isEmpty { return "" }
        // No marked image has a part in either null.
        let (reader, numbers) = (RingReader(key.geometry), key.numbers)
        var text = "\n| marked images | n | log₁₀ p: best | median | worst |\n|---|---|---|---|---|\n"
        for group in marked {
            let logs = try group.latents.map { latent in
                CosineTest.logPValue(
                    cosine: reader.agreement(try reader.read(nulls[0]?.filtered(latent) ?? latent), numbers),
                    dimension: reader.dimension) / log(10)
            }.sorted()
            text += "| \(group.name) | \(logs.count) "
            text += String(format: "| %.1f | %.1f | %.1f |\n", logs[0], logs[logs.count / 2], logs[logs.count - 1])
        }
        return text
    }
}

import Attempts
import Foundation
import Images
import Marks
import Models
import Registration
import RingKeys
import RingkeyKit
import Tensors
import Verification

/// How often keys that nobody used are found at a level, in images of any kind.
struct Exactness {
    private static let levels = [0.1, 0.01, 0.001]
    private static let atOnce = 200

    private let recovery: NoiseRecovery
    private let keys: Int

    init(model path: String, keys: Int) throws {
        let model = try OpenModel(path, options: ExecutionOptions(threads: 1))
        recovery = try RecoveryRequest(routes: [Route(.none, steps: 0)]).recovery(model.model)
        self.keys = keys
    }

    /// Prints a row for each image, and one for all.
    func measure(_ images: [String]) throws {
        print(
            "| image | keys | \(Self.levels.flatMap { ["plain, p ≤ \($0)", "search, p ≤ \($0)"] }.joined(separator: " | ")) |"
        )
        print("| :-- | --: |" + String(repeating: " --: |", count: 2 * Self.levels.count))
        var all = [Int](repeating: 0, count: 2 * Self.levels.count)
        for image in images {
            let counts = try self.counts(image)
            for index in all.indices { all[index] += counts[index] }
            row(URL(fileURLWithPath: image).lastPathComponent, counts, of: keys)
        }
        row("all", all, of: keys * images.count)
    }

    private func row(_ name: String, _ counts: [Int], of total: Int) {
        let shares = counts.map { String(format: "%.5f", Double($0) / Double(total)) }
        print("| \(name) | \(total) | \(shares.joined(separator: " | ")) |")
    }

    /// For each level the keys that the plain reading and the search find.
    private func counts(_ image: String) throws -> [Int] {
        let item = try ImageFile(image).item(limitMegapixels: 100)
        let subject = Subject(item, views: [PlainView(), WholeView()], size: recovery.imageSize)
        let latents = try subject.frames.map { frame in
            try RecoveryBatch(frame.pixels, prompts: [nil], recovery: recovery, for: recovery.settings.routes[0])
                .encoded
        }
        let shape = recovery.latentShape
        let geometry = try KeyGeometry(pattern: .spread, radius: 10, channels: nil, latentShape: shape)
        var counts = [Int](repeating: 0, count: 2 * Self.levels.count)
        for start in stride(from: 0, to: keys, by: Self.atOnce) {
            let fresh = (start..<min(start + Self.atOnce, keys)).map { RingKey(name: "\($0)", geometry: geometry) }
            let set = KeySet(fresh, searching: .full)
            let plain = try set.match(latents[0], twoSided: false)
            let searched = try set.search(
                latents[1], frame: ObservedFrame(subject.frames[1], shape), twoSided: false)
            for (place, level) in Self.levels.enumerated() {
                for (offset, matches) in [plain, searched].enumerated() {
                    counts[2 * place + offset] += matches.count {
                        ($0.log10Corrected(hypotheses: $0.tries) ?? 0) <= log10(level)
                    }
                }
            }
        }
        return counts
    }
}

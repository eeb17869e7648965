import Foundation
import Marks
import Registration
import RingKeys
import Tensors

/// What a search takes on one thread: milliseconds an image for some keys at once, the best of some turns.
enum Times {
    private static let turns = 7

    static func measure() throws {
        print("| latent | keys | plain reading, ms | upright, ms | full, ms | full, ms a further key |")
        print("| :-- | --: | --: | --: | --: | --: |")
        for shape in [
            LatentShape(channels: 4, height: 32, width: 32), LatentShape(channels: 4, height: 64, width: 64),
            LatentShape(channels: 4, height: 128, width: 128), LatentShape(channels: 16, height: 64, width: 64),
        ] {
            var alone = 0.0
            for count in [1, 10] {
                let plain = try time(shape, count, .none)
                let upright = try time(shape, count, .upright)
                let full = try time(shape, count, .full)
                if count == 1 { alone = full }
                let further = count == 1 ? "" : String(format: "%.1f", (full - alone) / Double(count - 1))
                print(
                    "| \(shape) | \(count) | "
                        + [plain, upright, full].map { String(format: "%.1f", $0) }.joined(separator: " | ")
                        + " | \(further) |")
            }
        }
    }

    private static func time(_ shape: LatentShape, _ count: Int, _ extent: SearchExtent) throws -> Double {
        let geometry = try KeyGeometry(pattern: .spread, radius: 10, channels: nil, latentShape: shape)
        let keys = KeySet((0..<count).map { RingKey(name: "\($0)", geometry: geometry) }, searching: extent)
        let noise = Tensor(normal: shape.tensorShape(), seed: 1)
        return try (0..<turns).map { _ -> Double in
            let start = ContinuousClock.now
            _ =
                extent == .none
                ? try keys.match(noise, twoSided: false)
                : try keys.search(noise, frame: ObservedFrame(), twoSided: false)
            return (.now - start) / .milliseconds(1)
        }.min() ?? 0
    }
}

import Foundation
import Spectra
import Tensors

/// The rings of RingID (Ci et al. 2024, arXiv 2404.14055) as its code draws them: a row of pixels from the middle to the right
/// is turned by 0 … 359 degrees about the picture's middle, each time to the nearest pixel, and a cell belongs to the ring that
/// it was most often. Equal to the reference's cell by cell, for it counts in single precision and in its order.
///
/// Turned in a square of odd side, whose last row and column are cut off, rings are symmetric about DC; in one of even side
/// they are centred half a row and half a column beside it.
struct RingRaster: Sendable {
    private static let angles = 360

    /// Unshifted index and ring of each cell, by rows of the shifted spectrum. Ring r is turned from the pixel that lies
    /// r - 1 to the right of the middle one.
    let rings: [(index: Int, ring: Int)]

    /// - Parameters:
    ///   - side: of the square that is turned: the latent's side, or one more.
    ///   - radius: the outermost ring.
    ///   - innerRadius: rings up to this one are left out.
    ///   - grid: of the latent.
    init(side: Int, radius: Int, innerRadius: Int, _ grid: FrequencyGrid) {
        precondition(side == grid.height || side == grid.height + 1, "a raster of \(side) for \(grid.height)")
        let middle = side / 2
        let counts = Self.counts(side: side, radius: radius, middle: middle)
        var rings: [(index: Int, ring: Int)] = []
        for row in 0..<grid.height {
            for column in 0..<grid.width {
                let start = (row * side + column) * radius
                let own = counts[start..<start + radius]
                // The innermost ring is painted last.
                if let ring = (innerRadius + 1...radius).first(where: { Self.usual(own.prefix($0)) == $0 - 1 }) {
                    rings.append((grid.index(shiftedRow: row, column: column), ring))
                }
            }
        }
        self.rings = rings
    }

    /// How often each pixel of the row comes to lie in each cell.
    private static func counts(side: Int, radius: Int, middle: Int) -> [Int] {
        let half = Float(side) / 2
        var counts = [Int](repeating: 0, count: side * side * radius)
        for angle in 0..<angles {
            let turn = Double(angle) * .pi / 180
            let (cosine, sine) = (Float(cos(turn)) / half, Float(sin(turn)) / half)
            for row in 0..<side {
                let y = Float(row) - half + 0.5
                for column in 0..<side {
                    let x = Float(column) - half + 0.5
                    let source = (
                        y: pixel(x * sine + y * cosine, half), x: pixel(x * cosine - y * sine, half)
                    )
                    guard source.y == middle, source.x >= middle, source.x < min(side, middle + radius) else {
                        continue
                    }
                    counts[(row * side + column) * radius + source.x - middle] += 1
                }
            }
        }
        return counts
    }

    /// The nearest pixel to a place from -1 to 1.
    private static func pixel(_ place: Float, _ half: Float) -> Int {
        Int(((place + 1) * half - 0.5).rounded(.toNearestOrEven))
    }

    /// The pixel that a cell counts as, of those that are turned; nil for none. Ties, and cells that were two pixels and never
    /// empty, go to the pixel whose value (200 - 4i)(-1)ⁱ is least. A cell that never changes is empty: the middle one.
    private static func usual(_ counts: ArraySlice<Int>) -> Int? {
        let counts = Array(counts)
        let seen = counts.indices.filter { counts[$0] > 0 }.sorted { value($0) < value($1) }
        let isSometimesEmpty = counts.reduce(0, +) < angles
        switch seen.count + (isSometimesEmpty ? 1 : 0) {
        case ..<2: return nil
        case 2: return seen[0]
        default:
            let most = seen.map { counts[$0] }.max() ?? 0
            return seen.first { counts[$0] == most }
        }
    }

    private static func value(_ pixel: Int) -> Int { (200 - 4 * pixel) * (pixel % 2 == 0 ? 1 : -1) }
}

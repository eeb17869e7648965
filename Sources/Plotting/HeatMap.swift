import Foundation
import Pictures

/// Turns a plane of magnitudes into a picture, dark for small and light for large, on a logarithmic scale between the
/// plane's 2nd and 99.5th percentile.
enum HeatMap {
    /// - Parameter rows: rows of one length; at least one number.
    static func image(_ rows: [[Float]]) -> RGBImage {
        let logs = rows.map { $0.map { log(Double(max($0, 1e-6))) } }
        let sorted = logs.flatMap { $0 }.sorted()
        let low = sorted[sorted.count * 2 / 100]
        let high = max(sorted[min(sorted.count - 1, sorted.count * 995 / 1000)], low + 1e-9)
        let pixels = logs.flatMap { row in row.flatMap { colour(min(max(($0 - low) / (high - low), 0), 1)) } }
        return RGBImage(width: rows[0].count, height: rows.count, pixels: pixels)
    }

    /// Red, green and blue of a share from 0 to 1: dark blue over teal to light yellow, the brightness rising evenly.
    static func colour(_ share: Double) -> [UInt8] {
        let stops: [[Double]] = [
            [20, 20, 60], [40, 85, 125], [60, 145, 130], [150, 195, 105], [250, 240, 165],
        ]
        let position = share * Double(stops.count - 1)
        let index = min(Int(position), stops.count - 2)
        let part = position - Double(index)
        return zip(stops[index], stops[index + 1]).map { UInt8(($0 + ($1 - $0) * part).rounded()) }
    }
}

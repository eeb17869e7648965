import Foundation
import Images

/// Turns a plane of magnitudes into a picture, dark for small and light for large, on a logarithmic scale between the
/// plane's 2nd and 99.5th percentile.
public enum HeatMap {
    /// - Parameter rows: rows of one length; at least one number.
    public static func image(_ rows: [[Float]]) -> RGBImage {
        let logs = rows.map { $0.map { log(Double(max($0, 1e-6))) } }
        let sorted = logs.flatMap { $0 }.sorted()
        let low = sorted[sorted.count * 2 / 100]
        let high = max(sorted[min(sorted.count - 1, sorted.count * 995 / 1000)], low + 1e-9)
        let pixels = logs.flatMap { row in
            row.flatMap { value -> [UInt8] in
                let colour = colour(min(max((value - low) / (high - low), 0), 1))
                return [colour.red, colour.green, colour.blue]
            }
        }
        return RGBImage(width: rows[0].count, height: rows.count, pixels: pixels)
    }

    /// Dark blue over teal to light yellow, its brightness rising evenly.
    static func colour(_ share: Double) -> Colour {
        let stops: [(Double, Double, Double)] = [
            (20, 20, 60), (40, 85, 125), (60, 145, 130), (150, 195, 105), (250, 240, 165),
        ]
        let position = share * Double(stops.count - 1)
        let index = min(Int(position), stops.count - 2)
        let part = position - Double(index)
        func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * part).rounded()) }
        let (a, b) = (stops[index], stops[index + 1])
        return Colour(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
    }
}

import Spectra

/// The circle mask of the Tree-Ring package (Wen et al. 2023), as its code computes it: on a spectrum with DC in the
/// middle, rows are flipped before the comparison with the middle, so that on even sides the circle lies one row above
/// DC. 64 × 64 and radius 10 give 317 cells in rows 21 ... 41 and columns 22 ... 42, with DC at row 32.
public struct ReferenceMask: Sendable {
    /// Unshifted index and ring of each cell, by rows of the shifted spectrum. Ring r is what the circle of radius r has
    /// and that of radius r - 1 has not; ring 1 includes the middle.
    let rings: [(index: Int, ring: Int)]

    init(_ geometry: KeyGeometry) {
        let grid = FrequencyGrid(geometry.latentShape)
        let radius = Int(geometry.radius)
        // The package knows square planes alone and takes the middle from one side; each side has its own here.
        let (middleY, middleX) = (grid.height / 2, grid.width / 2)
        var rings: [(index: Int, ring: Int)] = []
        for row in 0..<grid.height {
            for column in 0..<grid.width {
                let (y, x) = (grid.height - 1 - row - middleY, column - middleX)
                let squared = y * y + x * x
                guard squared <= radius * radius, let ring = (1...radius).first(where: { squared <= $0 * $0 }) else {
                    continue
                }
                rings.append((grid.index(shiftedRow: row, column: column), ring))
            }
        }
        self.rings = rings
    }

    /// Unshifted indices, by rows of the shifted spectrum.
    var indices: [Int] { rings.map(\.index) }
}

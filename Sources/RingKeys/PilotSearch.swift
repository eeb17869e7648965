import Marks
import Registration
import Tensors

/// Looks for one `spread` key, the pilot, and reads what other channels have in the places where it fits best.
package struct PilotSearch: BankSearch {
    /// In how many of the pilot's places the others are read: what p-values there are multiplied by.
    package static let mostPlaces = 4

    private let numbers: [Double]
    private let pilot: SpreadSearch
    private let others: SpreadSearch

    /// - Parameters:
    ///   - numbers: of the pilot.
    ///   - pilot: the reader of its geometry.
    ///   - others: the reader of a geometry of other channels.
    ///   - extent: how far; not `none`.
    /// - Returns: nil where the pilot has too few numbers to pay for a search, or its disc is too large.
    package init?(for numbers: [Double], _ pilot: RingReader, reading others: RingReader, _ extent: SearchExtent) {
        precondition(
            Set(pilot.geometry.channels).isDisjoint(with: others.geometry.channels),
            "a pilot in \(pilot.geometry.channels) for keys in \(others.geometry.channels)")
        guard let search = pilot.makeSearch(extent) as? SpreadSearch, let whitening = others.selfWhitening else {
            return nil
        }
        self.numbers = numbers
        self.pilot = search
        self.others = SpreadSearch(others.geometry, others.map, whitening, extent)
    }

    package func look(
        in noise: Tensor, frame: ObservedFrame, twoSided: Bool
    ) throws -> (pilot: Sighting, places: [Sighting]) {
        let found = try pilot.places(of: numbers, in: noise, frame: frame, twoSided: twoSided)
        guard let best = found.first else { return (pilot.nothing(frame), []) }
        let places = found.prefix(Self.mostPlaces)
        let readings = try others.readings(of: noise, frame: frame, at: places.map(\.placement))
        return (
            best,
            zip(places, readings).compactMap { place, reading in
                guard reading.contains(where: { $0 != 0 }) else { return nil }
                return Sighting(
                    placement: place.placement, tier: place.tier, reading: reading, tries: Double(Self.mostPlaces))
            }
        )
    }
}

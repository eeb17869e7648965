import Registration
import Tensors

/// A bank among the keys of a set: the places of its keys and its pilot, and their readers.
struct OpenBank: Sendable {
    /// How many keys of a bank are named for an image.
    static let named = 3

    let bank: any KeyBank
    /// Of its keys in the set, and of its pilot after them.
    let places: Range<Int>
    let search: (any BankSearch)?
    private let reader: any MarkReader
    private let pilot: (key: any MarkKey, reader: any MarkReader, numbers: [Double])?

    init(_ bank: any KeyBank, first: Int, searching extent: SearchExtent) {
        precondition(bank.count > 0, "a bank of \(bank.count) keys")
        self.bank = bank
        reader = bank.makeReader()
        pilot = bank.pilot.map { ($0, $0.makeReader(), $0.numbers) }
        places = first..<first + bank.count + (pilot == nil ? 0 : 1)
        search = extent == .none ? nil : bank.makeSearch(extent)
    }

    var pilotPlace: Int? { pilot == nil ? nil : places.upperBound - 1 }

    func key(_ place: Int) -> any MarkKey {
        if place == pilotPlace, let pilot { return pilot.key }
        return bank.key(at: place - places.lowerBound)
    }

    func identity(_ place: Int) -> KeyIdentity {
        if place == pilotPlace, let pilot { return pilot.key.identity }
        return bank.identity(at: place - places.lowerBound)
    }

    func reader(of place: Int) -> any MarkReader {
        if place == pilotPlace, let pilot { return pilot.reader }
        return reader
    }

    /// What of noise no key of the bank and not its pilot has numbers in: the pilot is in all of the bank's images.
    func free(_ noise: Tensor, isEvened: Bool) -> FreeNoise? {
        guard let own = reader.free(noise, isEvened: isEvened) else { return nil }
        guard let pilot else { return own }
        guard let both = pilot.reader.free(own.values, isEvened: false) else { return nil }
        let left = own.dimension + both.dimension - bank.latentShape.count
        return left > 1 ? FreeNoise(values: both.values, dimension: left) : nil
    }

    /// The best keys of each latent's noise, in the places where marks are put, and the pilot.
    func matches(_ noises: [Tensor], twoSided: Bool) throws -> [[Match]] {
        let readings = try noises.map { try reader.read($0) }
        let best = bank.best(Self.named, of: readings, twoSided: twoSided)
        return try noises.indices.map { index in
            let own = best[index].map { match($0, readings[index], twoSided, nil) }
            guard let pilot else { return own }
            return own + [try pilotMatch(pilot.reader.read(noises[index]), twoSided, nil)].compactMap(\.self)
        }
    }

    /// The best keys in the places where the pilot fits; nil where nothing is searched.
    func sightings(
        _ noises: [(noise: Tensor, frame: ObservedFrame)], twoSided: Bool
    ) throws -> [[Match]]? {
        guard let search else { return nil }
        let looks = try noises.map { try search.look(in: $0.noise, frame: $0.frame, twoSided: twoSided) }
        var best = bank.best(Self.named, of: looks.flatMap { $0.places.map(\.reading) }, twoSided: twoSided)[...]
        return looks.map { look in
            var matches: [Int: Match] = [:]
            for sighting in look.places {
                for place in best.removeFirst() {
                    let match = match(place, sighting.reading, twoSided, sighting)
                    if match.logPValue ?? 0 < matches[place]?.logPValue ?? .infinity { matches[place] = match }
                }
            }
            let own = matches.values.sorted { ($0.logPValue ?? 0, $0.key) < ($1.logPValue ?? 0, $1.key) }
            return own.prefix(Self.named)
                + [pilotMatch(look.pilot.reading, twoSided, look.pilot)].compactMap(\.self)
        }
    }

    private func match(_ place: Int, _ reading: [Double], _ twoSided: Bool, _ sighting: Sighting?) -> Match {
        Match(
            key: places.lowerBound + place, numbers: bank.key(at: place).numbers, smallestPValue: 0, by: reader,
            reading: reading, twoSided: twoSided, sighting: sighting)
    }

    private func pilotMatch(_ reading: [Double], _ twoSided: Bool, _ sighting: Sighting?) -> Match? {
        guard let pilot, let pilotPlace else { return nil }
        return Match(
            key: pilotPlace, numbers: pilot.numbers, smallestPValue: 0, by: pilot.reader, reading: reading,
            twoSided: twoSided, sighting: sighting)
    }
}

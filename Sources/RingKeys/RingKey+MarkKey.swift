import KeyDocuments
import Marks
import Tensors

extension RingKey: MarkKey {
    /// Fingerprint, name and pattern.
    public var identity: KeyIdentity { KeyIdentity(id: id, name: name, pattern: geometry.pattern.rawValue) }
    /// Radius, ring width, channels and phase origin.
    public var details: [KeyDetail] {
        [
            KeyDetail("radius", .number(geometry.radius)), KeyDetail("ring_width", .number(geometry.ringWidth)),
            KeyDetail("channels", .numbers(geometry.channels)),
            KeyDetail("phase_origin", .text(geometry.phaseOrigin.rawValue)),
        ]
    }
    /// The latents that the key fits.
    public var latentShape: LatentShape { geometry.latentShape }
    /// One over the number of seeds, of keys that were drawn from one.
    public var smallestPValue: Double { KeyDocument.smallestPValue(seedBits: seedBits) }
    /// Keys of one geometry.
    public var family: KeyFamily { KeyFamily(scheme: "ring", geometry: geometry.canonicalText) }
    /// A `RingReader`.
    public func makeReader() -> any MarkReader { RingReader(geometry) }
}

import Marks
import Tensors

extension RingKey: MarkKey {
    /// Fingerprint, name and pattern.
    public var identity: KeyIdentity { KeyIdentity(id: id, name: name, pattern: geometry.pattern.rawValue) }
    /// The latents that the key fits.
    public var latentShape: LatentShape { geometry.latentShape }
    /// Keys of one geometry.
    public var family: KeyFamily { KeyFamily(scheme: "ring", geometry: geometry.canonicalText) }
    /// A `RingReader`.
    public func makeReader() -> any MarkReader { RingReader(geometry) }
}

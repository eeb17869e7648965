import Pictures

/// Many pictures of one key and many unmarked ones: what `average` needs. What knows a study's images conforms to this.
public protocol Crowd: Sendable {
    /// Some marked pictures, as many unmarked ones, and one more unmarked one, all of one size.
    /// - Parameters:
    ///   - count: of each kind.
    ///   - seed: chooses them.
    /// - Throws: `InputError` where there are not so many.
    func draw(_ count: Int, seed: UInt64) throws -> (marked: [RGBImage], clean: [RGBImage], cover: RGBImage)
}

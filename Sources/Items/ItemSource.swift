/// Where an item comes from: a file, bytes of an upload, a frame of a clip. Nothing is read before `item` is asked for.
public protocol ItemSource: Sendable {
    /// The name that the item's user knows it by.
    var name: String { get }

    /// Reads and decodes.
    /// - Parameter limitMegapixels: larger pictures are refused before memory is allocated.
    /// - Throws: `InputError` naming the item if it has no readable picture.
    func item(limitMegapixels: Double) throws -> Item
}

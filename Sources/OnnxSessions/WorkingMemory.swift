import Files
import InputErrors
import Models

/// What activations of a network take while an item goes through it, about, beside the weights.
package struct WorkingMemory: Sendable {
    /// Bytes for each place of the input's height × width.
    private let bytesPerPlace: Int
    /// The network, for errors.
    private let name: String
    /// Items go through the network one after the other where several at once would take more: then they gain nothing.
    private static let budget = 1 << 30

    /// An estimate, from measurements.
    package init(bytesPerPlace: Int, of name: String) {
        precondition(bytesPerPlace > 0, "\(bytesPerPlace) bytes for each place")
        self.bytesPerPlace = bytesPerPlace
        self.name = name
    }

    /// Bytes for one item; nil beyond all numbers.
    private func bytes(_ size: ImageSize) -> Int? {
        let (places, isLarge) = size.height.multipliedReportingOverflow(by: size.width)
        let (bytes, isLarger) = places.multipliedReportingOverflow(by: bytesPerPlace)
        return isLarge || isLarger ? nil : bytes
    }

    /// How many items are to go through at once, at least one.
    func items(_ size: ImageSize) -> Int { bytes(size).map { max(1, Self.budget / max($0, 1)) } ?? 1 }

    /// Refuses a size for which the system has not enough memory.
    func require(_ size: ImageSize) throws {
        guard let free = Memory.available, bytes(size).map({ $0 > free }) ?? true else { return }
        let wanted = bytes(size).map { "about \($0 / 1_000_000) MB" } ?? "more than there is"
        throw InputError(
            name, expected: "\(wanted) of free memory for an input of \(size.height)×\(size.width)",
            found: "\(free / 1_000_000) MB", as: .noMemory)
    }
}

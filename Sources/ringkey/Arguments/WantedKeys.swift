import Marks

/// What images are held against.
struct WantedKeys {
    /// Keys that are looked for one by one.
    var keys: [any MarkKey]
    /// The derived keys of key rings.
    var banks: [any KeyBank]

    /// Names for tables, as far as there are few.
    var names: [String] { keys.map(\.identity.name) + banks.map(\.identity.name) }
}

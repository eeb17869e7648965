/// A tensor's name, taken apart at its points.
package struct NamePattern {
    private let parts: [Substring]

    package init(_ name: String) { parts = name.split(separator: ".", omittingEmptySubsequences: false) }

    /// A part; empty behind the end.
    package subscript(_ index: Int) -> Substring { index < parts.count ? parts[index] : "" }

    /// A part that is an index into a list of modules; nil where it is none.
    package func index(_ place: Int) -> Int? {
        Int(self[place]).flatMap { String($0) == self[place] && $0 >= 0 ? $0 : nil }
    }

    /// The parts from one on, joined again.
    package func rest(_ start: Int) -> String { parts.dropFirst(start).joined(separator: ".") }

    /// The parts from one on, the first of which begin with a key of `modules` that its value replaces; nil where none does.
    package func rest(_ start: Int, _ modules: KeyValuePairs<String, String>) -> String? {
        let rest = rest(start)
        for (old, new) in modules where rest.hasPrefix(old + ".") { return new + rest.dropFirst(old.count) }
        return nil
    }
}

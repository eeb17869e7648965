import InputErrors

/// The tensors of a file below one prefix of their names, such as `first_stage_model.`.
package struct PrefixedTensors: Sendable {
    /// All tensors of the file.
    package let file: CheckpointWeights
    /// With its last point, or empty.
    package let prefix: String
    /// What follows the prefix, sorted.
    package let names: [String]
    /// By the names of lists, what their modules are called: there may be many lists in a file of many tensors.
    private let lists: [Substring: Set<Substring>]

    /// Points in a name that are looked at: more than any layout has, and few, as each costs its whole beginning.
    private static let deepest = 32

    /// The tensors below a prefix.
    package init(_ file: CheckpointWeights, below prefix: String) {
        self.file = file
        self.prefix = prefix
        names = file.tensors.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
        var lists: [Substring: Set<Substring>] = [:]
        for name in names {
            var (start, depth) = (name.startIndex, 0)
            while depth < Self.deepest, let end = name[start...].firstIndex(of: ".") {
                let part = name[start..<end]
                if start > name.startIndex, part.allSatisfy(\.isNumber) {
                    lists[name[..<name.index(before: start)], default: []].insert(part)
                }
                start = name.index(after: end)
                depth += 1
            }
        }
        self.lists = lists
    }

    /// Whether a tensor is there.
    package func has(_ name: String) -> Bool { file.has(prefix + name) }

    /// The number of modules `list.0`, `list.1`, … up to the first that has no tensor.
    package func count(_ list: String) -> Int {
        let indices = lists[Substring(list)] ?? []
        var count = 0
        while indices.contains(Substring(String(count))) { count += 1 }
        return count
    }

    /// The extents of a tensor.
    /// - Parameter ranks: how many there may be.
    /// - Throws: `InputError` where there is no such tensor, or one of another rank.
    package func shape(_ name: String, ranks: Int...) throws -> [Int] {
        let shape = try file.tensor(prefix + name).shape
        guard ranks.contains(shape.count) else {
            throw refusal(name, expected: "\(ranks.map(String.init).joined(separator: " or ")) extents", found: shape)
        }
        return shape
    }

    /// A refusal of a tensor for its shape.
    package func refusal(_ name: String, expected: String, found shape: [Int]) -> InputError {
        InputError("\(file.name): \(prefix)\(name)", expected: expected, found: "\(shape)", as: .checkpoint)
    }

    /// The tensors under the names that `rename` gives each: none for one that no network needs, its own full name for one
    /// that is not known, so that the network refuses it.
    /// - Throws: what `rename` throws, and `InputError` where two tensors get one name.
    package func renamed(
        _ rename: (_ name: String, _ location: TensorLocation) throws -> [String: TensorLocation]
    ) throws -> CheckpointWeights {
        var tensors: [String: TensorLocation] = [:]
        for name in names {
            for (new, location) in try rename(name, file.tensor(prefix + name)) {
                guard tensors.updateValue(location, forKey: new) == nil else {
                    throw InputError(
                        "\(file.name): \(prefix)\(name)", expected: "one tensor for \(new)", found: "another one too",
                        as: .checkpoint)
                }
            }
        }
        return CheckpointWeights(named: file.name, tensors)
    }
}

import Foundation
import TensorFiles
import TestSupport
import Testing

import CheckpointModels

/// A real checkpoint's tensors: what they are called in a single file, and where diffusers takes its own from. The format is
/// described in `Tests/Fixtures/OriginalLayout/names.py`.
struct OriginalNames {
    /// A tensor of diffusers.
    struct Entry {
        let name: String
        /// In the file.
        let original: String
        /// The first row of the original.
        let row: Int
        /// In diffusers.
        let shape: [Int]
        let isTransposed: Bool
    }

    /// By part, in the order of the list; `ignored` are those that diffusers has no use for, under their own names.
    private(set) var parts: [String: [Entry]] = [:]
    /// All tensors of the file, one behind the other, as 16-bit numbers.
    private(set) var tensors: [String: TensorLocation] = [:]

    init(_ family: String) throws {
        let text = try String(contentsOf: Fixtures.url("OriginalLayout/\(family).names"), encoding: .utf8)
        var (part, above, full, end) = ("", ["", ""], [Int](), 0)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("[") {
                part = String(line.dropFirst().dropLast())
                continue
            }
            let written = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let columns = written + [String](repeating: "", count: 5 - written.count)
            above = try zip(above, columns).map { old, new in
                let digits = new.prefix { $0.isNumber }
                return String(old.prefix(try #require(Int(digits)))) + new.dropFirst(digits.count)
            }
            if columns[2] != "=" { full = Self.extents(columns[2]) }
            parts[part, default: []].append(
                Entry(
                    name: above[0], original: above[1], row: Int(columns[3]) ?? 0,
                    shape: columns[4].isEmpty ? full : Self.extents(columns[4]),
                    isTransposed: columns[4].hasSuffix("'")))
            guard tensors[above[1]] == nil else { continue }
            let location = TensorLocation(file: "/\(family)", type: .float16, shape: full, offset: end)
            tensors[above[1]] = location
            end += location.byteCount
        }
    }

    private static func extents(_ text: String) -> [Int] {
        text.filter { $0 != "'" }.split(separator: "x").compactMap { Int($0) }
    }

    /// The file.
    var file: CheckpointWeights { CheckpointWeights(named: "file.safetensors", tensors) }

    /// The file with other tensors: nil for none.
    func file(_ changes: [String: [Int]?]) -> CheckpointWeights {
        var changed = tensors
        for (name, shape) in changes {
            changed[name] = shape.map { TensorLocation(file: "/file", type: .float16, shape: $0, offset: 0) }
        }
        return CheckpointWeights(named: "file.safetensors", changed)
    }

    /// Where a part's tensors are to be found.
    func expected(_ part: String) throws -> [String: TensorLocation] {
        var expected: [String: TensorLocation] = [:]
        for entry in try #require(parts[part]) {
            let original = try #require(tensors[entry.original])
            let rowBytes = original.shape.dropFirst().reduce(2, *)
            // A matrix that diffusers transposes stays as it is, under OpenCLIP's own name.
            expected[entry.isTransposed ? "text_projection" : entry.name] = TensorLocation(
                file: original.file, type: .float16, shape: entry.isTransposed ? original.shape : entry.shape,
                offset: original.offset + entry.row * rowBytes)
        }
        return expected
    }
}

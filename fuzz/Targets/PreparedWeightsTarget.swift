import CheckpointModels
import Foundation

extension FuzzTarget {
    /// What stands where prepared weights are to be is made anew, unless its header and its length are the right ones.
    static let preparedWeights = FuzzTarget("prepared-weights") { bytes in
        let right = try rightContent.get()
        let prepared = try layer()
        let url = URL(fileURLWithPath: prepared.path)
        try Data(bytes).write(to: url)
        try prepared.write()
        let found = try Data(contentsOf: url)
        let isTaken = found.elementsEqual(bytes) && found.count == right.count && found.starts(with: right.prefix(64))
        precondition(found == right || isTaken, "\(found.count) bytes of \(right.count) that nobody made")
    }
}

private let folder = ScratchFolder("prepared-weights")

/// A layer of three outputs and five inputs.
private func layer() throws -> PreparedWeights {
    let weights = try CheckpointWeights(named: "layer", files: [file.get()])
    let prepared = try PreparedWeights(for: weights, name: "layer", ["RINGKEY_CACHE": folder.url.path])
    _ = prepared.matrix(try weights.tensor("weight"), .linear)
    return prepared
}

private let file = Result {
    let header = #"{"weight":{"dtype":"F16","shape":[3,5],"data_offsets":[0,30]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    let content = length + Array(header.utf8) + (0..<30)
    return URL(fileURLWithPath: try folder.write("layer.safetensors", content[...]))
}

private let rightContent = Result {
    let prepared = try layer()
    try prepared.write()
    return try Data(contentsOf: URL(fileURLWithPath: prepared.path))
}

import Files
import Foundation
import InputErrors
import TensorFiles
import Tensors

extension Calibration {
    /// The name by which a model folder's calibration is found.
    public static let fileName = "calibration.safetensors"

    private static let largestFile = 1 << 30

    /// Writes the file by way of a temporary name.
    public func write(to path: String, overwrite: Bool) throws {
        try SafetensorsFile.write(
            tensors, metadata: fields.merging(["sha256": digest]) { $1 }, to: path, overwrite: overwrite)
    }

    /// Reads a file and checks its digest.
    /// - Throws: `InputError` naming the file, what was expected and what was found.
    public init(contentsOf path: String) throws {
        let file = try SafetensorsFile(data: InputFile.read(path, limit: Self.largestFile), named: path)
        func field(_ name: String) throws -> String {
            guard let text = file.metadata[name] else {
                throw InputError(
                    path, expected: "a calibration (\(Self.formatName))", found: "no field \(name)",
                    as: .calibrationDocument)
            }
            return text
        }
        let format = try field("format")
        guard format == Self.formatName else {
            throw InputError("\(path): format", expected: Self.formatName, found: format, as: .calibrationDocument)
        }
        guard let images = Int(try field("images")), images >= NullModel.fewestImages else {
            throw InputError(
                "\(path): images", expected: "a number from \(NullModel.fewestImages)", found: try field("images"),
                as: .calibrationDocument)
        }
        guard let guidance = Double(try field("guidance")), guidance.isFinite else {
            throw InputError(
                "\(path): guidance", expected: "a number", found: try field("guidance"), as: .calibrationDocument)
        }
        let recoveries = try (file.metadata["recoveries"] ?? "").split(separator: " | ").map { line in
            guard let recovery = MarkRecovery(line: line) else {
                throw InputError(
                    "\(path): recoveries", expected: "entries of route, images, ratio and family", found: "\(line)",
                    as: .calibrationDocument)
            }
            return recovery
        }
        let ways = Set(file.names.compactMap { $0.split(separator: " ").first.map(String.init) })
        try self.init(
            modelDigest: field("model"), prompt: field("prompt"), guidance: guidance, images: images,
            nulls: Dictionary(uniqueKeysWithValues: ways.map { ($0, try NullModel(file, way: $0, path: path)) }),
            recoveries: recoveries, scores: Self.scores(file, path: path), subject: path)
        let stored = try field("sha256")
        guard stored == digest else {
            throw InputError(
                "\(path): sha256", expected: digest, found: "\(stored): the file was changed", as: .calibrationDocument)
        }
    }
}

extension Calibration {
    /// Tensors named by the route, `scores` and a key's fingerprint.
    private static func scores(_ file: SafetensorsFile, path: String) throws -> [String: [String: [Float]]] {
        var scores: [String: [String: [Float]]] = [:]
        for name in file.names {
            let parts = name.split(separator: " ").map(String.init)
            guard parts.count == 3, parts[1] == "scores" else { continue }
            let own = try file.tensor(named: name)
            guard own.shape.count == 1, own.count > 0, own.isFinite else {
                throw InputError(
                    "\(path): \(name)", expected: "a list of numbers", found: "\(own.shape)", as: .calibrationDocument)
            }
            scores[parts[0], default: [:]][parts[2]] = own.elements
        }
        return scores
    }
}

extension NullModel {
    /// What a file has of one null: `mean`, `whitening`, and `directions` and `gains` where there are some.
    var tensors: [(name: String, tensor: Tensor)] {
        let own = [("mean", mean), ("whitening", whitening)]
        guard let directions else { return own }
        return own + [
            ("directions", directions), ("gains", Tensor(gains.map { Float($0) }, shape: [gains.count])),
        ]
    }

    fileprivate init(_ file: SafetensorsFile, way: String, path: String) throws {
        let mean = try file.tensor(named: "\(way) mean")
        let whitening = try file.tensor(named: "\(way) whitening")
        let extents = Array(mean.shape.dropFirst())
        guard mean.shape.count == 4, mean.batch == 1, extents.allSatisfy({ $0 > 0 }) else {
            throw InputError(
                "\(path): \(way) mean", expected: "the shape [1, C, h, w]", found: "\(mean.shape)",
                as: .calibrationDocument)
        }
        guard whitening.shape == [extents[0]] + extents else {
            throw InputError(
                "\(path): \(way) whitening", expected: "the shape \([extents[0]] + extents)",
                found: "\(whitening.shape)", as: .calibrationDocument)
        }
        guard file.names.contains("\(way) directions") else {
            self.init(mean: mean, whitening: whitening, directions: nil, gains: [])
            return
        }
        let directions = try file.tensor(named: "\(way) directions")
        let gains = try file.tensor(named: "\(way) gains").elements.map(Double.init)
        guard !gains.isEmpty, directions.shape == [gains.count] + extents else {
            throw InputError(
                "\(path): \(way) directions", expected: "the shape \([gains.count] + extents)",
                found: "\(directions.shape)", as: .calibrationDocument)
        }
        self.init(mean: mean, whitening: whitening, directions: directions, gains: gains)
    }
}

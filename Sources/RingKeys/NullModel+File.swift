import Foundation
import Tensors

/// The file of a null model, `ringkey.null/1`: safetensors with the tensors `mean`, `whitening`, and, where there are
/// directions, `directions` and `gains` (docs/calibration.md).
extension NullModel {
    /// The name by which a model folder's null is found.
    public static let fileName = "ringkey-null.safetensors"

    private static let largestFile = 1 << 30

    /// SHA-256 over what the null is, hexadecimal: its origin and its numbers, whatever the file looks like.
    public var digest: String {
        var message = Array(
            """
            \(Self.formatName)
            model \(origin.modelDigest)
            chain \(origin.chain)
            images \(origin.images)
            latent \(latentShape)
            directions \(directionCount)

            """.utf8)
        for (_, tensor) in tensors {
            tensor.withUnsafeBufferPointer { elements in
                for element in elements {
                    withUnsafeBytes(of: element.bitPattern.littleEndian) { message += $0 }
                }
            }
        }
        return Sodium.sha256(message).hexadecimal
    }

    /// Writes the file by way of a temporary name.
    public func write(to path: String, overwrite: Bool) throws {
        try SafetensorsFile.write(
            tensors,
            metadata: [
                "format": Self.formatName, "model": origin.modelDigest, "chain": origin.chain,
                "images": "\(origin.images)", "sha256": digest,
            ], to: path, overwrite: overwrite)
    }

    /// Reads a file and checks its digest.
    /// - Throws: `InputError` naming the file, what was expected and what was found.
    public init(contentsOf path: String) throws {
        let file = try SafetensorsFile(data: InputFile.read(path, limit: Self.largestFile), named: path)
        func field(_ name: String) throws -> String {
            guard let text = file.metadata[name] else {
                throw InputError(path, expected: "a null model (\(Self.formatName))", found: "no field \(name)")
            }
            return text
        }
        let format = try field("format")
        guard format == Self.formatName else {
            throw InputError("\(path): format", expected: Self.formatName, found: format)
        }
        guard let images = Int(try field("images")), images >= Self.fewestImages else {
            throw InputError(
                "\(path): images", expected: "a number from \(Self.fewestImages)", found: try field("images"))
        }
        let mean = try file.tensor(named: "mean")
        let whitening = try file.tensor(named: "whitening")
        let extents = Array(mean.shape.dropFirst())
        guard mean.shape.count == 4, mean.batch == 1, extents.allSatisfy({ $0 > 0 }) else {
            throw InputError("\(path): mean", expected: "the shape [1, C, h, w]", found: "\(mean.shape)")
        }
        guard whitening.shape == [extents[0]] + extents else {
            throw InputError(
                "\(path): whitening", expected: "the shape \([extents[0]] + extents)", found: "\(whitening.shape)")
        }
        var directions: Tensor?
        var gains: [Double] = []
        if file.names.contains("directions") {
            let tensor = try file.tensor(named: "directions")
            gains = try file.tensor(named: "gains").elements.map(Double.init)
            guard !gains.isEmpty, tensor.shape == [gains.count] + extents else {
                throw InputError(
                    "\(path): directions", expected: "the shape \([gains.count] + extents)", found: "\(tensor.shape)")
            }
            directions = tensor
        }
        self.init(
            origin: Origin(modelDigest: try field("model"), chain: try field("chain"), images: images), mean: mean,
            whitening: whitening, directions: directions, gains: gains)
        let stored = try field("sha256")
        guard stored == digest else {
            throw InputError("\(path): sha256", expected: digest, found: "\(stored): the file was changed")
        }
    }

    private var tensors: [(name: String, tensor: Tensor)] {
        let own = [("mean", mean), ("whitening", whitening)]
        guard let directions else { return own }
        return own + [
            ("directions", directions), ("gains", Tensor(gains.map { Float($0) }, shape: [gains.count])),
        ]
    }
}

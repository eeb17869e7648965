import Models
import Synchronization
import TensorFiles
import Tensors
import TestSupport

/// D and E as the matrices of the fixtures, multiplied in Double.
struct LinearAutoencoder: Autoencoder {
    let imageSize = (height: 8, width: 6)
    let latentShape = LatentShape(channels: 3, height: 5, width: 7)
    private let decoder: Tensor
    private let encoder: Tensor

    init() throws {
        decoder = try golden("decoder")
        encoder = try golden("encoder")
    }

    func encode(_ images: Tensor) -> Tensor { Self.apply(encoder, images, [3, 5, 7]) }
    func decode(_ latents: Tensor) -> Tensor { Self.apply(decoder, latents, [3, 8, 6]) }

    private static func apply(_ matrix: Tensor, _ batch: Tensor, _ shape: [Int]) -> Tensor {
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        var result: [Float] = []
        for item in 0..<batch.batch {
            let vector = batch.item(item).elements
            matrix.withUnsafeBufferPointer { matrix in
                for row in 0..<rows {
                    var sum = 0.0
                    for column in 0..<columns { sum += Double(matrix[row * columns + column]) * Double(vector[column]) }
                    result.append(Float(sum))
                }
            }
        }
        return Tensor(result, shape: [batch.batch] + shape)
    }
}

/// D is the identity and E any function of one item's numbers, so that E∘D is that function. Counts what it is asked.
final class MappedAutoencoder: Autoencoder {
    let imageSize: (height: Int, width: Int)
    let latentShape: LatentShape
    private let map: @Sendable ([Float], Int) throws -> [Float]
    private let sizes = Mutex<[Int]>([])

    /// - Parameter map: the numbers of one item, and how many batches were encoded before.
    init(width: Int, map: @escaping @Sendable ([Float], Int) throws -> [Float]) {
        imageSize = (1, width)
        latentShape = LatentShape(channels: 3, height: 1, width: width)
        self.map = map
    }

    /// E∘D multiplies number i by `eigenvalues[i % count]`.
    convenience init(eigenvalues: [Float]) {
        self.init(width: eigenvalues.count) { numbers, _ in
            numbers.enumerated().map { $1 * eigenvalues[$0 % eigenvalues.count] }
        }
    }

    /// The sizes of the batches that were encoded.
    var batches: [Int] { sizes.withLock(\.self) }

    func encode(_ images: Tensor) throws -> Tensor {
        let call = sizes.withLock { sizes in
            sizes.append(images.batch)
            return sizes.count - 1
        }
        let items = try (0..<images.batch).map { try map(images.item($0).elements, call) }
        return Tensor(items.flatMap(\.self), shape: images.shape)
    }

    func decode(_ latents: Tensor) -> Tensor { latents }
}

func golden(_ name: String) throws -> Tensor {
    try Tensor(npy: Fixtures.url("DecoderInversion/\(name).npy").path)
}

/// ‖E(D(z)) - E(x)‖ / ‖E(x)‖ of each item, evaluated anew.
func relativeResiduals(_ latents: Tensor, _ encoded: Tensor, _ autoencoder: any Autoencoder) throws -> [Double] {
    let returned = try autoencoder.encode(autoencoder.decode(latents))
    return (0..<latents.batch).map {
        ((returned.item($0) - encoded.item($0)).squaredNorm / encoded.item($0).squaredNorm).squareRoot()
    }
}

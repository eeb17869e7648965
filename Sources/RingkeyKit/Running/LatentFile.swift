import InputErrors
import TensorFiles
import Tensors

/// Latents and noise in `.npy` files.
enum LatentFile {
    /// - Parameters:
    ///   - path: of an array `[C, h, w]` or `[1, C, h, w]`.
    ///   - shape: the model's.
    /// - Returns: `[1, C, h, w]`.
    /// - Throws: `InputError` for a file that cannot be read, or another shape.
    static func read(_ path: String, shape: LatentShape) throws -> Tensor {
        let shape = shape.tensorShape()
        let tensor = try Tensor(npy: path)
        let withBatch = tensor.shape.count == 3 ? [1] + tensor.shape : tensor.shape
        guard withBatch == shape else {
            throw InputError(
                path, expected: "the model's latent shape \(shape)", found: "\(tensor.shape)", as: .wrongShape)
        }
        return tensor.reshaped(shape)
    }
}

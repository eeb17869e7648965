import ArgumentParser
import Foundation
import InputErrors
import RandomNumbers
import RingkeyKit
import SeedKeys
import Tensors

/// Where a key of another tool was drawn: its files and flags do not say.
struct DrawingArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Where PyTorch drew the key: cuda or cpu.", valueName: "device"))
    var device = "cuda"

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Threads of one launch on the GPU, if a latent has more elements (a T4 has 40960, an L4 89088).
            """, valueName: "n"))
    var cudaThreads: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Precision of the pipeline: float32, float16 or bfloat16. Default: float16 for --w-seed and for MarkDiffusion's \
            files on a GPU, as in their examples, else float32.
            """, valueName: "dtype"))
    var dtype: TorchNumbers.Precision?

    @Option(name: .long, help: ArgumentHelp("Latent shape of the pipeline's model.", valueName: "CxHxW"))
    var shape = "4x64x64"

    func validate() throws {
        if !["cpu", "cuda"].contains(device) { throw ValidationError("--device takes cuda or cpu, found \(device)") }
        if let cudaThreads, !(1...SeedKey.mostThreads).contains(cudaThreads) {
            throw ValidationError("--cuda-threads takes 1 to \(SeedKey.mostThreads), found \(cudaThreads)")
        }
        if device == "cpu", cudaThreads != nil { throw ValidationError("--cuda-threads is for --device cuda") }
    }

    /// - Parameters:
    ///   - name: of the key.
    ///   - precision: where none was given.
    func context(name: String, usually precision: TorchNumbers.Precision) throws -> ImportContext {
        let device: TorchNumbers.Device =
            self.device == "cpu" ? .cpu : .cuda(threads: cudaThreads ?? TorchNumbers.Device.usualThreads)
        return ImportContext(
            device: device, precision: dtype ?? precision,
            latentShape: try LatentShapeArgument.shape(shape, flag: "--shape"), name: name)
    }
}

extension TorchNumbers.Precision: ExpressibleByArgument {}

import DecoderInversion
import Diffusion
import FixedPoints
import Foundation
import Images
import OnnxModels
import Tensors
import TestSupport
import Testing

/// Decoder inversion on real networks: samples/grove through ONNX Runtime.
struct GroveInversionTests {
    private static let shared = Result { try ModelFolder(groveURL, options: testOptions) }
    private let model: ModelFolder

    init() throws { model = try Self.shared.get() }

    private func golden(_ name: String) throws -> Tensor {
        try Tensor(npy: Fixtures.url("DecoderInversion/grove/\(name).npy").path)
    }

    /// Twelve iterates of each method against the same iteration in torch (`make_grove_iterates.py`): the norms of T, and a
    /// window of every iterate.
    ///
    /// Tolerances are of the two runtimes, not of the methods. One E∘D of torch and of ONNX Runtime differs by 1e-6 of the
    /// latent, and T is a difference of latents eight times as large as itself and more. Adam divides by √v̂ element by
    /// element, which turns the noise of small elements of T into steps.
    @Test(arguments: [
        (name: "forward", update: ForwardStep(size: .fixed(0.5)) as any FixedPointUpdate, tolerance: 1e-5),
        ("km", InertialKrasnoselskiiMann(inertia: 0.9, step: 0.05), 1e-5),
        ("adam", ScheduledAdam(schedule: .warmUpAndCosine(steps: 20)), 1e-5),
        ("anderson", AndersonAcceleration(ridge: 1e-6, damping: .fixed(1), restartGrowth: .infinity), 1e-5),
    ])
    func iteratesAsInTorch(_ name: String, _ update: any FixedPointUpdate, _ tolerance: Double) throws {
        let encoded = try golden("encoded")
        let norms = try golden("\(name)-norms").elements.map(Double.init)
        let windows = try golden("\(name)-window")
        var iterates = Iterates(
            of: try EncoderResidual(autoencoder: model.autoencoder, encoded: encoded), by: update)
        for (k, norm) in norms.enumerated() {
            let evaluation = try #require(try iterates.next()?.get().first)
            expectClose([evaluation.norm], [norm], relative: tolerance, "\(name) ‖T‖ \(k + 1)")
            let latent = iterates.latent(of: 0)
            var window: [Float] = []
            for channel in 0..<4 {
                for row in 3..<7 {
                    let start = (channel * latent.shape[2] + row) * latent.shape[3]
                    window += latent.elements[start + 5..<start + 12]
                }
            }
            expectClose(window, windows.item(k).elements, relative: tolerance, "\(name) z_\(k + 1)")
        }
    }

    @Test func encodesAsInTorch() throws {
        let pixels = try golden("pixels").mapped { $0 / 127.5 - 1 }
        // 1e-5: the encoder alone, values up to 3.
        expectClose(try model.autoencoder.encode(pixels), try golden("encoded"), relative: 1e-5)
    }
}

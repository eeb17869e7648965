import Diffusion
import TensorFiles
import Models
import Tensors
import TestSupport
import Testing

/// Runs of diffusers with the grove model's UNet, its recorded outputs put in the UNet's place: the latent after every
/// step. The outputs are a window of the model's, which is enough since DDIM works element by element.
struct GroveReplayTests {
    private let shape = LatentShape(channels: 4, height: 9, width: 7)
    private let golden: SafetensorsFile

    init() throws {
        golden = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/grove.safetensors").path)
    }

    private func replay(_ run: String) throws -> (ddim: DiffusionSolver, latents: Tensor) {
        let predictor = ReplayedPredictor(
            latentShape: shape, outputs: try golden.tensor(named: "\(run).outputs"),
            timesteps: try golden.tensor(named: "\(run).timesteps").elements.map(Double.init))
        return (
            DiffusionSolver(.ddim, schedule: .stableDiffusion(.leading), predictor: predictor),
            try golden.tensor(named: "\(run).latents")
        )
    }

    // 50 steps of single-precision arithmetic in diffusers: about 50·2⁻²⁴ = 3e-6 of the largest element.
    @Test(arguments: [2, 10, 50])
    func guidedSamplingIsThatOfDiffusers(_ count: Int) throws {
        let (ddim, latents) = try replay("sample.\(count)")
        let conditioning = Conditioning(tokens: Tensor(zeros: [1, 2, 3]))
        let guidance = Guidance(scale: 3, conditional: conditioning, unconditional: conditioning)
        try compare(ddim.sampling(latents.item(0), steps: count, guidance: guidance), latents, count)
    }

    @Test(arguments: [2, 10, 50])
    func naiveInversionIsThatOfDiffusers(_ count: Int) throws {
        let (ddim, latents) = try replay("invert.\(count)")
        try compare(ddim.inverting(latents.item(0), steps: count, guidance: .none(nil)), latents, count)
    }

    private func compare(_ walk: SolverWalk, _ latents: Tensor, _ count: Int) throws {
        var walk = walk
        var steps = 0
        while let iterate = try walk.next() {
            expectClose(iterate.latents, latents.item(iterate.step), relative: 1e-5, "step \(iterate.step)")
            steps += 1
        }
        #expect(steps == count)
    }
}

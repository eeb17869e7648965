import InputErrors
import Models
import NoiseSchedules
import Synchronization
import Tensors

/// A predictor given as a function of latents and timestep.
struct FunctionPredictor: NoisePredictor {
    let predictionType: PredictionType
    let latentShape: LatentShape
    let function: @Sendable (Tensor, Double) -> Tensor

    func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) -> Tensor {
        function(latents, timestep)
    }

    /// 0.3·z + 0.1·t/1000 - 0.05.
    static func linear(_ type: PredictionType, _ shape: LatentShape) -> FunctionPredictor {
        FunctionPredictor(predictionType: type, latentShape: shape) { latents, timestep in
            latents.mapped { Float(0.3 * Double($0) + 0.1 * timestep / 1000 - 0.05) }
        }
    }

    /// From -0.5 to 1 over the elements of a latent, whatever the latent.
    static func constant(_ type: PredictionType, _ shape: LatentShape) -> FunctionPredictor {
        let ramp = (0..<shape.count).map { Float(-0.5 + 1.5 * Double($0) / Double(shape.count - 1)) }
        return FunctionPredictor(predictionType: type, latentShape: shape) { latents, _ in
            Tensor((0..<latents.batch).flatMap { _ in ramp }, shape: latents.shape)
        }
    }
}

/// A model's recorded outputs in the order of its calls, found by timestep.
struct ReplayedPredictor: NoisePredictor {
    let predictionType = PredictionType.epsilon
    let latentShape: LatentShape
    /// `[calls·B, C, h, w]`.
    let outputs: Tensor
    let timesteps: [Double]

    func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor {
        guard let call = timesteps.firstIndex(of: timestep) else {
            throw InputError("timestep", expected: "\(timesteps)", found: "\(timestep)", as: .unexpected)
        }
        return outputs.items(call * latents.batch..<(call + 1) * latents.batch)
    }
}

/// Answers with what it was given, and keeps the timesteps at which it was asked.
final class TimestepRecorder: NoisePredictor {
    let predictionType = PredictionType.epsilon
    let latentShape: LatentShape
    private let asked = Mutex<[Double]>([])

    init(latentShape: LatentShape) { self.latentShape = latentShape }

    var timesteps: [Double] { asked.withLock { $0 } }

    func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) -> Tensor {
        asked.withLock { $0.append(timestep) }
        return latents
    }
}

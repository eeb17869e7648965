import Files
import RingkeyKit

extension InvertCommand {
    /// The JSON object of `ringkey invert --json`.
    struct Line: Encodable {
        private let input: String
        private let output: String?
        private let stage: String
        private let report: InversionReport

        init(_ report: InversionReport, input: String, output: String?, stage: Stage) {
            self.report = report
            self.input = RawPath(input).description
            self.output = output.map { RawPath($0).description }
            self.stage = stage.rawValue
        }

        private enum CodingKeys: String, CodingKey {
            case input, output, stage, evaluations, residual
            case encoderResidual = "encoder_residual"
            case minimumCocoercivity = "min_cocoercivity"
            case ending, solver, inverse, steps
            case modelCalls = "model_calls"
            case stepResidual = "step_residual"
            case fellBack = "fell_back"
            case encoderNMSEDb = "encoder_nmse_db"
            case latentNMSEDb = "latent_nmse_db"
            case nmseDb = "nmse_db"
            case orientation, seconds
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(input, forKey: .input)
            try container.encodeIfPresent(output, forKey: .output)
            try container.encode(stage, forKey: .stage)
            try container.encode(report.evaluations, forKey: .evaluations)
            try container.encodeIfPresent(report.residual, forKey: .residual)
            try container.encodeIfPresent(report.encoderResidual, forKey: .encoderResidual)
            try container.encodeIfPresent(report.minimumCocoercivity, forKey: .minimumCocoercivity)
            try container.encodeIfPresent(report.ending, forKey: .ending)
            try container.encodeIfPresent(report.solver, forKey: .solver)
            try container.encodeIfPresent(report.inverse, forKey: .inverse)
            try container.encode(report.steps, forKey: .steps)
            try container.encodeIfPresent(report.modelCalls, forKey: .modelCalls)
            try container.encodeIfPresent(report.stepResidual, forKey: .stepResidual)
            try container.encodeIfPresent(report.fellBack, forKey: .fellBack)
            try container.encodeIfPresent(report.encoderNMSEDb, forKey: .encoderNMSEDb)
            try container.encodeIfPresent(report.latentNMSEDb, forKey: .latentNMSEDb)
            try container.encodeIfPresent(report.nmseDb, forKey: .nmseDb)
            try container.encodeIfPresent(report.orientation, forKey: .orientation)
            try container.encode(report.seconds, forKey: .seconds)
        }
    }
}

import ArgumentParser
import NullModels
import RingkeyKit

/// Which calibration to judge with.
struct CalibrationArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Calibration made by ringkey calibrate, or none to judge without one. Default: \(Calibration.fileName) in \
            the model folder, if there is one.
            """, valueName: "file"))
    var calibration: String?

    var choice: CalibrationChoice {
        switch calibration {
        case nil: .besideModel
        case "none": .none
        case let path?: .file(path)
        }
    }
}

import Foundation
import NullModels
import TensorFiles
import Tensors

let tensorTargets = [
    FuzzTarget("npy", fixtures: ["Tensors"]) { bytes in
        let array = try NpyArray(data: Data(bytes), named: "fuzz")
        let tensor = try array.tensor(named: "fuzz")
        precondition(tensor.elements.allSatisfy(\.isFinite), "a number that is none in \(tensor.shape)")
    },
    FuzzTarget("safetensors", fixtures: ["Tensors"]) { bytes in
        let file = try SafetensorsFile(data: Data(bytes), named: "fuzz")
        for name in file.names {
            let tensor = try file.tensor(named: name)
            precondition(tensor.elements.allSatisfy(\.isFinite), "a number that is none in \(tensor.shape)")
        }
    },
    FuzzTarget("calibration") { bytes in
        _ = try Calibration(contentsOf: calibrationFolder.write("calibration.safetensors", bytes[...]))
    },
]

private let calibrationFolder = ScratchFolder("calibration")

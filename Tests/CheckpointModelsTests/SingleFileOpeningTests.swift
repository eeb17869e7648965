import Cryptography
import Foundation
import InputErrors
import Models
import NoiseSchedules
import TensorFiles
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// Single files opened as models. The weights of the real sizes are holes in a file: nothing but the header is read.
@Suite struct SingleFileOpeningTests {
    /// Writes a file with all tensors of a real model.
    private func file(_ family: String, in folder: TemporaryFolder) throws -> String {
        let names = try OriginalNames(family)
        let tensors = names.tensors.sorted { $0.value.offset < $1.value.offset }
        let members = tensors.map { name, location in
            let span = [location.offset, location.offset + location.byteCount]
            return "\"\(name)\":{\"dtype\":\"F16\",\"shape\":\(location.shape),\"data_offsets\":\(span)}"
        }
        let header = Data("{\(members.joined(separator: ","))}".utf8)
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
        let path = try folder.write("\(family).safetensors", length + header)
        let size = length.count + header.count + tensors.reduce(0) { $0 + $1.value.byteCount }
        #expect(truncate(path, size) == 0)
        return path
    }

    @Test(
        arguments: [
            ("sd1", nil, 64, .epsilon), ("sd2", .epsilon, 64, .epsilon), ("sd2", .vPrediction, 96, .vPrediction),
            ("xl", nil, 128, .epsilon),
        ] as [(String, PredictionType?, Int, PredictionType)])
    func opensAsAModel(_ family: String, _ known: PredictionType?, _ size: Int, _ prediction: PredictionType) throws {
        let folder = try TemporaryFolder()
        let path = try file(family, in: folder)
        let backend = CheckpointBackend(options: ExecutionOptions(prediction: known))
        #expect(backend.recognises(path))
        let model = try backend.open(path)
        #expect(model.latentShape == LatentShape(channels: 4, height: size, width: size))
        #expect(model.imageSize == (8 * size, 8 * size))
        #expect(try model.scheduler().predictionType == prediction)
        #expect(model.noisePredictor != nil && model.textEncoder != nil)
    }

    /// UNets of real sizes are large; other providers than the CPU stay exact.
    @Test func autoChoosesByProcessor() throws {
        let folder = try TemporaryFolder()
        let path = try file("sd1", in: folder)
        for (precision, provider, expected) in [
            (.auto, "CPUExecutionProvider", ProcessorFeatures.current.hasDotProducts ? .int8 : .float32),
            (.auto, "cuda", .float32), (.int8, "cuda", .int8), (.float32, "cpu", .float32),
        ] as [(Precision, String, Precision)] {
            let options = ExecutionOptions(provider: provider, precision: precision)
            #expect(try CheckpointBackend(options: options).open(path).precision == expected)
        }
    }

    /// Whole models in one file, of the smallest size that says all by itself: what they compute with the empty prompt is
    /// what diffusers computes, to the accuracy of float32 sums in another order.
    @Test(arguments: ["sd1", "sd2", "xl"]) func computesWhatDiffusersComputes(_ family: String) throws {
        let options = ExecutionOptions(prediction: family == "sd2" ? .vPrediction : nil)
        let model = try CheckpointBackend(options: options).open(
            Fixtures.url("OriginalLayout/\(family).safetensors").path)
        let golden = try SafetensorsFile(
            contentsOf: Fixtures.url("OriginalLayout/\(family).golden.safetensors").path)
        func expect(_ name: String, _ found: Tensor?) throws {
            expectClose(try #require(found), try golden.tensor(named: name), relative: 1e-5)
        }
        let sample = try golden.tensor(named: "sample")
        let autoencoder = try #require(model.autoencoder)
        try expect("scaled", autoencoder.encode(golden.tensor(named: "image")))
        try expect("decoded", autoencoder.decode(sample))
        let conditioning = try #require(model.textEncoder).encode([""])
        try expect("encoder_hidden_states", conditioning.tokens)
        if family == "xl" { try expect("text_embeds", conditioning.pooled) }
        let predictor = try #require(model.noisePredictor)
        try expect("out", predictor.predict(sample, timestep: 501, conditioning: conditioning))
    }

    @Test func aSingleFileOf2AsksWhatItPredicts() throws {
        let folder = try TemporaryFolder()
        let path = try file("sd2", in: folder)
        let error = refusal { try CheckpointBackend().open(path) }
        #expect(error?.code == .untoldPrediction && error?.subject == path)
    }

    /// The digest of a single file is the SHA-256 that its publisher names.
    @Test func theDigestIsThatOfTheFile() throws {
        let name = "checkpoints/AutoencoderTiny/sixteen-channels/diffusion_pytorch_model.safetensors"
        let path = Fixtures.url(name).path
        let model = try CheckpointBackend().open(path)
        #expect(model.latentShape.channels == 16 && model.noisePredictor == nil)
        #expect(try model.digest() == sha256(of: path))
    }

    private func sha256(of path: String) throws -> String {
        SHA256.hash(Array(try Data(contentsOf: URL(fileURLWithPath: path)))).hexadecimal
    }

    @Test(arguments: ["a.ckpt", "a.pt", "a.pth", "a.bin"]) func picklesAreNotRead(_ name: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, Data([0x80, 2]))
        #expect(CheckpointBackend().recognises(path))
        #expect(refusal { try CheckpointBackend().open(path) }?.code == .pickledModel)
    }
}

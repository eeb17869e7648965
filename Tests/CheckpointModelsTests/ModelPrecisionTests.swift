import Foundation
import Models
import OnnxSessions
import Synchronization
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// Whole checkpoints in int8.
@Suite struct ModelPrecisionTests {
    /// That of the networks' tests: several percent.
    private static let bound = 0.1
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ name: String, _ precision: Precision) throws -> CheckpointModel {
        let parts = try CheckpointParts(folder: Fixtures.url("checkpoints/pipelines/\(name)").path)
        return try CheckpointModel(
            parts, options: ExecutionOptions(precision: precision), environment: ["RINGKEY_CACHE": folder.path("cache")]
        )
    }

    /// Sizes in turn, a batch of two, which is run one by one: each item is what it is alone.
    @Test(arguments: ["sd1", "sd2", "xl"]) func models(_ name: String) throws {
        let (exact, model) = (try open(name, .float32), try open(name, .int8))
        #expect(exact.precision == .float32)
        #expect(model.precision == .int8)
        try model.load([.unet, .vaeEncoder, .vaeDecoder, .textEncoder])
        let conditioning = try #require(model.textEncoder).encode(["", "mountains at dusk"])
        #expect(
            try exact.textEncoder?.encode(["", "mountains at dusk"]).tokens.elements == conditioning.tokens.elements)
        let (autoencoder, predictor) = (try model.requireAutoencoder(), try model.requireNoisePredictor())
        for (seed, size) in [(1, [4, 6]), (2, [9, 5]), (3, [4, 6])] as [(UInt64, [Int])] {
            let latents = Tensor(normal: [2, 4] + size, seed: seed)
            let predicted = try predictor.predict(latents, timestep: 500, conditioning: conditioning)
            try expect(
                predicted, exact.requireNoisePredictor().predict(latents, timestep: 500, conditioning: conditioning))
            let alone = try predictor.predict(
                latents.item(1), timestep: 500, conditioning: model.requireTextEncoder().encode(["mountains at dusk"]))
            #expect(alone.elements == predicted.item(1).elements)
            let images = try autoencoder.decode(latents)
            try expect(images, exact.requireAutoencoder().decode(latents))
            #expect(try autoencoder.decode(latents.item(0)).elements == images.item(0).elements)
            try expect(try autoencoder.encode(images), exact.requireAutoencoder().encode(images))
        }
        // Every size has the same weights.
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("cache/weights"))
        #expect(files.count == 3)
    }

    private func expect(_ actual: Tensor, _ expected: Tensor) throws {
        let error = actual.relativeError(to: expected)
        #expect(error < Self.bound)
        #expect(error > 1e-3)
    }

    /// Transformers are float32 whatever is asked for.
    @Test func transformers() throws {
        let (exact, model) = (try open("sd3", .float32), try open("sd3", .int8))
        // That is its autoencoder's.
        #expect(model.precision == .int8)
        let conditioning = try #require(model.textEncoder).encode([""])
        let latents = Tensor(normal: [1, 4, 4, 6], seed: 4)
        let (expected, found) = try (
            exact.requireNoisePredictor().predict(latents, timestep: 500, conditioning: conditioning),
            model.requireNoisePredictor().predict(latents, timestep: 500, conditioning: conditioning)
        )
        #expect(found.elements == expected.elements)
    }

    /// They are small.
    @Test func autoKeepsSmallNetworksExact() throws {
        #expect(try open("sd1", .auto).precision == .float32)
    }

    /// An autoencoder alone speaks for itself.
    @Test func autoencoders() throws {
        let parts = try CheckpointParts(folder: Fixtures.url("checkpoints/pipelines/sd1/vae").path)
        let model = try CheckpointModel(parts, options: ExecutionOptions(precision: .int8))
        #expect(model.precision == .int8)
    }

    /// A few sizes are kept open; the one that was not used for longest goes.
    @Test func sizesAreKept() throws {
        let example = try CheckpointCase("AutoencoderKL/sd")
        let network = AutoencoderKL(configuration: try .init(example.configuration()))
        let weights = try example.weights()
        let opened = Mutex<[ImageSize]>([])
        let autoencoder = OnnxAutoencoder(
            latentShape: LatentShape(channels: 4, height: 4, width: 4), scale: network.scale, scaling: network.scaling,
            encoder: .anySize { try Session(graph: network.encoderGraph(weights), named: "encoder") },
            decoder: .eachSize { size in
                opened.withLock { $0.append(size) }
                return try Session(graph: network.decoderGraph(weights), named: "decoder")
            })
        try autoencoder.loadDecoder()
        let atFirst = opened.withLock { $0 }
        #expect(atFirst.isEmpty)
        for width in [1, 2, 3, 1, 4, 1, 2, 3] { _ = try autoencoder.decode(Tensor(zeros: [1, 4, 2, width])) }
        let sizes = opened.withLock { $0 }
        #expect(sizes.map(\.width) == [1, 2, 3, 4, 2, 3])
        #expect(sizes.allSatisfy { $0.height == 2 })
    }
}

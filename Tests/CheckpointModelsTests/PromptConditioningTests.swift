import Foundation
import InputErrors
import Models
import TensorFiles
import Tensors
import TestSupport
import Testing

import CheckpointModels

/// What SD 3 and FLUX are told of prompts, as diffusers' pipelines put it together, and what stands for text encoders.
@Suite struct PromptConditioningTests {
    private static let pipelines = Fixtures.url("checkpoints/pipelines")
    private static let prompt = "mountains at dusk with sun"

    private static func golden(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(contentsOf: pipelines.appendingPathComponent("\(name).golden.safetensors").path)
    }

    /// A copy of a pipeline's folder, to be changed.
    private static func copy(_ name: String, _ change: (URL) throws -> Void) throws -> (TemporaryFolder, String) {
        let folder = try TemporaryFolder()
        let copy = folder.url.appendingPathComponent(name)
        try FileManager.default.copyItem(at: pipelines.appendingPathComponent(name), to: copy)
        try change(copy)
        return (folder, copy.path)
    }

    private static func encoder(_ path: String) throws -> any TextEncoder {
        try #require(try CheckpointBackend().open(path).textEncoder)
    }

    private static func writeEmptyPrompt(_ name: String, into folder: URL, width: Int? = nil) throws {
        let golden = try golden(name)
        let states = try golden.tensor(named: "encoder_hidden_states").item(0)
        let wanted = width.map { Tensor(zeros: [1, 4, $0]) } ?? states
        let pooled = try golden.tensor(named: "pooled_projections").item(0)
        try SafetensorsFile.write(
            [("prompt_embeds", wanted), ("pooled_prompt_embeds", pooled)],
            to: folder.appendingPathComponent(EmptyPrompt.file).path, overwrite: false)
    }

    // The tolerance is that of the text encoders.
    @Test(arguments: ["sd3", "flux"]) func theEmptyPrompt(_ name: String) throws {
        let golden = try Self.golden(name)
        let conditioning = try Self.encoder(Self.pipelines.appendingPathComponent(name).path).encode([""])
        try expectClose(
            conditioning.tokens, golden.tensor(named: "encoder_hidden_states").item(0), relative: 1e-5)
        let pooled = try #require(conditioning.pooled)
        try expectClose(pooled, golden.tensor(named: "pooled_projections").item(0), relative: 1e-5)
    }

    @Test(arguments: ["sd3", "flux"]) func t5KnowsTheEmptyPromptAlone(_ name: String) throws {
        let path = Self.pipelines.appendingPathComponent(name).path
        let error = refusal { try Self.encoder(path).encode([Self.prompt]) }
        #expect(error?.code == .unsupported)
        #expect(error?.subject == "\(path)/tokenizer_\(name == "sd3" ? 3 : 2)")
    }

    /// Both prompts in one batch; zeros in place of T5's 256 states.
    @Test func stableDiffusion3WithoutT5() throws {
        let (folder, path) = try Self.copy("sd3") {
            try FileManager.default.removeItem(at: $0.appendingPathComponent("text_encoder_3"))
        }
        defer { withExtendedLifetime(folder) {} }
        let golden = try Self.golden("sd3")
        let expected = try golden.tensor(named: "encoder_hidden_states")
        let conditioning = try Self.encoder(path).encode(["", Self.prompt])
        #expect(conditioning.tokens.shape == [2, 16 + 256, 20] && expected.shape == [2, 32, 20])
        for item in 0..<2 {
            let all = conditioning.tokens.item(item).elements
            expectClose(all.prefix(16 * 20), expected.item(item).elements.prefix(16 * 20), relative: 1e-5)
            #expect(all.dropFirst(16 * 20).allSatisfy { $0 == 0 })
        }
        let pooled = try #require(conditioning.pooled)
        try expectClose(pooled, golden.tensor(named: "pooled_projections"), relative: 1e-5)
    }

    @Test func encodersThatDoNotFitAreRefused() throws {
        let texts = [16, 16].map {
            StableDiffusion3Conditioning.Text(states: Tensor(zeros: [1, $0, 8]), pooled: Tensor(zeros: [1, 4]))
        }
        func code(_ texts: [StableDiffusion3Conditioning.Text], _ t5: Int?, width: Int) -> InputError.Code? {
            refusalCode {
                try StableDiffusion3Conditioning.compose(
                    texts, t5: t5.map { Tensor(zeros: [1, 3, $0]) }, width: width)
            }
        }
        #expect(code(texts, 16, width: 16) == nil)
        #expect(code(texts, nil, width: 15) == .modelConfiguration)
        #expect(code(texts, 17, width: 16) == .modelConfiguration)
        let shorter = StableDiffusion3Conditioning.Text(
            states: Tensor(zeros: [1, 15, 8]), pooled: Tensor(zeros: [1, 4]))
        #expect(code([texts[0], shorter], nil, width: 16) == .modelConfiguration)
    }

    /// FLUX's first text encoder is asked for a vector, which T5 does not have.
    @Test func encodersOfAnotherClassAreRefused() throws {
        let (folder, path) = try Self.copy("flux") { url in
            let first = url.appendingPathComponent("text_encoder")
            try FileManager.default.removeItem(at: first)
            try FileManager.default.copyItem(at: url.appendingPathComponent("text_encoder_2"), to: first)
        }
        defer { withExtendedLifetime(folder) {} }
        let error = refusal { try CheckpointBackend().open(path) }
        #expect(error?.code == .unsupported && error?.subject == "\(path)/text_encoder")
    }

    // MARK: - A file for the empty prompt

    @Test(arguments: ["sd3", "flux"]) func aFileStandsForTextEncoders(_ name: String) throws {
        let (folder, path) = try Self.copy(name) { url in
            try Self.writeEmptyPrompt(name, into: url)
            for part in ["text_encoder", "text_encoder_2", "text_encoder_3"] {
                try? FileManager.default.removeItem(at: url.appendingPathComponent(part))
            }
        }
        defer { withExtendedLifetime(folder) {} }
        let encoder = try Self.encoder(path)
        let conditioning = try encoder.encode(["", ""])
        let golden = try Self.golden(name)
        let expected = try golden.tensor(named: "encoder_hidden_states").item(0)
        let pooled = try golden.tensor(named: "pooled_projections").item(0)
        for item in 0..<2 {
            #expect(conditioning.tokens.item(item).elements == expected.elements)
            #expect(conditioning.pooled?.item(item).elements == pooled.elements)
        }
        let error = refusal { try encoder.encode([Self.prompt]) }
        #expect(error?.code == .notAModel && error?.subject == path && error?.found == "0")
    }

    /// The file is taken before encoders that are there, which then need not be loaded, and is part of the digest.
    @Test func aFileGoesBeforeTextEncoders() throws {
        let damage = { (url: URL) in
            try Data("not tensors".utf8).write(to: url.appendingPathComponent("text_encoder_2/model.safetensors"))
        }
        let (without, withoutPath) = try Self.copy("flux", damage)
        let (with, withPath) = try Self.copy("flux") { url in
            try damage(url)
            try Self.writeEmptyPrompt("flux", into: url)
        }
        defer { withExtendedLifetime((without, with)) {} }
        #expect(refusalCode { try Self.encoder(withoutPath).encode([""]) } != nil)
        let model = try CheckpointBackend().open(withPath)
        try model.load([.textEncoder])
        let encoder = try #require(model.textEncoder)
        #expect(try encoder.encode([""]).tokens.shape == [1, 16, 12])
        #expect(try model.digest() != CheckpointBackend().open(withoutPath).digest())
    }

    @Test func filesThatDoNotFitAreRefused() throws {
        let (folder, path) = try Self.copy("flux") { try Self.writeEmptyPrompt("flux", into: $0, width: 11) }
        defer { withExtendedLifetime(folder) {} }
        let error = refusal { try Self.encoder(path).encode([""]) }
        #expect(error?.code == .wrongShape && error?.subject == "\(path)/empty_prompt.safetensors: prompt_embeds")

        let (other, otherPath) = try Self.copy("sd3") { url in
            try Self.writeEmptyPrompt("sd3", into: url, width: 20)
            try FileManager.default.removeItem(at: url.appendingPathComponent("text_encoder_3"))
        }
        defer { withExtendedLifetime(other) {} }
        let mixed = refusal { try Self.encoder(otherPath).encode(["", Self.prompt]) }
        #expect(mixed?.code == .wrongShape && mixed?.subject == "\(otherPath)/empty_prompt.safetensors")
    }
}

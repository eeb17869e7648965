import Foundation
import InputErrors
import ModelFolders
import TestSupport
import Testing

/// A folder's tokenizer in every form that its files take, against transformers.
struct PromptTokensTests {
    private struct Row: Decodable {
        let text: String
        let ids: [Int]
    }

    private let folder: TemporaryFolder
    private static let grove = Fixtures.repository.appendingPathComponent("samples/grove/tokenizer")
    private static let current = Fixtures.url("ModelFolders/tokenizer")

    init() throws {
        folder = try TemporaryFolder()
        let vae = #"{"latent_channels": 2, "block_out_channels": [8, 8]}"#
        for (path, text) in [
            ("model_index.json", "{}"), ("vae_encoder/config.json", vae), ("vae_decoder/config.json", vae),
            ("unet/config.json", #"{"in_channels": 2, "sample_size": 3, "cross_attention_dim": 3}"#),
            ("scheduler/scheduler_config.json", #"{"_class_name": "PNDMScheduler"}"#), ("tokenizer/.keep", ""),
        ] { try write(path, Data(text.utf8)) }
        try describeEncoder(#""vocab_size": 585, "max_position_embeddings": 16"#)
    }

    private func write(_ path: String, _ data: Data) throws {
        let url = URL(fileURLWithPath: folder.path(path))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try folder.write(path, data)
    }

    private func describeEncoder(_ members: String) throws {
        try write("text_encoder/config.json", Data("{\(members)}".utf8))
    }

    private func take(_ names: String..., from source: URL, change: (String) -> String = { $0 }) throws {
        for name in names {
            let text = try String(contentsOf: source.appendingPathComponent(name), encoding: .utf8)
            try write("tokenizer/\(name)", Data(change(text).utf8))
        }
    }

    private func tokens() throws -> PromptTokens { try ModelFolder(folder.url).promptTokens() }

    private func expect(_ rows: [Row]) throws {
        let tokens = try tokens()
        for row in rows { #expect(try tokens.encode(row.text) == row.ids, "\(row.text.debugDescription)") }
    }

    private func rows(_ path: String) throws -> [Row] {
        try JSONDecoder().decode([Row].self, from: Data(contentsOf: Fixtures.url(path)))
    }

    private func refusal() -> InputError? { #expect(throws: InputError.self) { try tokens() } }

    @Test func aTokenizerOfOneFileIsRead() throws {
        try take("tokenizer.json", "tokenizer_config.json", from: Self.current)
        let rows = try rows("ModelFolders/ids.json")
        #expect(rows.count == 13)
        try expect(rows)
        #expect(try tokens().tokenizer().vocabularySize == 585)
    }

    /// Older versions write a merge as one text, and the length and padding are told nowhere but in the other files.
    @Test func mergesMayBeTexts() throws {
        try describeEncoder(
            #""vocab_size": 584, "max_position_embeddings": 16, "bos_token_id": 582, "eos_token_id": 583, "pad_token_id": 583"#
        )
        let url = Self.grove.appendingPathComponent("tokenizer.json")
        var document = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        var model = try #require(document["model"] as? [String: Any])
        let pairs = try #require(model["merges"] as? [[String]])
        model["merges"] = pairs.map { $0.joined(separator: " ") }
        document["model"] = model
        try write("tokenizer/tokenizer.json", try JSONSerialization.data(withJSONObject: document))
        try expect(rows("OnnxModels/grove/tokens.json"))
        try describeEncoder(#""vocab_size": 584, "max_position_embeddings": 16, "pad_token_id": 1"#)
        #expect(refusal()?.expected == "a file that names the padding token")
    }

    /// Both forms together: the older one counts. CR LF at the lines' ends took every merge away without a word.
    @Test(arguments: ["\n", "\r\n", "\r"]) func mergesMayEndTheirLinesAnyWay(_ end: String) throws {
        try take("vocab.json", "tokenizer_config.json", "tokenizer.json", from: Self.grove)
        try take("merges.txt", from: Self.grove) { "\u{FEFF}" + $0.replacingOccurrences(of: "\n", with: end) }
        try expect(rows("OnnxModels/grove/tokens.json"))
    }

    @Test func noMergesAreAnError() throws {
        try take("vocab.json", "tokenizer_config.json", from: Self.grove)
        for text in ["#version: 0.2\n", "\r\n\r\n"] {
            try write("tokenizer/merges.txt", Data(text.utf8))
            let error = refusal()
            #expect(error?.subject.hasSuffix("merges.txt") == true && error?.expected == "at least one merge")
        }
        try FileManager.default.removeItem(atPath: folder.path("tokenizer/merges.txt"))
        try take("tokenizer.json", from: Self.grove) {
            $0.replacing(/"merges": \[.*\]\s*\}/.dotMatchesNewlines(), with: "\"merges\": []}")
        }
        #expect(refusal()?.subject.hasSuffix("tokenizer.json: model.merges") == true)
    }

    @Test(arguments: [
        (#""type": "BPE""#, #""type": "Unigram""#, "model.type"),
        (#""end_of_word_suffix": "</w>""#, #""end_of_word_suffix": """#, "model.end_of_word_suffix"),
        (#""byte_fallback": false"#, #""byte_fallback": true"#, "model.byte_fallback"),
        (#""ignore_merges": false"#, #""ignore_merges": true"#, "model.ignore_merges"),
        (#""dropout": null"#, #""dropout": 0.1"#, "model.dropout"), (#""Lowercase""#, #""Strip""#, "normalizer"),
        (#""lstrip": false"#, #""lstrip": true"#, "added_tokens"),
        (#""content": "<mark>""#, #""content": 1"#, "added_tokens[2]"),
    ])
    func otherTokenizersAreRefused(_ part: String, _ replacement: String, _ member: String) throws {
        try take("tokenizer.json", "tokenizer_config.json", from: Self.current) {
            $0.replacingOccurrences(of: part, with: replacement)
        }
        let error = refusal()
        #expect(error?.code == .modelConfiguration, "\(String(describing: error))")
        #expect(error?.subject.contains("tokenizer.json: \(member)") == true, "\(error?.subject ?? "")")
    }

    /// Without a tokenizer there is the empty prompt, where the text encoder's file can be believed.
    @Test func theEmptyPromptNeedsNoTokenizer() throws {
        let ids = #""bos_token_id": 582, "eos_token_id": 583"#
        let size = #""vocab_size": 584, "max_position_embeddings": 16"#
        for remains in ["tokenizer/.keep", "tokenizer"] {
            try FileManager.default.removeItem(atPath: folder.path(remains))
            for padding in [583, 0] {
                try describeEncoder("\(size), \(ids), \"pad_token_id\": \(padding)")
                let tokens = try tokens()
                #expect(try tokens.encode("") == [582, 583] + [Int](repeating: padding, count: 14))
                #expect(tokens.maximumLength == 16)
                let error = #expect(throws: InputError.self) { try tokens.encode("sea") }
                #expect(error?.subject.hasSuffix("/tokenizer") == true && error?.found == "neither")
                #expect(throws: InputError.self) { try tokens.tokenizer() }
            }
            // What transformers writes where nobody set the ids, in older and in newer versions.
            for others in [
                #""bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1"#, "\(ids), \"pad_token_id\": 1", ids,
            ] {
                try describeEncoder("\(size), \(others)")
                #expect(refusal()?.expected.contains("does not tell the empty prompt's ids") == true)
            }
        }
    }
}

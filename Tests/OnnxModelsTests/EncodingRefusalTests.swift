import Foundation
import InputErrors
import ModelFolders
import TestSupport
import Testing

/// A file of a model folder that is not UTF-8 is refused by name, whichever it is.
struct EncodingRefusalTests {
    @Test(arguments: [
        "model_index.json", "unet/config.json", "vae_encoder/config.json", "vae_decoder/config.json",
        "text_encoder/config.json", "scheduler/scheduler_config.json", "tokenizer/vocab.json",
        "tokenizer/tokenizer_config.json", "tokenizer/special_tokens_map.json",
    ])
    func jsonThatIsNotUTF8IsRefused(_ path: String) throws {
        let folder = try SyntheticFolder()
        try folder.write(Data(contentsOf: Fixtures.url("CLI/not-utf-8.json")), to: path)
        let error = #expect(throws: InputError.self) {
            _ = try folder.open().folder.tokenizer()
        }
        #expect(error?.code == .textEncoding && error?.subject.hasSuffix("/\(path)") == true)
    }
}

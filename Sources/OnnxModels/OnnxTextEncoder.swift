import Diffusion
import Tensors

/// The text encoder's graph behind the tokenizer.
struct OnnxTextEncoder: TextEncoder {
    let model: OnnxModel
    let tokenizer: CLIPTokenizer
    let width: Int

    func encode(_ prompts: [String]) throws -> Tensor {
        let session = try model.session(.textEncoder)
        let input = try Session.port(["input_ids"], among: session.inputs, path: session.path, kind: "input")
        let output = try Session.port(
            ["last_hidden_state", "prompt_embeds"], among: session.outputs, path: session.path, kind: "output")
        return .concatenating(
            try prompts.map { prompt in
                try session.run(
                    [(input, .integers(tokenizer.encode(prompt), shape: [1, tokenizer.length]))], output: output,
                    shape: [1, tokenizer.length, width])
            })
    }
}

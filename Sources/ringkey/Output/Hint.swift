import Images
import InputErrors

/// What to do about a refusal, in the words of the command line: the libraries say what was expected and found.
enum Hint {
    /// The hint for a stable code; nil where the refusal speaks for itself.
    static func text(_ error: InputError) -> String? {
        switch error.code {
        case .textEncoding: "save it as UTF-8"
        case .exists: "--force replaces it"
        case .resumable: "--resume continues it"
        case .noModel: "name a model with --model or RINGKEY_MODEL"
        case .pickled: conversion(error)
        case .graphVariant: "the graph that is to be used must be called model.onnx: make a link to it"
        case .pickledModel: "convert it where you trust it, in Python: \(Self.safetensors(error))"
        case .untoldPrediction: "say which with --prediction: v for 2.0 and 2.1 of 768 pixels, epsilon for -base of 512"
        case .runtime: "run make deps, or name the library with --onnxruntime"
        case .pictureLibrary: "run make deps, or give --plot a name that ends in .svg"
        case .provider: "choose one with --provider"
        case .calibrationMismatch: "--calibration none judges without one"
        case .resultsMismatch: "choose another --output for other settings"
        case .resultsLine: "audit --resume --repair takes damaged lines out"
        case .undescribedKey: "give what the name lacks with --channel, --radius and --pattern"
        case .keyPermissions: "chmod 600 \(ShellText.quoted(error.subject))"
        case .unsupported:
            ImageLibrary.all.first { $0.description == error.expected }.map {
                "run make deps, or install \($0.package)"
            }
        case .noDescriptors: "ulimit -n raises it"
        case .notAList: "a list has one path or prompt a line; with --null, paths end with NUL"
        case .keyPlace: "move it to a folder of your own"
        default: nil
        }
    }

    /// How a pickle of weights becomes a file that is read here.
    private static func safetensors(_ error: InputError) -> String {
        let file = ShellText.quoted(error.subject)
        return "d = torch.load(\(file), weights_only=True, map_location='cpu'); safetensors.torch.save_file("
            + "{k: v.contiguous() for k, v in d.get('state_dict', d).items()}, 'model.safetensors')"
    }

    private static func conversion(_ error: InputError) -> String {
        let file = ShellText.quoted(error.subject)
        let array =
            error.found.contains("PyTorch")
            ? "torch.load(FILE, map_location='cpu').numpy()" : "numpy.load(FILE, allow_pickle=True)"
        return "convert it where you trust it, in Python: numpy.save('key.npy', \(array)) with FILE = \(file)"
    }
}

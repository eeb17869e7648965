import InputErrors

extension FileContent {
    /// The refusal of a file that is to be something else.
    /// - Parameters:
    ///   - name: of the file.
    ///   - expected: what it was to be.
    package func refusal(of name: String, expected: String) -> InputError {
        let found =
            switch self {
            case .model: "a whole model"
            case .originalAutoencoder, .autoencoder: "an autoencoder alone"
            case .tinyAutoencoder: "a tiny autoencoder alone"
            case .other(let description, let evidence): "\(description), with the tensor \(evidence)"
            }
        return InputError(name, expected: expected, found: found, as: .notAModel)
    }
}

import RandomNumbers
import Tensors

/// What the files of other tools do not say of a key: where it was drawn and for what.
public struct ImportContext: Sendable {
    /// Where the pipeline ran.
    public var device: TorchNumbers.Device
    /// In which precision.
    public var precision: TorchNumbers.Precision
    /// Of the model.
    public var latentShape: LatentShape
    /// For people.
    public var name: String

    /// A context.
    public init(
        device: TorchNumbers.Device, precision: TorchNumbers.Precision, latentShape: LatentShape, name: String
    ) {
        self.device = device
        self.precision = precision
        self.latentShape = latentShape
        self.name = name
    }
}

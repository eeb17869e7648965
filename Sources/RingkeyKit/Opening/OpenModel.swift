import Files
import InputErrors
import Marks
import ModelFolders
import Models

/// A model that is open, and its identity, which is computed beside other work.
public struct OpenModel: Sendable {
    /// The model.
    public let model: any DiffusionModel
    private let lazyIdentity: Lazy<Deferred<ModelIdentity>>

    /// Opens the model at a path with the first backend that recognises it; of a model's folder in the hub's cache a
    /// snapshot (`HubCache`).
    /// - Throws: `InputError` for something that is not a model, or does not fit.
    public init(_ path: String, options: ExecutionOptions = ExecutionOptions()) throws {
        guard RawPath(path).isText else {
            throw InputError(path, expected: "a model whose name is UTF-8", found: "other bytes", as: .notAModel)
        }
        let model = try Registry.backends(options).open(HubCache.folder(of: path))
        if let asked = options.prediction, let own = model.noisePredictor?.predictionType, own != asked {
            throw InputError(
                path, expected: "a model that predicts \(asked.rawValue), as it was said", found: "\(own.rawValue)",
                as: .invalidSetting)
        }
        self.init(model)
    }

    /// A model that was opened elsewhere.
    public init(_ model: any DiffusionModel) {
        self.model = model
        lazyIdentity = Lazy { Deferred { try model.identity() } }
    }

    /// The model at the size of the keys' latents; their images are resized to match.
    /// - Throws: `InputError` for keys of another number of channels.
    public func sized(for keys: [any MarkKey], banks: [any KeyBank] = []) throws -> OpenModel {
        let wanted =
            keys.first.map { ($0.latentShape, "key \($0.identity.name)") }
            ?? banks.first.map { ($0.latentShape, "key ring \($0.identity.name)") }
        guard let (shape, name) = wanted, shape.channels == model.latentShape.channels else { return self }
        return OpenModel(try model.sized(shape, for: name), lazyIdentity)
    }

    private init(_ model: any DiffusionModel, _ lazyIdentity: Lazy<Deferred<ModelIdentity>>) {
        self.model = model
        self.lazyIdentity = lazyIdentity
    }

    /// Begins to hash the model's files on another thread, unless that was begun before.
    public func beginHashing() { _ = try? lazyIdentity() }

    /// Name, place and digest; waits for the hash.
    public func identity() throws -> ModelIdentity { try lazyIdentity().value() }
}

import Diffusion
import Foundation
import Synchronization
import Tensors

/// A model folder with its graphs behind the three protocols. A graph is loaded when it is first needed.
public final class OnnxModel: Sendable {
    public let folder: ModelFolder
    public let runtime: OnnxRuntime
    private let options: SessionOptions
    private let sessions = Mutex<[ModelFolder.Part: Session]>([:])

    public init(folder: ModelFolder, runtime: OnnxRuntime, options: SessionOptions = SessionOptions()) throws {
        self.folder = folder
        self.runtime = runtime
        self.options = options
        _ = try options.providerName(runtime)
    }

    /// Loads a part now.
    /// - Returns: the seconds that it took.
    @discardableResult
    public func load(_ part: ModelFolder.Part) throws -> Double { try session(part).loadSeconds }

    func session(_ part: ModelFolder.Part) throws -> Session {
        if let session = sessions.withLock({ $0[part] }) { return session }
        let session = try Session(path: folder.graphPath(part), runtime: runtime, options: options)
        return sessions.withLock { loaded in
            if let other = loaded[part] { return other }
            loaded[part] = session
            return session
        }
    }

    public var autoencoder: any Autoencoder { OnnxAutoencoder(model: self) }
    public var noisePredictor: any NoisePredictor { OnnxNoisePredictor(model: self) }
    /// Nil for a model without text.
    public func textEncoder() throws -> (any TextEncoder)? {
        guard let conditioning = folder.conditioning else { return nil }
        return OnnxTextEncoder(
            model: self,
            tokenizer: try CLIPTokenizer(folder: folder.path + "/tokenizer", length: conditioning.tokens),
            width: conditioning.width)
    }
}

import InputErrors
import Models
import TestSupport
import Testing

/// The seam of models with a backend in memory behind it.
@Suite struct ModelBackendTests {
    private struct Deaf: ModelBackend {
        let name = "deaf"
        func recognises(_ path: String) -> Bool { false }
        func open(_ path: String) throws -> any DiffusionModel {
            Issue.record("a backend that did not recognise \(path) was asked to open it")
            return ToyModel()
        }
    }

    private let backends: [any ModelBackend] = [Deaf(), ToyBackend()]

    @Test func theBackendThatRecognisesAPathOpensIt() throws {
        let model = try backends.open("toy:one")
        #expect(model.path == "toy:one" && model.name == "toy")
        #expect(try model.identity() == ModelIdentity(name: "toy", path: "toy:one", digest: try model.digest()))
        #expect(try model.requireAutoencoder().imageSize == (32, 32))
    }

    /// What is recognised and does not fit is refused with the backend's own reason.
    @Test func theBackendsRefusalIsKept() throws {
        let error = #expect(throws: InputError.self) { try backends.open("toy:broken") }
        #expect(error?.code == .notAModel && error?.found == "a broken one")
    }

    @Test func aPathThatNobodyRecognisesIsRefusedByName() throws {
        let error = #expect(throws: InputError.self) { try backends.open("/nowhere") }
        #expect(error?.code == .missing && error?.subject == "/nowhere")
        #expect(error?.expected.contains("deaf or toy") == true)
    }

    @Test func aPartThatIsMissingIsNamed() throws {
        var model = ToyModel()
        model.autoencoder = nil
        model.noisePredictor = nil
        let parts: [(String, () throws -> Void)] = [
            ("the part vae_encoder", { _ = try model.requireAutoencoder() }),
            ("a network that predicts noise", { _ = try model.requireNoisePredictor() }),
            ("the part text_encoder", { _ = try model.requireTextEncoder() }),
        ]
        for (part, require) in parts {
            let error = #expect(throws: InputError.self) { try require() }
            #expect(error?.code == .modelPart && error?.expected == "one with \(part)")
        }
    }
}

import Foundation
import InputErrors
import OnnxModels
import OnnxSessions
import Tensors
import TestSupport
import Testing

struct RuntimeTests {
    @Test func opensOnce() throws {
        let runtime = try OnnxRuntime.open(repositoryLibrary)
        #expect(runtime === (try OnnxRuntime.open()))
        #expect(runtime.version.hasPrefix("1."))
        #expect(runtime.providers.contains("CPUExecutionProvider"))
        let error = #expect(throws: InputError.self) { try OnnxRuntime.open("/elsewhere/libonnxruntime.so") }
        #expect(error?.code == .invalidSetting && error?.subject == "/elsewhere/libonnxruntime.so")
    }

    @Test func tellsWhatItTried() throws {
        let graph = Fixtures.url("OnnxModels/graphs/text.onnx").path
        let error = #expect(throws: InputError.self) {
            try OnnxRuntime(firstOf: ["/nowhere/libonnxruntime.so", graph, "libm.so.6"], isExplicit: false)
        }
        let found = try #require(error?.found)
        #expect(error?.code == .runtime)
        #expect(found.contains("/nowhere/libonnxruntime.so (cannot open shared object file"))
        #expect(found.contains("\(graph) ("))
        #expect(found.contains("libm.so.6 (is not ONNX Runtime"))
        #expect(!found.contains("\n"))
    }

    @Test func looksWhereItIsTold() {
        #expect(OnnxRuntime.candidates("/some/lib.so", environment: [:]) == ["/some/lib.so"])
        #expect(OnnxRuntime.candidates("lib.so", environment: [:]) == ["./lib.so"])
        let variable = ["RINGKEY_ONNXRUNTIME": "/other/lib.so"]
        #expect(OnnxRuntime.candidates(environment: variable) == ["/other/lib.so"])
        #expect(OnnxRuntime.candidates("/some/lib.so", environment: variable) == ["/some/lib.so"])
        let inside = OnnxRuntime.candidates(repositoryLibrary, environment: [:])
        #expect(inside.first?.hasPrefix(repositoryLibrary + "/libonnxruntime.so") == true)
        #expect(OnnxRuntime.candidates(environment: [:]).suffix(2) == ["libonnxruntime.so.1", "libonnxruntime.so"])
    }

    /// Providers that are not in the library, and ones that are spelt in other ways.
    @Test func choosesProviders() throws {
        let graph = Fixtures.url("OnnxModels/graphs/decoder.onnx").path
        for name in ["cpu", "CPU", "CPUExecutionProvider"] {
            var options = testOptions
            options.provider = name
            _ = try Session(contentsOf: graph, options: options)
        }
        for name in ["warp", "", "tpuExecutionProvider"] {
            var options = testOptions
            options.provider = name
            let error = #expect(throws: InputError.self) { try Session(contentsOf: graph, options: options) }
            #expect(error?.code == .provider && error?.expected.contains("cpu") == true)
        }
        var options = testOptions
        options.threads = 0
        #expect(refusalCode { try Session(contentsOf: graph, options: options) } == .invalidSetting)
    }

    @Test func namesThePortThatDoesNotFit() throws {
        let session = try Session(
            contentsOf: Fixtures.url("OnnxModels/graphs/decoder.onnx").path, options: testOptions)
        #expect(session.inputs.map(\.description) == ["latent_sample float32 [b, 2, h, w]"])
        let error = #expect(throws: InputError.self) { try session.run([Tensor(zeros: [1, 3, 4, 4])]) }
        #expect(error?.subject.hasSuffix("input latent_sample") == true)
        #expect(error?.code == .wrongShape && error?.found == "shape [1, 3, 4, 4]")
    }

    /// A bound output of the wrong shape is refused, not read.
    @Test func refusesAWrongOutputShape() throws {
        let session = try Session(
            contentsOf: Fixtures.url("OnnxModels/graphs/decoder.onnx").path, options: testOptions)
        let code = refusalCode { try session.run([Tensor(zeros: [1, 2, 4, 4])], shape: [1, 3, 8, 9]) }
        #expect(code == .modelGraph)
        #expect(try session.run([Tensor(zeros: [1, 2, 4, 4])]).shape == [1, 3, 8, 8])
    }
}

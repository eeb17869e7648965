import Foundation

extension OnnxRuntime {
    /// The environment variable that names the library: `RINGKEY_ONNXRUNTIME`.
    public static let environmentVariable = "RINGKEY_ONNXRUNTIME"

    /// Where the library is looked for, in order. Only the explicit path where there is one (`library`, or else the
    /// environment variable); otherwise `.deps/onnxruntime/capi` under the current directory and under each folder
    /// above the executable, the executable's own folder, `../lib/ringkey` and `../lib` beside it, and last the system's names.
    public static func candidates(
        _ library: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String] {
        if let explicit = library ?? environment[environmentVariable], !explicit.isEmpty {
            let inside = libraries(in: explicit)
            return inside.isEmpty ? [explicit.contains("/") ? explicit : "./" + explicit] : inside
        }
        var folders = [FileManager.default.currentDirectoryPath + "/.deps/onnxruntime/capi"]
        if let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            var ancestor = URL(fileURLWithPath: executable).deletingLastPathComponent()
            let library = ancestor.deletingLastPathComponent().appendingPathComponent("lib")
            folders += [ancestor.path, library.appendingPathComponent("ringkey").path, library.path]
            while ancestor.path != "/" {
                folders.append(ancestor.appendingPathComponent(".deps/onnxruntime/capi").path)
                ancestor.deleteLastPathComponent()
            }
        }
        var seen: Set<String> = []
        let found = folders.filter { seen.insert($0).inserted }.flatMap(libraries)
        return found + ["libonnxruntime.so.1", "libonnxruntime.so"]
    }

    /// Files `libonnxruntime.so*` of a folder, the longest name (the full version) first.
    private static func libraries(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("libonnxruntime.so") }
            .sorted { ($0.count, $0) > ($1.count, $1) }
            .map { folder + "/" + $0 }
    }
}

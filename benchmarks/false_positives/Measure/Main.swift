import Files
import Foundation
import InputErrors
import RingKeys

/// Measures how often keys match images that have nothing to do with them:
///
///     false-positives MODEL LATENTS OUT.md MARKED_KEY FOLDER… [-- MARKED_FOLDER…]
///
/// Each FOLDER of unmarked images is a group, and is taken back to noise once: LATENTS is a folder that keeps the result.
/// MARKED_FOLDERs hold images marked with MARKED_KEY, for the power. docs/calibration.md says how to make all of them.
@main
enum FalsePositives {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let parts = arguments.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        guard let first = parts.first, first.count >= 5 else {
            FileHandle.standardError.write(
                Data("usage: false-positives MODEL LATENTS OUT.md KEY FOLDER… [-- MARKED_FOLDER…]\n".utf8))
            exit(64)
        }
        do {
            let latents = try LatentStore(model: first[0], folder: first[1])
            let key = try RingKey(contentsOf: first[3])
            var text = ""
            for route in latents.routes {
                let unmarked = try first[4...].map { try latents.group($0, route: route) }
                let marked = try (parts.count > 1 ? parts[1] : []).map { try latents.group($0, route: route) }
                text += "\n# \(route)\n" + (try Report(unmarked: unmarked, marked: marked, key: key).markdown())
            }
            try AtomicFile.write(Data(text.utf8), to: first[2], overwrite: true)
        } catch let error as InputError {
            FileHandle.standardError.write(Data("false-positives: \(error)\n".utf8))
            exit(2)
        }
    }
}

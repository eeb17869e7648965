import Foundation
import InputErrors

/// Files that are read and files that are written must not be the same.
public enum OutputPaths {
    /// What tells one file from another, whatever it is called.
    private enum Identity: Hashable {
        case file(device: dev_t, number: ino_t)
        /// A name that nothing has yet, in a folder.
        case name(device: dev_t, folder: ino_t, name: String)
        /// Nothing that could be found.
        case text(String)

        init(_ path: String) {
            var status = stat()
            if stat(path, &status) == 0 {
                self = .file(device: status.st_dev, number: status.st_ino)
                return
            }
            let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            self =
                stat(parent, &status) == 0
                ? .name(
                    device: status.st_dev, folder: status.st_ino,
                    name: path.split(separator: "/").last.map(String.init) ?? path)
                : .text(path)
        }
    }

    /// Fails where an output is one of the inputs or another output: under any of its names, behind links too.
    /// - Parameters:
    ///   - outputs: what is to be written.
    ///   - inputs: what is read; those that are no files are passed over.
    public static func requireApart(_ outputs: [String], from inputs: [String]) throws {
        var taken: [Identity: (path: String, isInput: Bool)] = [:]
        for input in inputs {
            var status = stat()
            guard stat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            taken[Identity(input)] = (input, true)
        }
        for output in outputs {
            let identity = Identity(output)
            if let other = taken[identity] {
                throw InputError(
                    output, expected: other.isInput ? "an output that is not read" : "a file of its own",
                    found: other.isInput ? "the input \(other.path)" : "the output \(other.path)", as: .sameFile)
            }
            taken[identity] = (output, false)
        }
    }
}

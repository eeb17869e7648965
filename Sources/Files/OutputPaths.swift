import Foundation
import InputErrors

/// Files that are read and files that are written must not be the same.
public enum OutputPaths {
    /// What tells one file from another, whatever it is called.
    private enum Identity: Hashable {
        case file(device: dev_t, number: ino_t)
        /// A name that nothing has yet, in a folder.
        case name(device: dev_t, folder: ino_t, name: RawPath)
        /// Nothing that could be found.
        case path(RawPath)

        init(_ path: String) {
            if let status = RawPath(path).status {
                self = .file(device: status.st_dev, number: status.st_ino)
                return
            }
            self =
                if let folder = RawPath(Folder.of(path)).status {
                    .name(device: folder.st_dev, folder: folder.st_ino, name: RawPath(path).lastComponent)
                } else { .path(RawPath(path)) }
        }
    }

    /// Fails where an output is one of the inputs or another output: under any of its names, behind links too.
    /// - Parameters:
    ///   - outputs: what is to be written.
    ///   - inputs: what is read, `-` for standard input; those that are no files are passed over.
    public static func requireApart(_ outputs: [String], from inputs: [String]) throws {
        var taken: [Identity: (path: String, isInput: Bool)] = [:]
        for input in inputs.map({ $0 == "-" ? "/dev/stdin" : $0 }) {
            guard let status = RawPath(input).status, status.st_mode & S_IFMT == S_IFREG else { continue }
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

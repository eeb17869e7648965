import Files
import Foundation
import InputErrors

/// Files of results that somebody deletes or moves while they are being written.
extension Journal {
    /// Fails where the path no longer names the open file. Results that would be gone with the process are written to a new
    /// file: beside the old one if its folder is still there, else in the folder for temporary files.
    /// - Throws: `InputError` that says where the results are; `path` is that place then.
    func requireInPlace() throws {
        var own = stat()
        guard fstat(descriptor, &own) == 0 else { return }
        if let named = RawPath(path).status, named.st_dev == own.st_dev, named.st_ino == own.st_ino { return }
        if own.st_nlink > 0 {
            let place = openFilePath
            defer { path = place ?? path }
            throw gone("it was moved; the results so far are in \(place ?? "the file that had this name")")
        }
        let place = rescue()
        defer { path = place ?? path }
        throw gone(place.map { "it was deleted; the results so far are in \($0)" } ?? "it was deleted with its results")
    }

    private func gone(_ found: String) -> InputError {
        InputError(path, expected: "the file of results to stay where it is", found: found, as: .resultsGone)
    }

    /// What the system calls the open file now.
    private var openFilePath: String? {
        RawPath("/proc/self/fd/\(descriptor)").resolved?.text
    }

    /// Copies a deleted file's content.
    /// - Returns: the new file; nil where none could be written.
    private func rescue() -> String? {
        let temporary = FileManager.default.temporaryDirectory.path + "/" + RawPath(path).lastComponent.text
        for base in [path, temporary] {
            for number in 1...99 {
                let place = base + ".rescued" + (number == 1 ? "" : "-\(number)")
                do {
                    try AtomicFile.write(to: place, overwrite: false) { try copy(to: $0) }
                    return place
                } catch let error as InputError where error.code == .exists {
                    continue
                } catch {
                    break
                }
            }
        }
        return nil
    }

    private func copy(to file: borrowing AtomicFile.Writer) throws {
        try file.append(copyOf: descriptor, 0..<length, named: path)
    }
}

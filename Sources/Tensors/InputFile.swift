import Foundation

/// Reading whole files that come from outside.
public enum InputFile {
    /// The bytes of a regular file. Never blocks on a FIFO or device, and looks at the size before it allocates.
    /// - Parameter limit: the most bytes that are accepted.
    /// - Throws: `InputError` for a missing file, a folder, anything that is not a regular file, an unreadable or empty
    ///   one, or one over the limit.
    public static func read(_ path: String, limit: Int) throws -> Data {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw InputError(path, expected: "a readable file", found: systemMessage(errno))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let size = try regularFileSize(descriptor, path: path)
        guard size > 0 else { throw InputError(path, expected: "a file with content", found: "an empty file") }
        guard size <= limit else {
            throw InputError(path, expected: "at most \(limit) bytes", found: "\(size) bytes")
        }
        do {
            guard let data = try handle.read(upToCount: size), data.count == size else {
                throw InputError(path, expected: "\(size) bytes", found: "an end of file before them")
            }
            return data
        } catch let error as InputError {
            throw error
        } catch {
            throw InputError(path, expected: "a readable file", found: "\(error.localizedDescription)")
        }
    }

    static func regularFileSize(_ descriptor: Int32, path: String) throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw InputError(path, expected: "a readable file", found: systemMessage(errno))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw InputError(path, expected: "a file", found: "a folder")
        default: throw InputError(path, expected: "a regular file", found: "a pipe, socket or device")
        }
    }
}

/// The system's words for an error number, in lower case as part of a sentence.
package func systemMessage(_ code: Int32) -> String {
    let message = String(cString: strerror(code))
    return message.prefix(1).lowercased() + message.dropFirst()
}

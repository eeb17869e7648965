import Files
import Foundation
import InputErrors
import Verdicts

/// Results that go to a pipe, a terminal or a device: each line at once, nothing to resume.
public struct ResultStream: Sendable {
    private let descriptor: Int32
    private let name: String

    /// Results for standard output.
    public static let standardOutput = ResultStream(descriptor: STDOUT_FILENO, name: "stdout")

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Opens what exists under a path; it stays open until the process ends.
    public init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        name = path
        guard descriptor >= 0 else {
            throw InputError(
                path, expected: "a writable pipe or device", found: systemMessage(errno), as: .notWritable)
        }
    }

    /// Adds a line.
    public func append(_ line: AuditLine) throws {
        try line.json().withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    done += written
                } else if errno == EAGAIN {
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    throw InputError(
                        name, expected: "room for another result", found: systemMessage(errno), as: .notWritable)
                }
            }
        }
    }
}

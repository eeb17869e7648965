import Files
import Foundation
import InputErrors
import Verdicts

/// Results that go to a pipe, a terminal or a device: each line at once, nothing to resume.
public struct ResultStream: Sendable {
    private let write: @Sendable (UnsafeRawBufferPointer) throws -> Void

    /// Results that somebody else writes.
    /// - Parameter write: takes the bytes of whole lines, each once. What it throws ends the audit.
    public init(_ write: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void) { self.write = write }

    /// Opens what exists under a path; it stays open until the process ends.
    public init(_ path: String) throws {
        let descriptor = RawPath(path).withCString { open($0, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
        guard descriptor >= 0 else {
            throw InputError(
                path, expected: "a writable pipe or device", found: systemMessage(errno), as: .notWritable)
        }
        write = { bytes in
            let code = OpenDescriptor.write(bytes, to: descriptor)
            guard code == 0 else {
                throw InputError(
                    path, expected: "room for another result", found: systemMessage(code), as: .notWritable)
            }
        }
    }

    /// Adds a line.
    public func append(_ line: AuditLine) throws { try line.json().withUnsafeBytes(write) }
}

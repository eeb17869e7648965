import Foundation
import InputErrors

/// A library's table of functions, or why there is none. It is never closed.
package struct LoadedLibrary: @unchecked Sendable {
    // Written once, before anybody else has it.
    private let functions: UnsafeMutableRawPointer?
    private let problem: String
    private let library: ImageLibrary

    /// Opens a library by the first of its names that there is.
    /// - Parameter open: gives the functions, or in their place the reason, for `free`.
    package init(
        _ library: ImageLibrary,
        open: (String) -> (functions: UnsafeMutableRawPointer?, reason: UnsafeMutablePointer<CChar>?)
    ) {
        var (functions, problem): (UnsafeMutableRawPointer?, String?)
        for name in library.fileNames where functions == nil {
            let (found, reason) = open(name)
            functions = found
            problem = problem ?? reason.map { String(cString: $0) }
            free(reason)
        }
        self.functions = functions
        self.problem = problem ?? "no reason"
        self.library = library
    }

    /// The functions.
    /// - Parameter name: of the file that cannot be read without them.
    /// - Throws: `InputError` where the library is missing or too old.
    package func require(for name: String) throws -> UnsafeMutableRawPointer {
        guard let functions else {
            throw InputError(name, expected: library.description, found: problem, as: .unsupported)
        }
        return functions
    }
}

import Foundation

/// A scheme of marks, as far as key files need it.
public protocol MarkScheme: Sendable {
    /// What the member `scheme` of a key document says. A document without one is of the scheme `ring`.
    var name: String { get }

    /// Reads a key document of this scheme.
    /// - Parameters:
    ///   - document: the content of a key file.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    func key(document: Data, named path: String) throws -> any MarkKey
}

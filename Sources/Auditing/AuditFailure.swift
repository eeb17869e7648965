import Foundation
import Tensors

/// A file that could not be judged: the document `ringkey.error/1`.
public struct AuditFailure: Codable, Sendable, Equatable {
    /// Stable classes of failure.
    public enum Code: String, Codable, Sendable, CaseIterable {
        /// There is no such file.
        case missing
        /// The file or its folder may not be read.
        case notReadable = "not_readable"
        /// A folder, FIFO, socket or device.
        case notAFile = "not_a_file"
        /// No bytes.
        case empty
        /// Not PNG, JPEG or WebP.
        case notAnImage = "not_an_image"
        /// An image that is torn or breaks its format's rules.
        case damaged
        /// More bytes or megapixels than allowed.
        case tooLarge = "too_large"
        /// A kind of PNG, JPEG or WebP that is not read.
        case unsupported
        /// The image was read, and the chain gave NaN or the like.
        case notMeasurable = "not_measurable"

        /// The class that a reader of files gave.
        public init(_ refusal: FileRefusal) {
            self =
                switch refusal {
                case .missing: .missing
                case .notReadable: .notReadable
                case .notAFile: .notAFile
                case .empty: .empty
                case .notAnImage: .notAnImage
                case .damaged: .damaged
                case .tooLarge: .tooLarge
                case .unsupported: .unsupported
                }
        }

        /// Whether an unchanged file may be judged another time all the same: the reason may lie outside of it.
        public var mayPass: Bool {
            switch self {
            case .missing, .notReadable, .notAFile, .notMeasurable: true
            case .empty, .notAnImage, .damaged, .tooLarge, .unsupported: false
            }
        }
    }

    /// The document's name and version.
    public static let formatName = "ringkey.error/1"

    /// `formatName`.
    public var format = AuditFailure.formatName
    /// The file as it was named.
    public var path: String
    /// The class of failure.
    public var code: Code
    /// What would have been accepted.
    public var expected: String
    /// What was there instead.
    public var found: String

    /// A failure.
    public init(path: String, code: Code, expected: String, found: String) {
        self.path = path
        self.code = code
        self.expected = expected
        self.found = found
    }

    /// A file that was refused; a refusal without a class is one of the chain.
    public init(path: String, _ error: InputError) {
        self.init(
            path: path, code: error.refusal.map { Code($0) } ?? .notMeasurable, expected: error.expected,
            found: error.refusal == nil ? "\(error.subject): \(error.found)" : error.found)
    }
}

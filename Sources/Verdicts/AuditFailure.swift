import Foundation
import InputErrors

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
        /// No image of a known format.
        case notAnImage = "not_an_image"
        /// An image that is torn or breaks its format's rules.
        case damaged
        /// More bytes or megapixels than allowed.
        case tooLarge = "too_large"
        /// A known format, or a kind of one, that is not read, or whose library is missing.
        case unsupported
        /// The image was read, and recovery gave NaN or the like.
        case notMeasurable = "not_measurable"

        /// Whether an unchanged file may be judged another time all the same: the reason may lie outside of it.
        public var mayPass: Bool {
            switch self {
            case .missing, .notReadable, .notAFile, .unsupported, .notMeasurable: true
            case .empty, .notAnImage, .damaged, .tooLarge: false
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

    /// A file that was refused. What is not a fault of the file itself is a fault in judging it.
    public init(path: String, _ error: InputError) {
        if let code = Code(rawValue: error.code.rawValue) {
            self.init(path: path, code: code, expected: error.expected, found: error.found)
        } else {
            self.init(
                path: path, code: .notMeasurable, expected: error.expected, found: "\(error.subject): \(error.found)")
        }
    }
}

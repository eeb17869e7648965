/// Why a file from outside is refused, for programs; the words are in the `InputError`.
public enum FileRefusal: String, Sendable, CaseIterable {
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
    /// Torn, or against the rules of its format.
    case damaged
    /// More bytes or megapixels than allowed.
    case tooLarge = "too_large"
    /// A format, or a kind of one, that is known and not read.
    case unsupported
}

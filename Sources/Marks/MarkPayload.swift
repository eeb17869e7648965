/// A message that a mark carries, as it was read back.
public struct MarkPayload: Codable, Sendable, Equatable {
    /// The bits, the first in the highest place of the first digit; the last digit is filled up with zeros.
    public var hexadecimal: String
    /// How many bits.
    public var bits: Int
    /// The bytes as text, where they are printable UTF-8; zeros at the end are left out.
    public var text: String?
    /// The chance that all bits are right if the image is marked, by what was measured.
    public var confidence: Double
    /// Bits that are more likely wrong than one in twenty.
    public var doubtfulBits: Int
    /// Whether the key says what the message should be, and it is that.
    public var isExpected: Bool?

    /// A message.
    public init(
        hexadecimal: String, bits: Int, text: String? = nil, confidence: Double, doubtfulBits: Int,
        isExpected: Bool? = nil
    ) {
        self.hexadecimal = hexadecimal
        self.bits = bits
        self.text = text
        self.confidence = confidence
        self.doubtfulBits = doubtfulBits
        self.isExpected = isExpected
    }

    enum CodingKeys: String, CodingKey {
        case hexadecimal = "hex"
        case bits, text, confidence
        case doubtfulBits = "doubtful_bits"
        case isExpected = "expected"
    }
}

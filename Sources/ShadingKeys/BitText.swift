import Foundation

/// Bits as bytes and digits: the first bit is the highest of its byte, and the last byte is filled up with zeros.
package enum BitText {
    /// The bytes of some bits.
    package static func bytes(_ bits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(UInt8(0)) { byte, place in
                byte << 1 | (start + place < bits.count ? bits[start + place] & 1 : 0)
            }
        }
    }

    /// The first bits of some bytes.
    package static func bits(_ bytes: some Collection<UInt8>, count: Int) -> [UInt8] {
        let bits = bytes.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
        precondition(bits.count >= count, "\(count) bits of \(bytes.count) bytes")
        return Array(bits.prefix(count))
    }

    /// Two hexadecimal digits for each byte.
    package static func digits(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

    /// Printable text that zeros may follow; nil for other bytes.
    package static func text(_ bytes: [UInt8]) -> String? {
        let content = bytes.reversed().drop { $0 == 0 }.reversed()
        guard !content.isEmpty, let text = String(validating: Array(content), as: UTF8.self) else { return nil }
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
            default: true
            }
        }
        return isPrintable ? text : nil
    }
}

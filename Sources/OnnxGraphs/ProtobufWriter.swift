import Foundation

/// Writes fields of a protobuf message (the wire format: a tag of field number and wire type, then the content).
struct ProtobufWriter {
    private(set) var bytes = Data()

    /// A varint field.
    mutating func add(_ field: Int, _ value: Int) {
        varint(UInt64(field << 3))
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// A fixed field of 32 bits.
    mutating func add(_ field: Int, _ value: Float) {
        varint(UInt64(field << 3 | 5))
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A field of bytes.
    mutating func add(_ field: Int, _ value: Data) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(value.count))
        bytes.append(value)
    }

    /// A field of text.
    mutating func add(_ field: Int, _ value: String) { add(field, Data(value.utf8)) }

    /// A message inside this one.
    mutating func add(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        add(field, inner.bytes)
    }

    /// The fields of another message after these.
    mutating func append(_ other: ProtobufWriter) { bytes.append(other.bytes) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

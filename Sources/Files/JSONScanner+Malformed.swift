import InputErrors

extension JSONScanner {
    /// What is wrong with a text.
    package struct Malformed: Error {
        /// What would have been accepted.
        package let expected: String
        /// Where, in bytes from 0.
        package let offset: Int
        /// What is there, where the byte at `offset` does not say it.
        let found: String?

        /// - Parameters:
        ///   - expected: what would have been accepted.
        ///   - offset: in bytes from 0.
        ///   - found: what is there, where the byte at `offset` does not say it.
        package init(expected: String, offset: Int, found: String? = nil) {
            self.expected = expected
            self.offset = offset
            self.found = found
        }

        /// The refusal of a text, which says where and what stands there.
        /// - Parameters:
        ///   - subject: stands for the text.
        ///   - text: the bytes that were scanned.
        ///   - start: the offset of the first of them in what the reader of the message can see.
        ///   - part: what the offset counts in: `" of the header"`; nothing for the whole file.
        ///   - code: of the refusal.
        package func refusal(
            of subject: String, _ text: some Collection<UInt8>, from start: Int = 0, in part: String = "",
            as code: InputError.Code
        ) -> InputError {
            InputError(
                subject, expected: "\(expected) at byte \(start + offset)\(part)", found: found ?? character(in: text),
                as: code)
        }

        private func character(in text: some Collection<UInt8>) -> String {
            switch text.dropFirst(offset).first {
            case nil: "the end"
            case let byte? where (0x20...0x7E).contains(byte): "'\(Character(Unicode.Scalar(byte)))'"
            case let byte?: "byte 0x" + String(byte, radix: 16)
            }
        }
    }

    /// The refusal of what stands at the current place.
    package func malformed(_ expected: String, found: String? = nil) -> Malformed {
        Malformed(expected: expected, offset: position, found: found)
    }
}

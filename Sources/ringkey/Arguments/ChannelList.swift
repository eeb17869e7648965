import InputErrors

/// Channels as they are written: `0,3`.
enum ChannelList {
    /// The numbers of a list; nil for none.
    /// - Throws: `InputError` naming the flag.
    static func numbers(_ text: String?, flag: String) throws -> [Int]? {
        guard let text else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count else {
            throw InputError(flag, expected: "numbers like 0,3", found: text, as: .invalidSetting)
        }
        return numbers
    }
}

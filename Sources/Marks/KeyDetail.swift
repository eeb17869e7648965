/// One public fact of a key, that its scheme has and others need not have.
public struct KeyDetail: Sendable, Equatable {
    /// What a fact can be.
    public enum Value: Sendable, Equatable {
        /// Words.
        case text(String)
        /// One number.
        case number(Double)
        /// Several.
        case numbers([Int])
        /// Yes or no.
        case flag(Bool)
    }

    /// The member in JSON: `ring_width`.
    public let name: String
    /// What it is.
    public let value: Value

    /// A fact.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// The fact as people read it, after its name: `radius 10`, `channels 0,3`.
    public var words: String {
        let text =
            switch value {
            case .text(let text): text
            case .number(let number):
                number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
            case .numbers(let numbers): numbers.map(String.init).joined(separator: ",")
            case .flag(let flag): flag ? "yes" : "no"
            }
        return "\(name.map { $0 == "_" ? " " : String($0) }.joined()) \(text)"
    }
}

extension ConfigurationValue {
    /// A whole number.
    static func number(_ value: Int) -> ConfigurationValue { .number(Double(value)) }

    /// Whole numbers.
    static func numbers(_ values: [Int]) -> ConfigurationValue { .list(values.map { .number($0) }) }
}

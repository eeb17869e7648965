extension ConfigurationValue {
    /// A whole number.
    package static func number(_ value: Int) -> ConfigurationValue { .number(Double(value)) }

    /// Whole numbers.
    package static func numbers(_ values: [Int]) -> ConfigurationValue { .list(values.map { .number($0) }) }
}

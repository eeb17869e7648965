/// The version of the tool, as `--version` and every verdict give it.
enum ToolVersion {
    static let current = "0.1.0"
    static let name = "ringkey \(current)"
}

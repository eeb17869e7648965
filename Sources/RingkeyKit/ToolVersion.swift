/// The version of the tool, as `--version` and every verdict give it.
public enum ToolVersion {
    /// `0.1.0`.
    public static let current = "0.1.0"
    /// `ringkey 0.1.0`.
    public static let name = "ringkey \(current)"
}

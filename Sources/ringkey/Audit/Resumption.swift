/// The command that resumes results.
enum Resumption {
    /// The command that began the results, for the file that they are in now.
    static func command(_ arguments: [String], output path: String) -> [String] {
        var arguments = arguments
        if !arguments.contains("--resume") { arguments.append("--resume") }
        if let flag = arguments.firstIndex(where: { ["-o", "--output"].contains($0) }), flag + 1 < arguments.count {
            arguments[flag + 1] = path
        } else {
            arguments.removeAll { $0.hasPrefix("--output=") || $0 == "--no-header" }
            arguments += ["-o", path]
        }
        return arguments
    }
}

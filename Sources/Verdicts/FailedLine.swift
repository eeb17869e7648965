/// A line `ringkey.error/1`.
package struct FailedLine {
    /// The file.
    package let file: LineFile
    /// The class of failure.
    package let code: AuditFailure.Code
    /// What was there instead of an image, in words.
    package let found: String

    init(_ members: LineMembers) throws {
        file = try members.file()
        code = try members.code(\.code, "code")
        found = members.found ?? ""
    }
}

import Files

/// The file that a line is about.
package struct LineFile {
    /// The file as it was named, to show.
    package let path: String
    /// The name in full where it is not UTF-8.
    package let rawPath: RawPath?
    /// The file's length and time of change when it was read; nil where there was none to ask.
    package let stamp: FileStamp?

    /// What tells one file from another.
    package var name: RawPath { rawPath ?? RawPath(bytes: Array(path.utf8)) }
}

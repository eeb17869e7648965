import Foundation

/// Where files are kept that can be made anew: `$RINGKEY_CACHE`, else `$XDG_CACHE_HOME/ringkey`, else `~/.cache/ringkey`.
/// It may be deleted at any time. An empty `RINGKEY_CACHE` means that nothing is kept.
public enum CacheFolder {
    /// The environment variable that names the folder.
    public static let environmentVariable = "RINGKEY_CACHE"

    /// The folder's path, whether it is there or not; nil where nothing is to be kept.
    public static func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        if let named = environment[environmentVariable] { return named.isEmpty ? nil : named }
        if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/ringkey" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.cache/ringkey"
    }

    /// A folder in it, made where it is missing, for this user alone.
    /// - Returns: nil where nothing is to be kept, where it cannot be made, and where others may write to it.
    public static func make(
        _ name: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        guard let path = path(environment).map({ "\($0)/\(name)" }) else { return nil }
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var status = stat()
        let isOwn = RawPath(path).withCString { lstat($0, &status) } == 0 && status.st_uid == geteuid()
        guard isOwn, status.st_mode & S_IFMT == S_IFDIR, status.st_mode & (S_IWGRP | S_IWOTH) == 0 else { return nil }
        return path
    }
}

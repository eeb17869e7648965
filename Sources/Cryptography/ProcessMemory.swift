import CSodium

/// The memory of this process, which may hold secrets.
public enum ProcessMemory {
    /// From now on the process leaves no core dump, and no other process of the same user can look into its memory. What
    /// the system refuses is left as it was.
    public static func forbidDumps() { csodium_forbid_dumps() }
}

import Files
import InputErrors
import KeyRings

/// Opening key rings as commands do.
enum KeyRingArgument {
    /// Reads a ring that has keys; warns where others can read it, and of a torn last line.
    static func open(_ path: String, quiet: Bool) throws -> KeyRing {
        let ring = try KeyRing(contentsOf: path)
        try ring.requireKeys()
        guard !quiet else { return ring }
        if PrivateFile.isReadableByOthers(path) {
            Diagnostics.warning(
                "\(Printable.name(path)): this key ring is readable by others (chmod 600 \(ShellText.quoted(path)))")
        }
        if ring.isTorn { Diagnostics.warning("\(Printable.name(path)): the last line is torn and was left out") }
        return ring
    }

    /// The derived keys of a ring, with progress where their matrix is made.
    static func bank(_ ring: KeyRing, quiet: Bool) throws -> RingBank? {
        var progress = Progress("prepare keys", total: ring.count, quiet: quiet)
        let opened = try ring.bank { progress.update(done: $0) }
        progress.finish()
        guard let (bank, preparation) = opened else { return nil }
        if preparation == .written, !quiet {
            Diagnostics.note("\(Printable.name(ring.matrixPath)): prepared; later runs open it at once")
        }
        return bank
    }
}

import ArgumentParser

/// An amount of memory: `512M`, `2G`, or bytes. K, M, G and T are powers of 1024.
struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    /// Nil for what is no whole number from 1 MiB on that an Int holds.
    init?(argument: String) {
        let units = ["K": 10, "M": 20, "G": 30, "T": 40]
        let shift = argument.last.flatMap { units[$0.uppercased()] }
        guard let number = Int(shift == nil ? argument : String(argument.dropLast())), number >= 1 else { return nil }
        let (bytes, isBeyond) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
        guard !isBeyond, bytes >= 1 << 20 else { return nil }
        self.bytes = bytes
    }
}

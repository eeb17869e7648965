import Foundation

/// What the CPU can do beyond its basic instructions.
public struct ProcessorFeatures: Hashable, Sendable {
    /// Whether it has instructions for sums of products of 8-bit integers that do not saturate: AVX-512 VNNI or AVX-VNNI.
    /// Older CPUs add such products in 16 bits, which overflow.
    public let hasDotProducts: Bool
    /// What its maker calls it; nil where Linux does not say.
    public let name: String?

    /// The features that Linux lists.
    /// - Parameter cpuInfo: the text of `/proc/cpuinfo`.
    public init(cpuInfo: String) {
        let flags = cpuInfo.split(whereSeparator: \.isNewline).first { $0.hasPrefix("flags") } ?? ""
        let named = cpuInfo.split(whereSeparator: \.isNewline).first { $0.hasPrefix("model name") }
        name = named?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
        hasDotProducts = flags.split(whereSeparator: \.isWhitespace).contains { Self.dotProducts.contains(String($0)) }
    }

    private static let dotProducts: Set<String> = ["avx512_vnni", "avx_vnni"]

    /// Those of this machine; none where they cannot be read.
    public static let current = ProcessorFeatures(
        cpuInfo: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")
}

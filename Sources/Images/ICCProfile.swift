import InputErrors
/// What an ICC profile (ICC.1:2022) tells of itself: its name, and whether its samples may be taken as sRGB's.
struct ICCProfile {
    /// Its description, of at most 64 printable characters.
    let name: String
    /// Whether it has sRGB's primaries and a tone curve as bright in the middle; a grey one such a curve; one that is given
    /// by tables the name.
    let isSRGB: Bool

    /// D50 colorants of sRGB's primaries (IEC 61966-2-1), red, green, blue.
    private static let primaries = [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141]]
    /// Linear light of an sRGB sample of one half.
    private static let middle = 0.2140

    /// Nil for bytes that are no profile.
    init?(_ bytes: ArraySlice<UInt8>) {
        let tags = ICCTags(bytes)
        guard let space = tags.colourSpace else { return nil }
        let described = String(
            (tags.text("desc") ?? "").unicodeScalars.filter { !Printable.isUnseen($0) }.prefix(64).map(Character.init))
        name = described.isEmpty ? "of \(space) without a name" : described
        func isBright(_ curve: String) -> Bool { tags.middle(curve).map { abs($0 - Self.middle) < 0.006 } ?? false }
        let colorants = ["rXYZ", "gXYZ", "bXYZ"].compactMap(tags.colour)
        switch space {
        case "RGB" where colorants.count == 3:
            let hasPrimaries = zip(colorants, Self.primaries).allSatisfy { colorant, primary in
                zip(colorant, primary).allSatisfy { abs($0 - $1) < 0.004 }
            }
            isSRGB = hasPrimaries && ["rTRC", "gTRC", "bTRC"].allSatisfy(isBright)
        case "RGB": isSRGB = name.contains("sRGB")
        case "GRAY": isSRGB = isBright("kTRC")
        default: isSRGB = false
        }
    }
}

import Pictures

/// A decoded picture and what its file says of it.
public struct DecodedPicture: Sendable {
    /// The pixels as they are stored.
    public let image: RGBImage
    /// What the file wants to be done to them before they are shown.
    public let orientation: Orientation
    /// What of the file is not in the pixels.
    public let notes: [PictureNote]
}

/// What a file says of its picture before any pixel is decoded.
struct ImageHeader {
    /// In pixels, as stored.
    let width: Int
    /// In pixels, as stored.
    let height: Int
    /// How the stored pixels are to be turned.
    var orientation = Orientation.asStored
    /// What of the file will not be in the pixels.
    var notes: [PictureNote] = []

    /// Notes a colour profile, unless its colours are sRGB's; what is no profile is passed over.
    mutating func note(profile: ArraySlice<UInt8>) {
        guard let profile = ICCProfile(profile), !profile.isSRGB else { return }
        notes.append(.colourProfileIgnored(profile.name))
    }

    /// Notes colours that are told by numbers of ITU-T H.273, primaries and transfer. Those of BT.709 and those that are not
    /// specified are shown as sRGB's.
    mutating func note(codePoints: [UInt8]) {
        guard codePoints.count >= 2, ![1, 2].contains(codePoints[0]) || ![1, 2, 6, 13].contains(codePoints[1]) else {
            return
        }
        notes.append(.colourProfileIgnored("H.273 \(codePoints[0])/\(codePoints[1])"))
    }
}

import Attempts
import Items
import Pictures

/// An item prepared for a verifier: what it is, and its pixels at the model's size in each view of the plan.
public struct Subject: Sendable {
    /// The item. Its picture may have been dropped.
    public private(set) var image: RGBImage
    /// The name that its user knows it by.
    public let name: String
    /// SHA-256 of the encoded picture, hexadecimal.
    public let sha256: String
    /// Length of the encoded picture in bytes.
    public let bytes: Int
    /// How its file wants it to be shown.
    public let orientation: Orientation
    /// What of the file is not in the picture.
    public let notes: [PictureNote]
    /// One for each view.
    public let frames: [Frame]
    /// Seconds spent on reading, decoding and resampling.
    public let seconds: Double
    /// What the image was asked for, where that is known of this image; nil for what the recovery's settings say.
    public var prompt: String?

    /// Whether the image had to be resized or cropped.
    public var isResampled: Bool {
        image.height != frames[0].pixels.shape[2] || image.width != frames[0].pixels.shape[3]
    }

    /// Makes the views of an item.
    /// - Parameters:
    ///   - item: what is to be judged.
    ///   - views: at least one.
    ///   - size: of the model's images in pixels.
    ///   - prompt: what the image was asked for; nil where that is not known.
    public init(_ item: Item, views: [any View] = [PlainView()], size: (height: Int, width: Int), prompt: String? = nil)
    {
        precondition(!views.isEmpty, "a subject of \(views.count) views")
        let clock = StageClock()
        let frames = views.map { $0.frame(of: item.image, size: size) }
        self.init(item, frames: frames, seconds: item.seconds + clock.seconds, prompt: prompt)
    }

    /// An item whose views are there already.
    package init(_ item: Item, frames: [Frame], seconds: Double, prompt: String? = nil) {
        image = item.image
        orientation = item.orientation
        notes = item.notes
        name = item.name
        sha256 = item.sha256
        bytes = item.bytes
        self.frames = frames
        self.seconds = seconds
        self.prompt = prompt
    }

    /// Gives back the memory of the decoded picture's pixels; its width and height stay.
    package mutating func dropPicture() { image.pixels = [] }
}

extension Verifier {
    /// Reads an item and prepares it for this verifier's plan.
    /// - Parameters:
    ///   - source: where the item comes from.
    ///   - limitMegapixels: larger pictures are refused before memory is allocated.
    ///   - prompt: what the image was asked for, where that is known.
    /// - Throws: `InputError` naming the item where there is no picture that can be read.
    public func subject(
        of source: some ItemSource, limitMegapixels: Double = 100, prompt: String? = nil
    ) throws -> Subject {
        let item = try source.item(limitMegapixels: limitMegapixels)
        return Subject(
            item, views: plan.tryingBoth(item.orientation).views, size: recovery.imageSize, prompt: prompt)
    }
}

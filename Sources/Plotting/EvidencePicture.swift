import Foundation
import Marks
import Pictures

/// One picture a person can judge a verdict by: the image, the spectrum of the keyed channels with the key's disc, the
/// key's numbers against the measured ones, and the key among its decoys. Legible without colour.
public struct EvidencePicture: Sendable {
    /// The lines at the top. Texts from outside may be of any length and hold anything.
    public struct Header: Sendable {
        /// The answer and its p-value: `watermarked`, `p = 1.7e-164`.
        public var verdict: (answer: String, pValue: String)
        /// The key's name, shortened where it is too long.
        public var keyName: String
        /// What follows the key's name in its line.
        public var keyDetails: String
        /// The image's path, shortened in its middle where it is too long.
        public var path: String
        /// What is worth knowing besides, each in up to two lines.
        public var notes: [String]

        /// A header of its lines.
        public init(
            verdict: (answer: String, pValue: String), keyName: String, keyDetails: String, path: String,
            notes: [String] = []
        ) {
            self.verdict = verdict
            self.keyName = keyName
            self.keyDetails = keyDetails
            self.path = path
            self.notes = notes
        }
    }

    /// The key's place among keys that have nothing to do with the image.
    public struct Rivals: Sendable {
        /// The key's cosine.
        public let cosine: Double
        /// The decoys' cosines; may be empty.
        public let decoys: [Float]

        /// A key's cosine and those of its decoys.
        public init(cosine: Double, decoys: [Float]) {
            self.cosine = cosine
            self.decoys = decoys
        }
    }

    /// The lines at the top.
    public var header: Header
    /// The image under examination.
    public var picture: RGBImage
    /// Where the generated frame's corners lie in the image, from its top left corner in its sides, in turn; nil where the
    /// image is the frame.
    public var outline: [(x: Double, y: Double)]?
    /// The keyed channels' spectra, and the key's numbers against the measured ones; nil where the scheme has no picture.
    public var mark: MarkPicture?
    /// Nil for a key without an exact p-value, which no cosine tells anything about.
    public var rivals: Rivals?

    /// The evidence, as plain values.
    public init(
        header: Header, picture: RGBImage, outline: [(x: Double, y: Double)]? = nil, mark: MarkPicture?,
        rivals: Rivals?
    ) {
        self.header = header
        self.picture = picture
        self.outline = outline
        self.mark = mark
        self.rivals = rivals
    }

    /// The width in pixels of a PNG in which the smallest text can be read; the height follows from the document's size.
    public static let pixelWidth = 1200

    static let width = 740.0
    static let margin = 18.0
    /// The columns: image and decoys in the left one, spectra and comparison in the right one.
    static let left = (x: margin, width: 222.0)
    static let right = (x: 268.0, width: 454.0)
    /// From the first panels' titles to the lower edge of the frames.
    private static let panelsHeight = 492.0

    /// Draws it.
    /// - Throws: `InputError` where the image has no pixels.
    public func document() throws -> SVGDocument {
        let (lines, top) = headerLines()
        let bottom = top + Self.panelsHeight
        let (spectra, spectraBottom) = try spectrumPanel(top: top)
        let elements =
            try lines + picturePanel(top: top) + decoyPanel(top: top + 264, bottom: bottom) + spectra
            + comparisonPanel(top: spectraBottom + 20, bottom: bottom)
        let description =
            "Evidence for \(header.path): \(header.verdict.answer), \(header.verdict.pValue), key \(header.keyName)"
        return SVGDocument(width: Self.width, height: bottom + 52, description: description, elements: elements)
    }

    /// The header's elements, and where the panels begin.
    private func headerLines() -> (elements: [String], bottom: Double) {
        let room = Self.width - 2 * Self.margin
        let verdict = SVGText.fitted(header.verdict.answer, width: room / 2, size: 22, face: .bold)
        let pValue = SVGText.fitted(header.verdict.pValue, width: room / 3, size: 22)
        var elements = [
            #"<text x="\#(SVGText.number(Self.margin))" y="36" font-size="22"><tspan font-weight="bold">\#(SVGText.escaped(verdict))</tspan><tspan dx="14">\#(SVGText.escaped(pValue))</tspan></text>"#
        ]
        let details = SVGText.fitted(header.keyDetails, width: 0.8 * room, size: 13)
        let before = "key "
        let name = SVGText.fitted(
            header.keyName, width: room - SVGText.width(before + " " + details, size: 13), size: 13)
        elements.append(SVGMark.text("\(before)\(name) \(details)", x: Self.margin, y: 60))
        elements.append(
            SVGMark.text(
                SVGText.fitted(header.path, width: room, size: 12, face: .fixedWidth), x: Self.margin, y: 80, size: 12,
                face: .fixedWidth, colour: PictureColours.soft))
        var y = header.notes.isEmpty ? 80.0 : 84
        for note in header.notes.prefix(3) {
            for line in SVGText.wrapped(note, width: room, size: 12, lines: 2) {
                y += 18
                elements.append(SVGMark.text(line, x: Self.margin, y: y, size: 12, colour: PictureColours.key))
            }
        }
        return (elements, y + 20)
    }
}

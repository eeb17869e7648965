import Pictures
import RandomNumbers

/// What is done to marked and clean images before they are judged: distortions one after the other, spelled with `+`
/// between them: `resize:50+jpeg:75`.
public struct Attack: Hashable, Sendable, CustomStringConvertible {
    /// In the order in which they are done, at least one.
    public let distortions: [Distortion]

    /// Reads distortions with `+` between them.
    /// - Throws: `InputError` for a distortion that is not known.
    public init(parsing text: String) throws {
        distortions = try text.split(separator: "+", omittingEmptySubsequences: false).map {
            try Distortion(parsing: String($0))
        }
    }

    /// The spelling that is read back as the same attack.
    public var description: String { distortions.map(\.description).joined(separator: "+") }

    /// The spelling without characters that a file name cannot have.
    public var folderName: String { description.replacing(":", with: "-") }

    /// Whether nothing is done.
    public var isNone: Bool { distortions.allSatisfy { $0.kind == .none } }

    /// Whether a model redraws the image.
    public var needsModel: Bool { distortions.contains(where: \.kind.needsModel) }

    /// Whether what comes of a marked image is another picture with its mark.
    public var isForgery: Bool { distortions.contains(where: \.kind.isForgery) }

    /// How many marked pictures, and how many unmarked ones beside a cover, are averaged at most; 0 for none.
    public var crowd: Int {
        distortions.reduce(0) { $1.kind == .average ? max($0, Int($1.strength)) : $0 }
    }

    /// The attacked image.
    /// - Parameters:
    ///   - image: 8-bit RGB.
    ///   - seed: determines noise, places and factors.
    ///   - tools: for attacks that need some.
    /// - Throws: what a distortion throws.
    public func apply(to image: RGBImage, seed: UInt64, tools: AttackTools = AttackTools()) throws -> RGBImage {
        var generator = SeededGenerator(seed: seed)
        return try distortions.reduce(image) { try $1.apply(to: $0, using: &generator, tools: tools) }
    }
}

/// Attacks that go together.
public enum AttackSet: String, CaseIterable, Sendable {
    /// No attack and those of the Tree-Ring paper (Wen et al. 2023, section 4), with RingID's stronger blur.
    case paper
    /// What pictures typically undergo on the web.
    case common
    /// What moves a picture: turned, cut, framed, stretched, shown on a page.
    case moved
    /// What a generative model does to a picture: regeneration (Zhao et al. 2024), some rinses (An et al. 2024).
    case redrawn
    /// Other pictures with a mark that was taken from marked ones (Müller et al. 2024, Yang et al. 2024).
    case forged

    /// The attacks, in the order of a report's rows.
    public var spellings: [String] {
        switch self {
        case .paper: ["none", "rotation:75", "jpeg:25", "crop:75", "blur:4", "blur:8", "noise:0.1", "brightness:6"]
        case .common:
            [
                "none", "jpeg:75", "jpeg:50", "resize:50", "resize:200", "resize:50+jpeg:75", "scale:50", "scale:200",
                "contrast:0.5", "saturation:0", "gamma:1.5", "median:3", "flip", "shift:5", "crop:90", "rotation:5",
            ]
        case .moved:
            [
                "rotation:15", "rotation:36", "rotation:75", "rotation:180", "turn:180",
                "crop:75", "crop:50", "crop:25", "crop:10", "centrecrop:75", "centrecrop:50", "centrecrop:25",
                "window:42", "shift:5", "shift:15", "shift:30", "flip", "vflip", "quarter:90", "expand:30",
                "aspect:1.6", "screenshot", "letterbox:1.78", "perspective:10", "printscan:1",
                "crop:75+jpeg:75", "crop:50+rotation:36",
                "straighten:30+jpeg:75", "flip+crop:50+jpeg:50",
            ]
        case .redrawn:
            [
                "vae:1", "vae:3", "regenerate:60", "regenerate:120", "regenerate:200",
                "regenerate:60+regenerate:60", "regenerate:50+regenerate:50+regenerate:50+regenerate:50",
            ]
        case .forged: ["copy", "copy+jpeg:75", "average:4", "average:8", "average:16"]
        }
    }
}

extension Attack {
    /// Reads attacks and names of sets with commas between them; what comes again is left out.
    /// - Throws: `InputError` for an empty list or an unknown name.
    public static func list(parsing text: String) throws -> [Attack] {
        var attacks: [Attack] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let spellings = AttackSet(rawValue: String(part))?.spellings ?? [String(part)]
            for spelling in spellings {
                let attack = try Attack(parsing: spelling)
                if !attacks.contains(attack) { attacks.append(attack) }
            }
        }
        return attacks
    }
}

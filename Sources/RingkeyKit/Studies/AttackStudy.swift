import Attacks
import Files
import Images
import InputErrors
import Pictures

/// Marked and clean images under several attacks, as files: `FOLDER/attacked/ATTACK/marked/NAME.png` and `…/clean/…`.
/// Images without an attack are judged where they are.
public struct AttackStudy: Sendable {
    /// One image under one attack.
    public struct Item: Sendable, Equatable {
        /// The image before the attack.
        public let source: String
        /// Whether the image before the attack carries the mark.
        public let isMarked: Bool
        /// Whether the attack puts the mark into another picture.
        public var isForged: Bool { isMarked && attack.isForgery }
        /// The fingerprint of the key that it carries, where it is known.
        public let key: String?
        /// What is done to it.
        public let attack: Attack
        /// The attacked image.
        public let path: String
    }

    /// Attack by attack, the marked images first.
    public let items: [Item]
    private let seed: UInt64
    private let redrawer: (any Redrawer)?
    private let namesKeys: Bool
    /// By the key that they carry.
    private let crowds: [String?: StudyCrowd]

    /// - Parameters:
    ///   - folder: the study's.
    ///   - marked: paths of marked images.
    ///   - clean: paths of clean images.
    ///   - attacks: what is done to each image.
    ///   - seed: of everything random in the attacks. An attacked image depends on it, on the attack and on the image's
    ///     name, and not on which others there are.
    ///   - keys: fingerprints of the keys that the marked images carry in turn; empty where it is not known.
    ///   - redrawer: for attacks that need a model.
    /// - Throws: `InputError` for two images of a kind with the same name, and for too few to average.
    public init(
        folder: String, marked: [String], clean: [String], attacks: [Attack], seed: UInt64,
        keys: [String] = [], redrawer: (any Redrawer)? = nil
    ) throws {
        self.seed = seed
        self.redrawer = redrawer
        namesKeys = !keys.isEmpty
        for paths in [marked, clean] {
            var names: Set<RawPath> = []
            for path in paths where !names.insert(RawPath(Self.name(of: path))).inserted {
                throw InputError(
                    path, expected: "images with different names", found: "another \(Self.name(of: path))",
                    as: .invalidSetting)
            }
        }
        crowds = Dictionary(grouping: marked.indices) { keys.isEmpty ? nil : keys[$0 % keys.count] }
            .mapValues { StudyCrowd(marked: $0.map { marked[$0] }, clean: clean) }
        for attack in attacks where attack.crowd > 0 {
            for crowd in crowds.values { try crowd.require(attack.crowd) }
        }
        let sources =
            marked.enumerated().map { ($1, true, keys.isEmpty ? nil : keys[$0 % keys.count]) }
            + clean.map { ($0, false, nil) }
        items = attacks.flatMap { attack in
            // Only marks are averaged.
            sources.filter { attack.crowd == 0 || $0.1 }.map { source, isMarked, key in
                let kind = isMarked ? "marked" : "clean"
                let path = "\(folder)/attacked/\(attack.folderName)/\(kind)/\(Self.name(of: source))"
                return Item(
                    source: source, isMarked: isMarked, key: key, attack: attack, path: attack.isNone ? source : path)
            }
        }
    }

    /// Makes the attacked images that are not there yet.
    /// - Parameter observe: called with the number of images there, after each one.
    /// - Returns: how many were made, and their bytes.
    public func makeImages(observe: (Int) -> Void) throws -> (count: Int, bytes: Int) {
        var made = (count: 0, bytes: 0)
        for (index, item) in items.enumerated() {
            if item.path != item.source, RawPath(item.path).status == nil {
                let bytes = try attacked(ImageFile.read(item.source), item)
                try Folder.make(Folder.of(item.path))
                try AtomicFile.write(bytes, to: item.path, overwrite: false)
                made.count += 1
                made.bytes += bytes.count
            }
            observe(index + 1)
        }
        return made
    }

    /// The labels of all items as `ringkey report --labels` reads them: `path,label,group`, the attack being the group, and
    /// `key` where the marked images' keys are known.
    public func labels() -> String {
        let head = "path,label,group" + (namesKeys ? ",key" : "")
        return
            ([head]
            + items.map { item in
                let label = item.isForged ? "forged" : item.isMarked ? "watermarked" : "clean"
                let cells = [item.path, label, item.attack.description]
                return (cells + (namesKeys ? [item.key ?? ""] : [])).map(CSVTable.quoted).joined(separator: ",")
            }).joined(separator: "\n") + "\n"
    }

    private func attacked(_ image: RGBImage, _ item: Item) throws -> [UInt8] {
        let name = "\(item.attack)/\(item.isMarked ? "marked" : "clean")/\(Self.name(of: item.source))"
        let seed = DerivedSeed.seed(seed, name)
        let tools = AttackTools(redrawer: redrawer, crowd: crowds[item.key])
        return try PNGEncoder.encode(item.attack.apply(to: image, seed: seed, tools: tools))
    }

    /// `a.png` for `…/a.png`, `a.jpg.png` for `…/a.jpg`.
    private static func name(of path: String) -> String {
        let name = RawPath(path).lastComponent.text
        return name.lowercased().hasSuffix(".png") ? name : name + ".png"
    }
}

/// What became of pictures that marks were forged into, attack by attack. A match is no false alarm of the test: the mark is
/// there. What may tell is what else they have in common with other images.
public struct ForgeryAssessment: Encodable, Sendable {
    /// One attack.
    public struct Group: Encodable, Sendable {
        /// The attack; nil for forgeries without a group.
        public let name: String?
        /// By what their verdicts say.
        public let counts: ClassCounts
        /// Of the found ones those whose noise is that of another file of the results.
        public let sharedNoise: Int

        enum CodingKeys: String, CodingKey {
            case name, counts
            case sharedNoise = "shared_noise"
        }
    }

    /// In the order in which they come in the results.
    public let groups: [Group]

    /// Nil for no images.
    /// - Parameters:
    ///   - images: all of them forged.
    ///   - sharing: places in the results of the images that share noise with others.
    init?(_ images: [LabelledImage], sharing: Set<Int>) {
        guard !images.isEmpty else { return nil }
        var names: [String?] = []
        for image in images where !names.contains(image.label.group) { names.append(image.label.group) }
        let byName = Dictionary(grouping: images, by: \.label.group)
        groups = names.map { name in
            let own = byName[name] ?? []
            return Group(
                name: name, counts: ClassCounts(own),
                sharedNoise: own.count {
                    $0.result.judgement?.decision == .watermarked && sharing.contains($0.index)
                })
        }
    }
}

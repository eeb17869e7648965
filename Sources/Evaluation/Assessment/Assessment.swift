/// What results amount to where the truth is known.
public struct Assessment: Encodable, Sendable {
    /// All labelled images together.
    public let all: GroupAssessment
    /// One for each group in the order in which they come in the results; none where the labels have no groups.
    public let groups: [GroupAssessment]
    /// Where labels name keys.
    public let confusion: ConfusionMatrix?
    /// Images of the results without a label.
    public let unlabelled: Int
    /// Histogram of scores, over all groups.
    public let histogram: ScoreHistogram
    /// Whose mark was named; nil where no label says whose an image carries.
    let identification: Identification?
    /// Pictures that marks were forged into; nil where there are none.
    let forgeries: ForgeryAssessment?
    /// Marked images that were not found, the weakest score first.
    let misses: [LabelledImage]
    /// Clean images that were found, the strongest score first.
    let falseFinds: [LabelledImage]

    /// The most keys that have a column each in the confusion matrix.
    private static let mostColumns = 24
    /// How many misses and false finds are kept.
    private static let mostExamples = 12

    enum CodingKeys: String, CodingKey {
        case all, groups, confusion, unlabelled, histogram, identification, forgeries
    }

    /// - Parameters:
    ///   - results: the images.
    ///   - labels: one for each image of the results, nil where there is none.
    ///   - sharing: places of the images whose noise is that of another picture's.
    ///   - prevalence: the share of marked images for which the precision is told.
    /// - Throws: `InputError` where no image is labelled, or a key's name is ambiguous.
    init(_ results: Results, labels: [Labels.Label?], sharing: Set<Int>, prevalence: Double?) throws {
        precondition(labels.count == results.images.count, "\(labels.count) labels, \(results.images.count) images")
        let images = Self.labelled(results.images, labels)
        unlabelled = labels.count - images.count
        let marked = images.filter(\.label.isMarked)
        let clean = images.filter(\.label.isClean)
        identification = Identification(images, keys: results.keys)
        forgeries = ForgeryAssessment(images.filter(\.label.isForged), sharing: sharing)
        all = try GroupAssessment(
            name: nil, positives: marked, negatives: clean, borrowsNegatives: false, prevalence: prevalence)
        groups = try Self.groups(marked: marked, clean: clean, prevalence: prevalence)
        confusion =
            results.keys.count <= Self.mostColumns && images.contains { $0.label.key != nil }
            ? try ConfusionMatrix(images.filter { $0.label.isMarked || $0.label.isClean }, keys: results.keys) : nil
        histogram = ScoreHistogram(positives: marked.compactMap(\.score), negatives: clean.compactMap(\.score))
        misses = Self.worst(marked, found: false)
        falseFinds = Self.worst(clean, found: true)
    }

    private static func labelled(_ images: [ImageResult], _ labels: [Labels.Label?]) -> [LabelledImage] {
        var labelled: [LabelledImage] = []
        for (index, label) in labels.enumerated() {
            if let label { labelled.append(LabelledImage(result: images[index], label: label, index: index)) }
        }
        return labelled
    }

    /// The images with a verdict that their label contradicts: the strongest match first where that is a find, else the
    /// weakest.
    private static func worst(_ images: [LabelledImage], found: Bool) -> [LabelledImage] {
        var wrong: [(rank: Double, image: LabelledImage)] = []
        for image in images {
            guard let judgement = image.result.judgement, (judgement.decision == .watermarked) == found else {
                continue
            }
            let score = image.score ?? -.infinity
            wrong.append((found ? -score : score, image))
        }
        wrong.sort { $0.rank < $1.rank }
        return wrong.prefix(mostExamples).map(\.image)
    }

    private static func groups(
        marked: [LabelledImage], clean: [LabelledImage], prevalence: Double?
    ) throws -> [GroupAssessment] {
        var names: [String?] = []
        var known: Set<String?> = []
        for image in marked where known.insert(image.label.group).inserted { names.append(image.label.group) }
        guard names.contains(where: { $0 != nil }) || clean.contains(where: { $0.label.group != nil }) else {
            return []
        }
        for image in clean where image.label.group != nil && known.insert(image.label.group).inserted {
            names.append(image.label.group)
        }
        let markedByGroup = Dictionary(grouping: marked, by: \.label.group)
        let cleanByGroup = Dictionary(grouping: clean, by: \.label.group)
        return try names.map { name in
            let own = cleanByGroup[name] ?? []
            let borrowed = own.isEmpty ? cleanByGroup[nil] ?? [] : []
            return try GroupAssessment(
                name: name, positives: markedByGroup[name] ?? [], negatives: own.isEmpty ? borrowed : own,
                borrowsNegatives: !borrowed.isEmpty, prevalence: prevalence)
        }
    }
}

/// Clean images in two halves: one to fit thresholds on, one to score them on.
///
/// They are sorted by the SHA-256 of their files (then by path), and the first half, rounded up, is for fitting. So the
/// split depends on nothing but the files, it is the same on every machine and for every measure, and copies of a file
/// fall on one side (save the one pair that may straddle the middle).
struct NegativeSplit {
    let fitting: [LabelledImage]
    let heldOut: [LabelledImage]

    init(_ negatives: [LabelledImage]) {
        let keyed = negatives.compactMap { image in image.result.judgement.map { (digest: $0.digest, image: image) } }
        let sorted = keyed.sorted { a, b in
            a.digest == b.digest
                ? a.image.result.path.utf8.lexicographicallyPrecedes(b.image.result.path.utf8) : a.digest < b.digest
        }.map(\.image)
        let middle = (sorted.count + 1) / 2
        fitting = Array(sorted[..<middle])
        heldOut = Array(sorted[middle...])
    }
}

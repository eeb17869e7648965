import Attacks
import Images
import InputErrors
import Pictures
import RandomNumbers

/// The images of a study as what an averaging attack draws from.
struct StudyCrowd: Crowd {
    /// Paths of images with one key.
    let marked: [String]
    /// Paths of unmarked ones.
    let clean: [String]

    func draw(_ count: Int, seed: UInt64) throws -> (marked: [RGBImage], clean: [RGBImage], cover: RGBImage) {
        try require(count)
        var generator = SeededGenerator(seed: seed)
        let (first, second) = (marked.shuffled(using: &generator), clean.shuffled(using: &generator))
        return (
            try first.prefix(count).map { try ImageFile.read($0) },
            try second.dropFirst().prefix(count).map { try ImageFile.read($0) },
            try ImageFile.read(second[0])
        )
    }

    /// - Throws: `InputError` where there are not so many of each, and one unmarked image more.
    func require(_ count: Int) throws {
        guard marked.count >= count, clean.count > count else {
            throw InputError(
                "attack average:\(count)", expected: "\(count) marked images of one key and \(count + 1) clean ones",
                found: "\(marked.count) and \(clean.count)", as: .invalidSetting)
        }
    }
}

import Evaluation

extension ClassCounts {
    /// `19 images: 10 watermarked, 9 not, 0 undecided, 0 failed`.
    var text: String {
        "\(images) images: \(watermarked) watermarked, \(notWatermarked) not, \(undecided) undecided, \(failed) failed"
    }
}

import Images

extension FuzzTarget {
    static let image = FuzzTarget(
        "image",
        fixtures: ["formats", "bad", "orientation", "animated", "profiles", "other", "modern"].map { "Images/\($0)" }
    ) { bytes in
        let image = try ImageDecoder.picture(bytes, named: "fuzz", limitMegapixels: 1).image
        precondition(
            image.pixels.count == image.width * image.height * 3,
            "\(image.pixels.count) bytes of \(image.width)×\(image.height)")
    }
}

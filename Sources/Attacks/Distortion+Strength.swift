import InputErrors

extension Distortion.Kind {
    /// What a strength may be.
    struct Strengths {
        /// Which numbers of the range.
        enum Numbers {
            case all, whole, odd
            case multiples(of: Int)
        }

        let standard: Double
        let range: ClosedRange<Double>
        let numbers: Numbers
        let unit: String

        init(_ standard: Double, _ range: ClosedRange<Double>, _ unit: String, _ numbers: Numbers = .all) {
            self.standard = standard
            self.range = range
            self.numbers = numbers
            self.unit = unit
        }

        func contains(_ value: Double) -> Bool {
            guard range.contains(value) else { return false }
            return switch numbers {
            case .all: true
            case .whole: value == value.rounded()
            case .odd: value == value.rounded() && Int(value) % 2 == 1
            case .multiples(let step): value.remainder(dividingBy: Double(step)) == 0
            }
        }

        var words: String {
            let kind =
                switch numbers {
                case .all: "a number"
                case .whole: "a whole number"
                case .odd: "an odd number"
                case .multiples(let step): "a multiple of \(step)"
                }
            return "\(kind) from \(Distortion.text(range.lowerBound)) to \(Distortion.text(range.upperBound))"
        }
    }

    /// Nil for kinds without a strength.
    var strengths: Strengths? {
        switch self {
        case .none, .flip, .vflip, .screenshot, .copy: nil
        case .rotation: Strengths(75, -360...360, "degrees anticlockwise, corners black")
        case .turn: Strengths(180, 0...360, "degrees at most, either way at random, corners black")
        case .expand: Strengths(30, -360...360, "degrees anticlockwise, on a black canvas that holds all")
        case .straighten: Strengths(30, -360...360, "degrees anticlockwise, cut so that no corner is black")
        case .quarter: Strengths(90, 90...270, "degrees anticlockwise, no pixel lost", .multiples(of: 90))
        case .shift: Strengths(5, -100...100, "% of the sides to the right and down, the rest black")
        case .crop: Strengths(75, 1...100, "% of the area at a random place, enlarged to fit")
        case .centrecrop: Strengths(25, 1...100, "% of the area in the middle, not resized")
        case .window: Strengths(42, 1...100, "% of the area, random place and shape, not resized")
        case .aspect: Strengths(1.6, 0.1...10, "times the proportion of width to height, same area")
        case .scale: Strengths(50, 1...400, "% of the sides")
        case .resize: Strengths(50, 1...400, "% of the sides, then back")
        case .letterbox: Strengths(1.78, 0.1...10, "width : height with black bars on two sides")
        case .perspective: Strengths(10, 0...60, "% of half the sides, at most, that corners move inwards")
        case .printscan: Strengths(1, 0.1...4, "1 for a careful print and scan: askew, blurred, grainy")
        case .jpeg: Strengths(25, 1...100, "quality, with 4:2:0 colour", .whole)
        case .blur: Strengths(4, 0...100, "pixels, Pillow's GaussianBlur")
        case .noise: Strengths(0.1, 0...10, "standard deviation, where white is 1")
        case .median: Strengths(3, 1...31, "pixels, side of the square", .odd)
        case .brightness: Strengths(6, 0...100, "b: a random factor from max(0, 1-b) to 1+b")
        case .brighten: Strengths(1.5, 0...100, "times as bright")
        case .contrast: Strengths(0.5, 0...100, "times the contrast")
        case .saturation: Strengths(0, 0...100, "times the colour; 0 for grey")
        case .gamma: Strengths(1.5, 0.01...100, "exponent")
        case .vae: Strengths(1, 1...100, "times through the model's autoencoder", .whole)
        case .average: Strengths(8, 1...1000, "marked pictures' average, on an unmarked picture: a forgery", .whole)
        case .regenerate: Strengths(60, 1...999, "of 1000 timesteps of noise; the model takes it out again")
        }
    }

    /// The strength that stands for one that was asked for.
    func accepted(_ strength: Double?) throws -> Double {
        guard let strengths else {
            guard let strength, strength != 0 else { return 0 }
            throw InputError(
                "distortion \(rawValue)", expected: "no strength", found: "\(strength)", as: .invalidSetting)
        }
        let value = strength ?? strengths.standard
        guard strengths.contains(value) else {
            throw InputError(
                "strength of \(rawValue)", expected: strengths.words, found: Distortion.text(value), as: .invalidSetting
            )
        }
        return value
    }

    /// The kind with its standard strength, and what the strength is: one line for a help text.
    public var help: (spelling: String, meaning: String) {
        if let strengths { return ("\(rawValue):\(Distortion.text(strengths.standard))", strengths.unit) }
        let meaning =
            switch self {
            case .flip: "mirrored left to right"
            case .vflip: "mirrored top to bottom"
            case .screenshot: "somewhere on a light page, of whose sides it takes 40 to 70 %"
            case .copy: "another picture from the image's noise, by the model: a forgery"
            default: "the image as it is"
            }
        return (rawValue, meaning)
    }
}

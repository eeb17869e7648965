extension EvidencePicture {
    private static let binCount = 60

    /// A histogram of the decoys' cosines with the key's as a line; a sentence where there is no such thing.
    func decoyPanel(top: Double, bottom: Double) -> [String] {
        guard let rivals, rivals.cosine.isFinite else {
            return sentence("No exact p-value: the key was not compared with decoys.", top: top)
        }
        let decoys = rivals.decoys.filter(\.isFinite)
        guard !decoys.isEmpty else {
            return sentence("No decoys were scored. The key's cosine is \(Self.figure(rivals.cosine)).", top: top)
        }
        let values = decoys.map(Double.init) + [rivals.cosine]
        let (low, high) = (values.min() ?? -1, values.max() ?? 1)
        let space = max(0.06 * (high - low), 1e-6)
        let range = low - space...high + space
        let bins = Self.bins(decoys, range)
        let frame = SVGFrame(
            left: Self.left.x + 42, top: top + 44, width: Self.left.width - 42, height: bottom - top - 44,
            horizontal: SVGAxis("cosine", range, ticks: 4),
            vertical: SVGAxis(
                "decoys, of \(SVGAxis.grouped(decoys.count))", 0...1.2 * Double(bins.max() ?? 1), ticks: 4),
            labelWidth: 42)
        return title(top: top) + [bars(bins, range, in: frame)] + frame.axes + keyLine(rivals.cosine, in: frame)
    }

    private func title(top: Double) -> [String] {
        SVGMark.title("Key among its decoys", x: Self.left.x, y: top + 12, width: Self.left.width)
    }

    private func sentence(_ text: String, top: Double) -> [String] {
        let lines = SVGText.wrapped(text, width: Self.left.width, size: 13, lines: 4)
        return title(top: top)
            + lines.enumerated().map { index, line in
                SVGMark.text(
                    line, x: Self.left.x, y: top + 38 + 19 * Double(index), colour: PictureColours.soft)
            }
    }

    private static func bins(_ values: [Float], _ range: ClosedRange<Double>) -> [Int] {
        var bins = [Int](repeating: 0, count: binCount)
        let width = (range.upperBound - range.lowerBound) / Double(binCount)
        for value in values {
            bins[min(max(Int((Double(value) - range.lowerBound) / width), 0), binCount - 1)] += 1
        }
        return bins
    }

    /// One shape of all bars, so that no seams show between them.
    private func bars(_ bins: [Int], _ range: ClosedRange<Double>, in frame: SVGFrame) -> String {
        let width = (range.upperBound - range.lowerBound) / Double(Self.binCount)
        let path = bins.enumerated().filter { $0.element > 0 }.map { index, count in
            let left = frame.x(range.lowerBound + Double(index) * width)
            let right = frame.x(range.lowerBound + Double(index + 1) * width)
            let corners = [left, frame.bottom, frame.y(Double(count)), right].map(SVGText.number)
            return "M\(corners[0]),\(corners[1])V\(corners[2])H\(corners[3])V\(corners[1])Z"
        }
        return #"<path class="bars" d="\#(path.joined())" fill="\#(PictureColours.bars)"/>"#
    }

    /// The line at the key's cosine, its figure on the side where there is room.
    private func keyLine(_ cosine: Double, in frame: SVGFrame) -> [String] {
        let x = frame.x(cosine)
        let isRight = x > frame.left + frame.width / 2
        return [
            #"<path d="M\#(SVGText.number(x)),\#(SVGText.number(frame.bottom)) V\#(SVGText.number(frame.top))" stroke="\#(PictureColours.key)" stroke-width="2.4"/>"#,
            SVGMark.text(
                "key \(Self.figure(cosine))", x: x + (isRight ? -6 : 6), y: frame.top + 13, size: 12,
                anchor: isRight ? .end : .start, colour: PictureColours.key),
        ]
    }
}

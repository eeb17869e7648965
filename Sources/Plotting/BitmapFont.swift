/// A fixed-width font of 5 × 7 pixels for printable ASCII and a few signs; anything else is drawn as a box.
public enum BitmapFont {
    /// Pixels from one character to the next, before scaling.
    public static let advance = 6
    /// Pixels from the top of a character to its foot, before scaling.
    public static let height = 7

    /// The width of a text in pixels.
    public static func width(_ text: String, scale: Int) -> Int { max(0, text.count * advance - 1) * scale }

    /// Rows from the top, the leftmost pixel in bit 4.
    static func rows(_ character: Character) -> [UInt8] { glyphs[character] ?? [31, 17, 17, 17, 17, 17, 31] }

    private static let glyphs: [Character: [UInt8]] = {
        var glyphs: [Character: [UInt8]] = [:]
        for line in table.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "\t")
            guard parts.count == 8, let character = parts[0].first else { continue }
            glyphs[character] = parts.dropFirst().compactMap { UInt8($0, radix: 2) }
        }
        glyphs[" "] = [0, 0, 0, 0, 0, 0, 0]
        return glyphs
    }()

    /// One character a line: the character, then its rows as binary digits, separated by tabs.
    private static let table = """
        0\t01110\t10001\t10011\t10101\t11001\t10001\t01110
        1\t00100\t01100\t00100\t00100\t00100\t00100\t01110
        2\t01110\t10001\t00001\t00110\t01000\t10000\t11111
        3\t11111\t00010\t00100\t00010\t00001\t10001\t01110
        4\t00010\t00110\t01010\t10010\t11111\t00010\t00010
        5\t11111\t10000\t11110\t00001\t00001\t10001\t01110
        6\t00110\t01000\t10000\t11110\t10001\t10001\t01110
        7\t11111\t00001\t00010\t00100\t01000\t01000\t01000
        8\t01110\t10001\t10001\t01110\t10001\t10001\t01110
        9\t01110\t10001\t10001\t01111\t00001\t00010\t01100
        A\t01110\t10001\t10001\t11111\t10001\t10001\t10001
        B\t11110\t10001\t10001\t11110\t10001\t10001\t11110
        C\t01110\t10001\t10000\t10000\t10000\t10001\t01110
        D\t11100\t10010\t10001\t10001\t10001\t10010\t11100
        E\t11111\t10000\t10000\t11110\t10000\t10000\t11111
        F\t11111\t10000\t10000\t11110\t10000\t10000\t10000
        G\t01110\t10001\t10000\t10111\t10001\t10001\t01111
        H\t10001\t10001\t10001\t11111\t10001\t10001\t10001
        I\t01110\t00100\t00100\t00100\t00100\t00100\t01110
        J\t00111\t00010\t00010\t00010\t00010\t10010\t01100
        K\t10001\t10010\t10100\t11000\t10100\t10010\t10001
        L\t10000\t10000\t10000\t10000\t10000\t10000\t11111
        M\t10001\t11011\t10101\t10101\t10001\t10001\t10001
        N\t10001\t10001\t11001\t10101\t10011\t10001\t10001
        O\t01110\t10001\t10001\t10001\t10001\t10001\t01110
        P\t11110\t10001\t10001\t11110\t10000\t10000\t10000
        Q\t01110\t10001\t10001\t10001\t10101\t10010\t01101
        R\t11110\t10001\t10001\t11110\t10100\t10010\t10001
        S\t01111\t10000\t10000\t01110\t00001\t00001\t11110
        T\t11111\t00100\t00100\t00100\t00100\t00100\t00100
        U\t10001\t10001\t10001\t10001\t10001\t10001\t01110
        V\t10001\t10001\t10001\t10001\t10001\t01010\t00100
        W\t10001\t10001\t10001\t10101\t10101\t10101\t01010
        X\t10001\t10001\t01010\t00100\t01010\t10001\t10001
        Y\t10001\t10001\t01010\t00100\t00100\t00100\t00100
        Z\t11111\t00001\t00010\t00100\t01000\t10000\t11111
        a\t00000\t00000\t01110\t00001\t01111\t10001\t01111
        b\t10000\t10000\t11110\t10001\t10001\t10001\t11110
        c\t00000\t00000\t01111\t10000\t10000\t10000\t01111
        d\t00001\t00001\t01111\t10001\t10001\t10001\t01111
        e\t00000\t00000\t01110\t10001\t11111\t10000\t01110
        f\t00110\t01001\t01000\t11100\t01000\t01000\t01000
        g\t00000\t01111\t10001\t10001\t01111\t00001\t01110
        h\t10000\t10000\t10110\t11001\t10001\t10001\t10001
        i\t00100\t00000\t01100\t00100\t00100\t00100\t01110
        j\t00010\t00000\t00110\t00010\t00010\t10010\t01100
        k\t10000\t10000\t10010\t10100\t11000\t10100\t10010
        l\t01100\t00100\t00100\t00100\t00100\t00100\t01110
        m\t00000\t00000\t11010\t10101\t10101\t10101\t10101
        n\t00000\t00000\t10110\t11001\t10001\t10001\t10001
        o\t00000\t00000\t01110\t10001\t10001\t10001\t01110
        p\t00000\t00000\t11110\t10001\t11110\t10000\t10000
        q\t00000\t00000\t01111\t10001\t01111\t00001\t00001
        r\t00000\t00000\t10110\t11001\t10000\t10000\t10000
        s\t00000\t00000\t01111\t10000\t01110\t00001\t11110
        t\t01000\t01000\t11100\t01000\t01000\t01001\t00110
        u\t00000\t00000\t10001\t10001\t10001\t10011\t01101
        v\t00000\t00000\t10001\t10001\t10001\t01010\t00100
        w\t00000\t00000\t10001\t10101\t10101\t10101\t01010
        x\t00000\t00000\t10001\t01010\t00100\t01010\t10001
        y\t00000\t00000\t10001\t10001\t01111\t00001\t01110
        z\t00000\t00000\t11111\t00010\t00100\t01000\t11111
        .\t00000\t00000\t00000\t00000\t00000\t01100\t01100
        ,\t00000\t00000\t00000\t00000\t01100\t00100\t01000
        :\t00000\t01100\t01100\t00000\t01100\t01100\t00000
        ;\t00000\t01100\t01100\t00000\t01100\t00100\t01000
        !\t00100\t00100\t00100\t00100\t00100\t00000\t00100
        ?\t01110\t10001\t00001\t00010\t00100\t00000\t00100
        -\t00000\t00000\t00000\t11111\t00000\t00000\t00000
        _\t00000\t00000\t00000\t00000\t00000\t00000\t11111
        +\t00000\t00100\t00100\t11111\t00100\t00100\t00000
        *\t00000\t10101\t01110\t11111\t01110\t10101\t00000
        /\t00001\t00001\t00010\t00100\t01000\t10000\t10000
        \\\t10000\t10000\t01000\t00100\t00010\t00001\t00001
        |\t00100\t00100\t00100\t00100\t00100\t00100\t00100
        (\t00010\t00100\t01000\t01000\t01000\t00100\t00010
        )\t01000\t00100\t00010\t00010\t00010\t00100\t01000
        [\t01110\t01000\t01000\t01000\t01000\t01000\t01110
        ]\t01110\t00010\t00010\t00010\t00010\t00010\t01110
        {\t00011\t00100\t00100\t01000\t00100\t00100\t00011
        }\t11000\t00100\t00100\t00010\t00100\t00100\t11000
        <\t00010\t00100\t01000\t10000\t01000\t00100\t00010
        >\t01000\t00100\t00010\t00001\t00010\t00100\t01000
        =\t00000\t00000\t11111\t00000\t11111\t00000\t00000
        %\t11001\t11001\t00010\t00100\t01000\t10011\t10011
        #\t01010\t01010\t11111\t01010\t11111\t01010\t01010
        &\t01100\t10010\t10100\t01000\t10101\t10010\t01101
        @\t01110\t10001\t10111\t10101\t10111\t10000\t01110
        $\t00100\t01111\t10100\t01110\t00101\t11110\t00100
        '\t00100\t00100\t00000\t00000\t00000\t00000\t00000
        "\t01010\t01010\t00000\t00000\t00000\t00000\t00000
        `\t01000\t00100\t00000\t00000\t00000\t00000\t00000
        ^\t00100\t01010\t10001\t00000\t00000\t00000\t00000
        ~\t00000\t00000\t01001\t10110\t00000\t00000\t00000
        ×\t00000\t10001\t01010\t00100\t01010\t10001\t00000
        …\t00000\t00000\t00000\t00000\t00000\t00000\t10101
        κ\t00000\t00000\t10010\t10100\t11000\t10100\t10010
        ·\t00000\t00000\t00000\t00100\t00000\t00000\t00000
        """
}

extension Canvas {
    /// How a text lies about its point.
    public enum Alignment: Sendable { case left, centre, right }

    /// Writes a text, its top at y.
    public mutating func text(
        _ text: String, x: Int, y: Int, scale: Int = 1, alignment: Alignment = .left, _ colour: Colour = .black
    ) {
        let width = BitmapFont.width(text, scale: scale)
        var left: Int
        switch alignment {
        case .left: left = x
        case .centre: left = x - width / 2
        case .right: left = x - width
        }
        for character in text {
            for (row, bits) in BitmapFont.rows(character).enumerated() {
                for column in 0..<5 where bits & (16 >> UInt8(column)) != 0 {
                    fill(x: left + column * scale, y: y + row * scale, width: scale, height: scale, colour)
                }
            }
            left += BitmapFont.advance * scale
        }
    }
}

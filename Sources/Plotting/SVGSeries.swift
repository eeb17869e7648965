/// How a series of a chart is told apart: by colour, and without it by dashes or hatching.
public enum SVGSeries: Int, Sendable, CaseIterable {
    /// The main thing: solid.
    case first
    /// What it is held against: dashed, hatched.
    case second
    /// Dotted.
    case third

    /// The style sheet sets the variables for light, dark and print; without one the colours are these.
    var colour: String {
        switch self {
        case .first: "var(--series-1, #0b62a3)"
        case .second: "var(--series-2, #b5490f)"
        case .third: "var(--series-3, #4f6b1f)"
        }
    }

    var dashes: String {
        switch self {
        case .first: ""
        case .second: #" stroke-dasharray="7 4""#
        case .third: #" stroke-dasharray="2 3""#
        }
    }
}

import Foundation

/// The declared lattice of maps A over which a search runs. It depends on the model's and the file's proportions and on the
/// key's radius, never on a key or on what the picture shows, so that its size is what a p-value is multiplied by.
///
/// Distances between neighbours go with 1/radius: a map that is wrong by ε moves the frame's edge by ε/2, which turns the
/// phase of the outermost frequency by πε·radius.
public struct SearchLattice: Sendable {
    /// A part of the lattice that has its own share of the false-positive rate.
    public struct Tier: Sendable {
        /// How it is called in verdicts.
        public let name: String
        /// Its maps.
        public let maps: [LinearMap]
        /// In which directions the fine lattice goes on from them: what its pictures have not suffered need not be paid for.
        public let directions: [Direction]
    }

    /// A direction in which the fine lattice goes on from a map; the raw value is its place among the steps.
    public enum Direction: Int, Sendable, CaseIterable {
        /// Both sides longer.
        case size
        /// Wider and lower.
        case stretch
        /// Turned anticlockwise.
        case turn
        /// The sides no longer at right angles.
        case shear
    }

    /// The tiers, the smallest first; none for no search.
    public let tiers: [Tier]
    /// Places of a shift along each side in the coarse search.
    public let shiftSide: Int
    /// Maps of each tier from which a climb begins.
    public let climbs: Int
    /// What a step of the fine lattice adds to a map in its direction.
    public let fineStep: Double

    /// Steps of the fine lattice to either side of a map of the coarse one.
    public static let fineReach = 3
    /// Places of a fine shift for each coarse one, along each side.
    public static let fineShifts = 4

    /// - Parameters:
    ///   - extent: how far.
    ///   - radius: of the key's disc, in cycles per shorter side.
    ///   - aspect: width by height of the model's frame.
    ///   - stretch: width by height of the picture as it was observed, over `aspect`.
    public init(_ extent: SearchExtent, radius: Double, aspect: Double = 1, stretch: Double = 1) {
        let step = 1.26 / (radius + 0.5)
        fineStep = step / 6
        climbs = extent == .fine ? 24 : 4
        // A disc that is round in pixels has more cycles along the longer side.
        shiftSide = Self.transformSide(atLeast: 3 * (radius + 0.5) * max(aspect, 1 / aspect))
        let upright = Tier(
            name: "upright", maps: Self.upright(step, stretch), directions: [.size, .stretch])
        switch extent {
        case .none: tiers = []
        case .upright: tiers = [upright]
        case .full, .fine:
            tiers = [
                upright,
                Tier(
                    name: "mirrored or stretched", maps: Self.stretched(step, stretch),
                    directions: Direction.allCases),
                Tier(
                    name: "turned", maps: Self.turned(step, radius, aspect, stretch),
                    directions: extent == .fine ? Direction.allCases : [.size, .turn]),
            ]
        }
    }

    /// Hypotheses of one tier's coarse lattice: maps times shifts.
    public func coarseCount(_ tier: Int) -> Double {
        Double(tiers[tier].maps.count) * Double(shiftSide * shiftSide)
    }

    /// Hypotheses of one tier's fine lattice.
    public func fineCount(_ tier: Int) -> Double {
        coarseCount(tier) * pow(Double(2 * Self.fineReach + 1), Double(tiers[tier].directions.count))
            * Double(Self.fineShifts * Self.fineShifts)
    }

    /// A map of the fine lattice.
    /// - Parameters:
    ///   - map: of the coarse lattice.
    ///   - steps: in each `Direction`, from -`fineReach` to `fineReach`.
    public func fine(_ map: LinearMap, steps: SIMD4<Int>) -> LinearMap {
        let e = SIMD4<Double>(Double(steps[0]), Double(steps[1]), Double(steps[2]), Double(steps[3])) * fineStep
        return map * LinearMap(xx: 1 + e[0] + e[1], xy: e[3] + e[2], yx: e[3] - e[2], yy: 1 + e[0] - e[1])
    }

    /// One scale for both sides, from ¼ to 3⅓: of a frame that was squeezed with its file, and of one in the file's own
    /// pixels where their proportions differ.
    private static func upright(_ step: Double, _ stretch: Double) -> [LinearMap] {
        let scales = exponents(from: -1.44, to: 1.2, step)
        let squeezed = scales.map { LinearMap.scale(x: exp($0), y: exp($0)) }
        guard isStretched(stretch) else { return squeezed }
        return squeezed + scales.map { unsqueezing(stretch) * LinearMap.scale(x: exp($0), y: exp($0)) }
    }

    /// The eight flips and quarter turns, each side with its own scale.
    private static func stretched(_ step: Double, _ stretch: Double) -> [LinearMap] {
        // As far as the file's own pixels and a bit beyond.
        let own = max(-1.44, min(1.44, -log(stretch) / 2))
        let stretches = exponents(from: min(-0.48, own - 0.24), to: max(0.48, own + 0.24), step)
        let quarters = [0.0, 90, 180, 270].map { LinearMap.turn(degrees: $0).rounded }
        return (quarters + quarters.map { $0 * .mirror }).flatMap { turn in
            exponents(from: -1.08, to: 0.84, step).flatMap { size in
                stretches.map { LinearMap.scale(x: exp(size + $0), y: exp(size - $0)) * turn }
            }
        }
    }

    /// Turns between the quarters, mirrored or not, in the pixels' own proportions.
    private static func turned(_ step: Double, _ radius: Double, _ aspect: Double, _ stretch: Double) -> [LinearMap] {
        let count = max(1, Int((15 * (radius + 0.5) / 10.5).rounded()))
        let side = aspect.squareRoot()
        let toPixels = LinearMap.scale(x: side, y: 1 / side)
        let toFile = unsqueezing(stretch) * toPixels.inverse
        return [LinearMap.identity, .mirror].flatMap { flip in
            (0..<4 * count).filter { $0 % count != 0 }.flatMap { turn in
                exponents(from: -0.42, to: 0.7, step * 7 / 6).map { size in
                    toFile * .scale(x: exp(size), y: exp(size)) * .turn(degrees: 90 * Double(turn) / Double(count))
                        * toPixels * flip
                }
            }
        }
    }

    /// From the model's proportions to those of the file's pixels.
    private static func unsqueezing(_ stretch: Double) -> LinearMap {
        .scale(x: 1 / stretch.squareRoot(), y: stretch.squareRoot())
    }

    private static func isStretched(_ stretch: Double) -> Bool { abs(log(stretch)) > 0.01 }

    /// Multiples of a step; 0 is one of them.
    private static func exponents(from: Double, to: Double, _ step: Double) -> [Double] {
        (Int((from / step).rounded())...Int((to / step).rounded())).map { Double($0) * step }
    }

    /// The next number that has no prime factor but 2 and 3.
    private static func transformSide(atLeast least: Double) -> Int {
        var side = max(4, Int(least.rounded(.up)))
        func isSmooth(_ number: Int) -> Bool {
            var rest = number
            for factor in [2, 3] { while rest % factor == 0 { rest /= factor } }
            return rest == 1
        }
        while side % 2 == 1 || !isSmooth(side) { side += 1 }
        return side
    }
}

extension LinearMap {
    /// With whole numbers, where sines and cosines of quarter turns left a rest.
    fileprivate var rounded: LinearMap {
        LinearMap(xx: xx.rounded(), xy: xy.rounded(), yx: yx.rounded(), yy: yy.rounded())
    }
}

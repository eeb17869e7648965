extension Verdict {
    /// Where the generated picture lies in the one that was judged, as a search found it.
    public struct Placement: Codable, Sendable, Equatable {
        /// The part of the search that it belongs to.
        public var tier: String
        /// How far it is turned anticlockwise, after it was mirrored if it was.
        public var degrees: Double
        /// Whether left and right are exchanged.
        public var isMirrored: Bool
        /// How wide it is there, in pixels of the picture that was judged.
        public var width: Double
        /// How high.
        public var height: Double
        /// How far it was shifted before it was turned and scaled, in its own widths to the right.
        public var shiftX: Double
        /// The same in its own heights downwards.
        public var shiftY: Double
        /// Where its corners lie, top left, top right, bottom right, bottom left: x and y in sides of the picture that was
        /// judged, from its top left corner.
        public var corners: [[Double]]

        /// A placement of these parts.
        public init(
            tier: String, degrees: Double, isMirrored: Bool, width: Double, height: Double, shiftX: Double,
            shiftY: Double, corners: [[Double]]
        ) {
            self.tier = tier
            self.degrees = degrees
            self.isMirrored = isMirrored
            self.width = width
            self.height = height
            self.shiftX = shiftX
            self.shiftY = shiftY
            self.corners = corners
        }

        enum CodingKeys: String, CodingKey {
            case tier, degrees
            case isMirrored = "mirrored"
            case width, height
            case shiftX = "shift_x"
            case shiftY = "shift_y"
            case corners
        }
    }
}

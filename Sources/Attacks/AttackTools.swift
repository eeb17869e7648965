/// What some attacks need beside the image.
public struct AttackTools: Sendable {
    /// For `vae`, `regenerate` and `copy`.
    public var redrawer: (any Redrawer)?
    /// For `average`.
    public var crowd: (any Crowd)?

    /// Tools, none unless given.
    public init(redrawer: (any Redrawer)? = nil, crowd: (any Crowd)? = nil) {
        self.redrawer = redrawer
        self.crowd = crowd
    }
}

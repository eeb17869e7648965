/// One declared attempt to find a mark: a view of the picture, a route from it to noise, and the poses in which the noise
/// is held against the keys.
public struct Attempt: Sendable {
    /// What is done to the picture first.
    public let view: any View
    /// How its noise is recovered.
    public let route: Route
    /// In which poses the noise is read.
    public let poses: any Poses
    /// Its share of the false-positive rate, relative to the shares of the plan's other attempts.
    public let weight: Double

    /// An attempt.
    /// - Parameters:
    ///   - route: how noise is recovered.
    ///   - view: what is done to the picture first.
    ///   - poses: in which the noise is read.
    ///   - weight: above 0; the number of poses where it is not given, which is Bonferroni's correction.
    public init(
        _ route: Route, view: any View = PlainView(), poses: any Poses = AsRecovered(), weight: Double? = nil
    ) {
        self.view = view
        self.route = route
        self.poses = poses
        self.weight = weight ?? Double(poses.count)
        precondition(poses.count >= 1 && self.weight > 0, "\(poses.count) poses of weight \(self.weight)")
    }
}

import Pictures

/// Another view of the picture as its file wants it to be shown, where the stored pixels were turned.
struct OrientedView: View {
    let view: any View
    let orientation: Orientation

    /// The other view's name and the EXIF value: `plain, orientation 6`.
    var name: String { "\(view.name), orientation \(orientation.rawValue)" }

    func frame(of image: RGBImage, size: (height: Int, width: Int)) -> Frame {
        view.frame(of: orientation.applied(to: image), size: size)
    }
}

extension Plan {
    /// The plan for a picture whose file carries an orientation: every attempt on the stored pixels, and after them every
    /// attempt on the shown ones. The number of hypotheses depends on the tag alone, so that p-values stay exact; without
    /// a tag it is this plan.
    public func tryingBoth(_ orientation: Orientation) -> Plan {
        guard orientation != .asStored else { return self }
        return Plan(
            attempts
                + attempts.map {
                    Attempt(
                        $0.route, view: OrientedView(view: $0.view, orientation: orientation), isSearch: $0.isSearch,
                        weight: $0.weight)
                })
    }
}

/// How far a moved picture is searched for.
public enum SearchExtent: String, Sendable, CaseIterable {
    /// Not at all: the picture is where it was made.
    case none
    /// Cut, shifted and scaled, but neither turned nor mirrored.
    case upright
    /// Also mirrored, turned, and stretched along the sides.
    case full
    /// The same, gone into from more places and in every direction: also turned pictures that were stretched or sheared.
    case fine
}

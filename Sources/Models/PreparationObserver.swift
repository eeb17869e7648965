/// Told how far the preparation of a model has come that takes longer than opening it: weights being rounded to 8 bits.
/// Observers are equal where they are the same.
public final class PreparationObserver: Sendable, Hashable {
    private let observe: @Sendable (Double) -> Void

    /// - Parameter observe: called with the part that is done, from 0 to 1, from any thread.
    public init(_ observe: @escaping @Sendable (Double) -> Void) { self.observe = observe }

    /// Tells it.
    public func callAsFunction(_ part: Double) { observe(part) }

    /// Whether both are the same.
    public static func == (one: PreparationObserver, other: PreparationObserver) -> Bool { one === other }
    /// By identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

import Attempts
import Tensors

/// The subjects of one judgement in each view of their plans, encoded when an attempt first needs them. A view of stored
/// pixels has all subjects, one of turned pixels those whose file carries an orientation.
struct EncodedViews {
    private struct View {
        /// Indices of its subjects, ascending.
        let members: [Int]
        var batch: RecoveryBatch
    }

    private let subjects: [Subject]
    private let recovery: NoiseRecovery
    private var views: [Int: View] = [:]

    init(_ subjects: [Subject], recovery: NoiseRecovery) {
        self.subjects = subjects
        self.recovery = recovery
    }

    /// Takes some subjects back.
    /// - Parameters:
    ///   - open: their indices, ascending; all have the view.
    ///   - view: its place in their plans.
    ///   - route: one of the recovery's.
    mutating func recover(_ open: [Int], view: Int, by route: Route) throws -> RecoveryBatch.Recovered {
        // Taken out, so that it is changed in place instead of copied.
        var encoded = try views.removeValue(forKey: view) ?? encode(view)
        let places = encoded.members.indices.filter { open.contains(encoded.members[$0]) }
        let recovered = try encoded.batch.recover(places, by: route)
        views[view] = encoded
        return recovered
    }

    /// Seconds of encoding a subject, in all views that were needed.
    func encodingSeconds(of subject: Int) -> Double {
        views.values.reduce(0) { $0 + ($1.members.contains(subject) ? $1.batch.encodingSeconds : 0) }
    }

    private func encode(_ view: Int) throws -> View {
        let members = subjects.indices.filter { view < subjects[$0].pixels.count }
        return View(
            members: members,
            batch: try RecoveryBatch(
                .concatenating(members.map { subjects[$0].pixels[view] }), prompts: members.map { subjects[$0].prompt },
                recovery: recovery))
    }
}

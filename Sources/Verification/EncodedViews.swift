import Attempts
import DecoderInversion
import Diffusion
import Tensors

/// The subjects of one judgement in each view of their plans, encoded when an attempt first needs them. Where two views of a
/// subject have the same pixels they are encoded once, and noise that a route has recovered from them is not recovered again.
struct EncodedViews {
    /// What a route made of one subject.
    struct Recovered {
        /// ẑ_T, `[1, C, h, w]`.
        let noise: Tensor
        let decoderOutcome: DecoderInverter.Outcome
        let diffusionOutcome: ExactInversion.Outcome?
        /// Nil where nothing was done, now or at all.
        fileprivate(set) var decoderSeconds: Double?
        fileprivate(set) var diffusionSeconds: Double?
    }

    private struct View {
        /// Indices of its subjects, ascending.
        let members: [Int]
        var batch: RecoveryBatch
    }

    /// A view through one of the autoencoders.
    private struct Encoding: Hashable {
        let view: Int
        let autoencoder: String?
    }

    private struct Way: Hashable {
        let subject: Int
        let view: Int
        let route: String
    }

    private let subjects: [Subject]
    /// For each subject and view the first view with the same pixels.
    private let sources: [[Int]]
    private let recovery: NoiseRecovery
    private var views: [Encoding: View] = [:]
    private var known: [Way: Recovered] = [:]

    init(_ subjects: [Subject], recovery: NoiseRecovery) {
        self.subjects = subjects
        sources = subjects.map(\.frames.sources)
        self.recovery = recovery
    }

    /// Takes some subjects back.
    /// - Parameters:
    ///   - open: their indices, ascending; all have the view. Never more than at an earlier call.
    ///   - view: its place in their plans.
    ///   - route: one of the recovery's.
    /// - Returns: one for each of them.
    mutating func recover(_ open: [Int], view: Int, by route: Route) throws -> [Recovered] {
        let name = route.description
        let fresh = Dictionary(
            grouping: open.filter { known[Way(subject: $0, view: sources[$0][view], route: name)] == nil }
        ) { sources[$0][view] }
        for (source, members) in fresh.sorted(by: { $0.key < $1.key }) {
            for (member, recovered) in zip(members, try recover(members, source: source, by: route)) {
                known[Way(subject: member, view: source, route: name)] = recovered
            }
        }
        return open.map { subject in
            guard var recovered = known[Way(subject: subject, view: sources[subject][view], route: name)] else {
                preconditionFailure("subject \(subject) was not recovered by \(name)")
            }
            if fresh[sources[subject][view]]?.contains(subject) != true {
                (recovered.decoderSeconds, recovered.diffusionSeconds) = (nil, nil)
            }
            return recovered
        }
    }

    /// Seconds of encoding a subject, in all views that were needed.
    func encodingSeconds(of subject: Int) -> Double {
        views.values.reduce(0) { $0 + ($1.members.contains(subject) ? $1.batch.encodingSeconds : 0) }
    }

    private mutating func recover(_ members: [Int], source: Int, by route: Route) throws -> [Recovered] {
        // Taken out, so that it is changed in place instead of copied.
        let encoding = Encoding(view: source, autoencoder: route.autoencoder)
        var encoded = try views.removeValue(forKey: encoding) ?? encode(source, members, for: route)
        let places = encoded.members.indices.filter { members.contains(encoded.members[$0]) }
        precondition(places.count == members.count, "\(members.count) subjects, of which \(places.count) are encoded")
        let recovered = try encoded.batch.recover(places, by: route)
        views[encoding] = encoded
        return members.indices.map { place in
            Recovered(
                noise: recovered.noise.item(place), decoderOutcome: recovered.decoderOutcomes[place],
                diffusionOutcome: recovered.diffusionOutcomes?[place], decoderSeconds: recovered.decoderSeconds,
                diffusionSeconds: recovered.diffusionSeconds)
        }
    }

    private func encode(_ view: Int, _ members: [Int], for route: Route) throws -> View {
        View(
            members: members,
            batch: try RecoveryBatch(
                .concatenating(members.map { subjects[$0].frames[view].pixels }),
                prompts: members.map { subjects[$0].prompt }, recovery: recovery, for: route))
    }
}

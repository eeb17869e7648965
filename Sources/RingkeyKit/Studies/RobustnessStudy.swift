import Attacks
import Evaluation
import Files
import Foundation
import Images
import InputErrors
import KeyRings
import Marks
import Tensors

/// A study of which attacks the marks of keys survive: images, attacks, audit, report. Each part leaves alone what is there.
public struct RobustnessStudy {
    /// What to study.
    public struct Request: Sendable {
        /// Where the marked and clean images come from.
        public enum Images: Sendable {
            /// Two folders: marked and clean.
            case given(marked: String, clean: String)
            /// They are made for some prompts in turn, marked with the keys in turn; nil for what the model is made for.
            case made(prompts: [String], steps: Int?, guidance: Double?)
        }

        /// The study's folder.
        public var folder: String
        /// Marked images, and as many clean ones.
        public var count: Int
        /// Where they come from.
        public var images: Images
        /// What is done to them.
        public var attacks: [Attack]
        /// Of images and attacks.
        public var seed: UInt64
        /// Whether to continue the study in the folder, or add images and attacks to it.
        public var resumes: Bool
        /// How evidence becomes a verdict.
        public var detection: DetectionRequest
        /// How images are taken back.
        public var recovery: RecoveryRequest
        /// The command line, for the results' header.
        public var command: [String]?

        /// A request. A slash at the end of the folder's name is dropped.
        public init(
            folder: String, count: Int, images: Images, attacks: [Attack], seed: UInt64, resumes: Bool,
            detection: DetectionRequest, recovery: RecoveryRequest, command: [String]? = nil
        ) {
            self.folder =
                folder.utf8.count > 1 && folder.utf8.last == UInt8(ascii: "/") ? String(folder.dropLast()) : folder
            self.count = count
            self.images = images
            self.attacks = attacks
            self.seed = seed
            self.resumes = resumes
            self.detection = detection
            self.recovery = recovery
            self.command = command
        }
    }

    private let request: Request
    private let keys: [any MarkKey]
    private let banks: [any KeyBank]
    /// What images that are made carry in turn.
    private let carried: [any MarkKey]
    private let model: OpenModel

    /// Makes the study's folder, or checks that the study in it is the same.
    /// - Parameters:
    ///   - request: what to study.
    ///   - keys: that are looked for.
    ///   - banks: more of them; at least one key or bank. Of a key ring images that are made carry the first keys.
    ///   - model: that makes images and judges them.
    /// - Throws: `InputError` for a key that does not fit the model, and a folder that holds something else.
    public init(_ request: Request, keys: [any MarkKey], banks: [any KeyBank] = [], model: OpenModel) throws {
        precondition(!keys.isEmpty || !banks.isEmpty, "a study of no key")
        self.request = request
        self.keys = keys
        self.banks = banks
        carried =
            keys
            + banks.flatMap { bank -> [any MarkKey] in
                guard let ring = (bank as? RingBank)?.ring else { return [] }
                return (0..<min(ring.count, max(1, request.count))).map { ring.key(of: ring.label(at: $0).label) }
            }
        let model = try model.sized(for: keys, banks: banks)
        self.model = model
        _ = try KeySet(keys, banks: banks, for: model.model.latentShape)
        if case .given(let marked, let clean) = request.images {
            for folder in [marked, clean] { _ = try ImageFolder.images(in: folder) }
        }
        try begin(RobustnessSettings(request, keys: keys, banks: banks, model: model))
    }

    /// A file of the study.
    public func file(_ name: String) -> String { "\(request.folder)/\(name)" }

    private func begin(_ settings: RobustnessSettings) throws {
        try Folder.make(request.folder)
        let path = file("robustness.json")
        if RawPath(path).status != nil {
            guard request.resumes else {
                throw InputError(request.folder, expected: "a new folder", found: "a study", as: .resumable)
            }
            return try settings.requireAgreement(with: path)
        }
        guard try Folder.names(in: request.folder).isEmpty else {
            throw InputError(
                request.folder, expected: "a new or empty folder", found: "other files in it", as: .notWritable)
        }
        try AtomicFile.write(settings.json(), to: path, overwrite: false)
    }

    // MARK: - Images

    /// Marked and clean images: those that are given, or those that are made, which are made unless they are there.
    /// - Parameter observe: called with the solver steps done, and with their total.
    public func images(observe: (Int, Int) -> Void) throws -> (marked: [String], clean: [String]) {
        switch request.images {
        case .given(let marked, let clean):
            func first(_ folder: String) throws -> [String] {
                Array(try ImageFolder.images(in: folder).prefix(request.count))
            }
            return (try first(marked), try first(clean))
        case .made(let prompts, let steps, let guidance):
            let jobs = ["marked", "clean"].flatMap { kind in
                (0..<request.count).map { index in
                    Job(
                        path: file("\(kind)/image-\(String(format: "%05d", index)).png"), name: "\(kind)/\(index)",
                        key: kind == "marked" ? carried[index % carried.count] : nil,
                        prompt: prompts[index % prompts.count])
                }
            }
            let missing = jobs.filter { RawPath($0.path).status == nil }
            if !missing.isEmpty {
                for kind in ["marked", "clean"] { try Folder.make(file(kind)) }
                try make(missing, ImageMaker(model.model, steps: steps, guidance: guidance), observe)
            }
            return (jobs.filter { $0.key != nil }.map(\.path), jobs.filter { $0.key == nil }.map(\.path))
        }
    }

    private struct Job {
        let path: String
        let name: String
        /// Nil for a clean image.
        let key: (any MarkKey)?
        let prompt: String
    }

    private func make(_ jobs: [Job], _ maker: ImageMaker, _ observe: (Int, Int) -> Void) throws {
        let total = jobs.count * maker.steps
        for (index, job) in jobs.enumerated() {
            var noise = Tensor(
                normal: model.model.latentShape.tensorShape(), seed: DerivedSeed.seed(request.seed, job.name))
            try job.key?.embed(into: &noise)
            let latent = try maker.sample(noise, prompt: job.prompt) { observe(index * maker.steps + $0, total) }
            try AtomicFile.write(Data(PNGEncoder.encode(maker.decode(latent))), to: job.path, overwrite: false)
        }
    }

    // MARK: - Attacks and results

    /// The images under every attack, with the lists and labels of them written to the study's folder. The attacked images
    /// themselves are made by `AttackStudy.makeImages`.
    public func attacks(marked: [String], clean: [String]) throws -> AttackStudy {
        var carried: [String] = []
        if case .made = request.images, self.carried.count > 1 { carried = self.carried.map(\.identity.id) }
        var prompts = [""]
        if case .made(let own, _, _) = request.images { prompts = own }
        return try AttackStudy(
            folder: request.folder, marked: marked, clean: clean, attacks: request.attacks, seed: request.seed,
            keys: carried,
            redrawer: request.attacks.contains(where: \.needsModel)
                ? ModelRedrawer(model.model, prompts: prompts) : nil)
    }

    /// An audit of everything that has no result yet.
    public func audit(_ study: AttackStudy) throws -> AuditSession {
        try AtomicFile.write(Data(RawPath(study.labels()).bytes), to: file("labels.csv"), overwrite: true)
        let list = study.items.map(\.path).joined(separator: "\n") + "\n"
        try AtomicFile.write(Data(RawPath(list).bytes), to: file("images.txt"), overwrite: true)
        var audit = AuditSession.Request(
            sources: study.items.map { .path(RawPath($0.path)) }, to: .path(file("results.jsonl")),
            detection: request.detection, recovery: request.recovery)
        audit.resumes = true
        audit.command = request.command
        return try AuditSession(audit, model, keys: keys, banks: banks)
    }

    private var title: String {
        let names = keys.map { "key \($0.identity.name)" } + banks.map { "key ring \($0.identity.name)" }
        return names.count == 1 ? "Robustness of \(names[0])" : "Robustness of \(names.count) keys"
    }

    /// The report on all results, written as HTML, Markdown and JSON.
    public func writeReport() throws -> Report {
        let report = try Report(
            Results(contentsOf: [file("results.jsonl")]), labels: Labels(contentsOf: file("labels.csv")),
            settings: .init(
                title: title,
                tool: ToolVersion.name,
                created: Date.now.formatted(.iso8601)))
        try AtomicFile.write(Data(report.html().utf8), to: file("report.html"), overwrite: true)
        try AtomicFile.write(Data(report.markdown().utf8), to: file("report.md"), overwrite: true)
        try AtomicFile.write(report.json(), to: file("report.json"), overwrite: true)
        return report
    }
}

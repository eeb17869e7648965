import Auditing
import Evaluation
import Foundation
import Images
import OnnxModels
import RingKeys
import Tensors

/// One run of `ringkey robustness`: images, attacks, audit, report. Each part leaves alone what is there.
struct RobustnessRun {
    private let command: RobustnessCommand
    private let folder: String

    init(_ command: RobustnessCommand) {
        self.command = command
        folder =
            command.output.count > 1 && command.output.hasSuffix("/")
            ? String(command.output.dropLast()) : command.output
    }

    /// Throws the exit status unless all images were judged.
    func run() throws {
        let key = try RingKey(contentsOf: command.detection.key[0])
        let model = try command.model.open()
        guard key.geometry.latentShape == model.latentShape else {
            throw InputError(
                command.detection.key[0], expected: "a key for latents of \(model.latentShape), as the model has",
                found: "\(key.geometry.latentShape)")
        }
        let given = try givenImages()
        try begin(RobustnessSettings(command, key: key, model: model))
        let (marked, clean) = try given ?? makeImages(key, model)
        let study = try AttackStudy(
            folder: folder, marked: marked, clean: clean, attacks: Attack.list(parsing: command.attacks),
            seed: command.seed)
        try attack(study)
        try AtomicFile.write(Data(study.labels().utf8), to: file("labels.csv"), overwrite: true)
        try AtomicFile.write(
            Data((study.items.map(\.path).joined(separator: "\n") + "\n").utf8), to: file("images.txt"),
            overwrite: true)
        try audit()
    }

    private func file(_ name: String) -> String { "\(folder)/\(name)" }

    /// Makes the folder, or sees to it that the study in it is the same.
    private func begin(_ settings: RobustnessSettings) throws {
        try makeFolder(folder)
        let path = file("robustness.json")
        if FileManager.default.fileExists(atPath: path) {
            guard command.resume else {
                throw InputError(folder, expected: "a new folder (or --resume to go on)", found: "a study")
            }
            return try settings.requireAgreement(with: path)
        }
        let others = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard others.isEmpty else {
            throw InputError(folder, expected: "a new or empty folder", found: "other files in it")
        }
        try AtomicFile.write(settings.json(), to: path, overwrite: false)
    }

    private func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw InputError(path, expected: "a folder, or a place to make one", found: "neither")
        }
    }

    // MARK: - Images

    private func givenImages() throws -> (marked: [String], clean: [String])? {
        guard let marked = command.images.marked, let clean = command.images.clean else { return nil }
        return (try images(in: marked), try images(in: clean))
    }

    /// Makes the images that are not there yet.
    private func makeImages(_ key: RingKey, _ model: ModelFolder) throws -> (marked: [String], clean: [String]) {
        let prompts = try command.images.allPrompts()
        let jobs = ["marked", "clean"].flatMap { kind in
            (0..<command.images.count).map { index in
                let path = file("\(kind)/image-\(String(format: "%05d", index)).png")
                return (path: path, name: "\(kind)/\(index)", isMarked: kind == "marked", prompt: index % prompts.count)
            }
        }
        let missing = jobs.filter { !FileManager.default.fileExists(atPath: $0.path) }
        if !missing.isEmpty {
            for kind in ["marked", "clean"] { try makeFolder(file(kind)) }
            let defaults = try ModelDefaults.of(model.scheduler())
            let steps = command.images.imageSteps ?? defaults.steps
            let painter = try Painter(
                model: model, solver: nil, steps: steps, guidance: command.images.imageGuidance ?? defaults.guidance)
            var progress = Progress("make images", total: missing.count * steps, quiet: command.quiet)
            for (index, job) in missing.enumerated() {
                var noise = Tensor(
                    normal: model.latentShape.tensorShape(), seed: DerivedSeed.seed(command.seed, job.name))
                if job.isMarked { key.embed(into: &noise) }
                let latent = try painter.sample(noise, prompt: prompts[job.prompt]) {
                    progress.update(done: index * steps + $0)
                }
                try AtomicFile.write(
                    Data(PNGEncoder.encode(painter.decode(latent))), to: job.path, overwrite: false)
            }
            progress.finish()
        }
        return (jobs.filter(\.isMarked).map(\.path), jobs.filter { !$0.isMarked }.map(\.path))
    }

    /// The images of a folder that was given, sorted; the first `-n` of them where that was asked for.
    private func images(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw InputError(folder, expected: "a folder of images", found: "no folder that can be read")
        }
        let endings = [".png", ".jpg", ".jpeg", ".webp"]
        let images = names.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }.sorted()
        guard !images.isEmpty else {
            throw InputError(folder, expected: "PNG, JPEG or WebP files", found: "none")
        }
        let plain = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        return images.prefix(command.images.count).map { "\(plain)/\($0)" }
    }

    // MARK: - Attacks and results

    private func attack(_ study: AttackStudy) throws {
        var progress = Progress("attack images", total: study.items.count, quiet: command.quiet)
        let made = try study.makeImages { progress.update(done: $0) }
        progress.finish()
        guard !command.quiet, made.count > 0 else { return }
        let size = String(format: "%.1f MB", Double(made.bytes) / 1e6)
        Diagnostics.note("\(made.count) attacked images, \(size), in \(file("attacked"))")
    }

    /// Judges everything that has no result yet; the report is written even where some images failed.
    private func audit() throws {
        var audit = try AuditCommand.parse([
            "@" + file("images.txt"), "--key", command.detection.key[0], "-o", file("results.jsonl"), "--resume",
        ])
        audit.detection = command.detection
        audit.recovery = command.recovery
        audit.model = command.model
        audit.quiet = command.quiet
        do {
            try AuditRun(audit).run()
        } catch ExitStatus.error {
            try report()
            throw ExitStatus.error
        }
        try report()
    }

    private func report() throws {
        let key = try RingKey(contentsOf: command.detection.key[0])
        try ReportCommand.parse([
            file("results.jsonl"), "--labels", file("labels.csv"), "-o", file("report.html"), "--markdown",
            file("report.md"), "--json", file("report.json"), "--title", "Robustness of key \(key.name)", "--force",
            "--quiet",
        ]).run()
    }
}

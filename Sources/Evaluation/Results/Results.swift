import Files
import Foundation
import InputErrors
import Marks
import Models
import Statistics
import Verdicts

/// The results of one or more audits or runs of `ringkey verify --json`, read line by line. Whole verdicts are not kept.
public struct Results: Sendable {
    /// One for each path, in the order in which the paths came; of several lines for a path the last counts.
    public private(set) var images: [ImageResult] = []
    /// Every key that was tried; fingerprints and names, never secrets.
    public var keys: [KeyIdentity] { internedKeys.values }
    /// Every model that images were taken back with.
    public var models: [ModelIdentity] { internedModels.values }
    /// Every calibration that images were judged with.
    public var calibrations: [CalibrationIdentity] { internedCalibrations.values }
    /// The headers of audits that differ in model, keys or settings.
    public private(set) var audits: [AuditHeader] = []
    /// Names and versions of the tool that judged.
    public private(set) var tools: [String] = []
    /// How many lines gave way to a later one for the same path.
    public private(set) var superseded = 0
    /// What a reader should know, in words.
    public private(set) var warnings: [String] = []

    /// The folders that relative paths may start from, as headers name them.
    private(set) var folders: [String] = []
    /// The place of the last header's folder, for the lines below it.
    private var folder: Int?
    private var sketches = 0
    private var places: [Name: Int32] = [:]

    /// Of how many images what their noise is beside the key is kept, and held against each other.
    static let mostSketches = 5000
    private var internedKeys = Interned<KeyIdentity>()
    private var internedModels = Interned<ModelIdentity>()
    private var internedCalibrations = Interned<CalibrationIdentity>()

    /// No results yet.
    public init() {}

    /// The results in some files, `-` for standard input.
    /// - Throws: `InputError` that names file and line.
    public init(contentsOf paths: [String]) throws {
        for path in paths { try read(path) }
    }

    /// The result for a path, which is text as `RawPath.text` has it.
    public subscript(path path: String) -> ImageResult? { places[Name(path)].map { images[Int($0)] } }

    /// Adds the lines of a file. A last line that was torn off is left out with a warning.
    /// - Throws: `InputError` that names file and line.
    public mutating func read(_ path: String) throws {
        let lines =
            path == "-"
            ? LineReader(STDIN_FILENO, named: path)
            : try LineReader(opening: RawPath(path), expecting: "a file of results", isPatient: false)
        let reader = ResultReader(lines, takesUnterminated: true)
        var isEmpty = true
        folder = nil
        while let entry = try reader.next() {
            isEmpty = false
            do {
                switch entry.content {
                case .result(let line): try add(line)
                case .blank: continue
                case .torn: warnings.append("\(path): the last line, \(entry.number), is torn and was left out")
                }
            } catch let error as InputError {
                throw InputError(
                    "\(path), line \(entry.number)", expected: "\(error.subject): \(error.expected)",
                    found: error.found, as: error.code)
            }
        }
        if isEmpty { throw InputError(path, expected: "lines of results", found: "an empty file", as: .empty) }
    }

    private mutating func add(_ header: AuditHeader) {
        for key in header.keys { _ = internedKeys.place(of: key) }
        _ = internedModels.place(of: header.model)
        if !tools.contains(header.tool) { tools.append(header.tool) }
        if audits.allSatisfy({ !$0.differences(from: header).isEmpty }) { audits.append(header) }
        folder = header.folder.map { path in
            if let place = folders.firstIndex(where: { $0.utf8.elementsEqual(path.utf8) }) { return place }
            folders.append(path)
            return folders.count - 1
        }
    }

    /// These images and then those of `other`, which keep their places even where a path is in both.
    /// - Throws: `InputError` where both have the same file under the same path.
    func joined(with other: Results) throws -> Results {
        var both = self
        for image in other.images {
            if let own = self[path: image.path]?.judgement, own.digest == image.judgement?.digest {
                throw InputError(
                    image.path, expected: "a file in either the positives or the negatives",
                    found: "the same file in both",
                    as: .labels)
            }
        }
        let keys = other.keys.map { both.internedKeys.place(of: $0) }
        let models = other.models.map { both.internedModels.place(of: $0) }
        let calibrations = other.calibrations.map { both.internedCalibrations.place(of: $0) }
        for header in other.audits where audits.allSatisfy({ !$0.differences(from: header).isEmpty }) {
            both.audits.append(header)
        }
        for tool in other.tools where !both.tools.contains(tool) { both.tools.append(tool) }
        both.images += other.images.map { image in
            let folder = image.folder.map { $0 + folders.count }
            guard var judgement = image.judgement else {
                return ImageResult(path: image.path, outcome: image.outcome, folder: folder)
            }
            judgement.key = keys[judgement.key]
            judgement.candidates = judgement.candidates.map { keys[$0] }
            judgement.model = models[judgement.model]
            judgement.calibration = judgement.calibration.map { calibrations[$0] }
            return ImageResult(path: image.path, outcome: .judged(judgement), folder: folder)
        }
        both.folders += other.folders
        both.superseded += other.superseded
        both.warnings += other.warnings
        return both
    }

    private mutating func add(_ line: ResultLine) throws {
        switch line {
        case .header(let header): add(header)
        case .verdict(let line):
            put(
                ImageResult(path: line.file.name.text, outcome: .judged(try judgement(line)), folder: folder))
            if let tool = line.tool, tools.last != tool, !tools.contains(tool) { tools.append(tool) }
        case .failure(let line):
            put(ImageResult(path: line.file.name.text, outcome: .failed(line.code, line.found), folder: folder))
        }
    }

    private mutating func put(_ image: ImageResult) {
        let name = Name(image.path)
        if let place = places[name] {
            images[Int(place)] = image
            superseded += 1
        } else {
            places[name] = Int32(images.count)
            images.append(image)
        }
    }

    private mutating func judgement(_ line: JudgedLine) throws -> Judgement {
        // Keys whose p-values were cut at 1 are in no order: the best is found anew, where none was found. Of a find each key
        // may have paid for other hypotheses.
        var best = line.own
        var log10P = line.own.uncorrected(hypotheses: line.hypotheses, twoSided: line.isTwoSided)
        var candidates: [Int] = []
        for score in line.scores {
            let place = try internedKeys.place(of: score.key, "key of a score")
            if line.keysTried > line.scores.count { candidates.append(place) }
            guard line.decision != .watermarked,
                let own = score.uncorrected(hypotheses: line.hypotheses, twoSided: line.isTwoSided)
            else { continue }
            if own < log10P ?? .infinity { (best, log10P) = (score, own) }
        }
        let sketch = sketches < Self.mostSketches ? line.sketch : nil
        if sketch != nil { sketches += 1 }
        return Judgement(
            decision: line.decision, key: try internedKeys.place(of: best.key, "key"), candidates: candidates,
            model: try internedModels.place(of: line.model, "model"),
            calibration: try line.calibration.map { try place(ofCalibration: $0) },
            log10P: log10P, hypotheses: line.hypotheses, keysTried: line.keysTried,
            looksTaken: line.looksTaken, looksPlanned: line.looksPlanned, rate: line.rate,
            referenceL1: line.reference.l1, referenceP: line.reference.pValue, findings: line.findings,
            sketch: sketch, bytes: line.bytes, digest: line.digest, seconds: line.seconds)
    }

    private mutating func place(ofCalibration json: ResultLine.Text) throws -> Int {
        let place = try internedCalibrations.place(of: json, "calibration")
        let images = calibrations[place].images
        guard images >= 0 else {
            throw InputError(
                "calibration.images", expected: "a whole number from 0", found: "\(images)", as: .resultsLine)
        }
        return place
    }

    /// What tells one file from another: bytes, where Strings call é equal to e with an accent after it.
    private struct Name: Hashable {
        let path: String

        init(_ path: String) { self.path = path }

        static func == (one: Name, other: Name) -> Bool { one.path.utf8.elementsEqual(other.path.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in path.utf8 { hasher.combine(byte) }
        }
    }
}

extension JudgedLine.Score {
    /// log₁₀ of the p-value before it was multiplied by the hypotheses: from the corrected one, or from the cosine where
    /// that was cut at a p-value of 1.
    fileprivate func uncorrected(hypotheses: Int, twoSided: Bool) -> Double? {
        guard let log10P else { return nil }
        if log10P < 0 { return log10P - log10(Double(hypotheses)) }
        guard let cosine, let dimension else { return nil }
        let logP = CosineTest.logPValue(cosine: cosine, dimension: dimension, twoSided: twoSided)
        return max(logP / log(10), Verdict.log10PRange.lowerBound)
    }
}

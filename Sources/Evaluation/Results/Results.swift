import Auditing
import Foundation
import Tensors
import Verification

/// The results of one or more audits or runs of `ringkey verify --json`, read line by line. Whole verdicts are not kept.
public struct Results: Sendable {
    /// One for each path, in the order in which the paths came; of several lines for a path the last counts.
    public private(set) var images: [ImageResult] = []
    /// Every key that was tried; fingerprints and names, never secrets.
    public var keys: [Verdict.KeyIdentity] { internedKeys.values }
    /// Every model that images were taken back with.
    public var models: [Verdict.ModelIdentity] { internedModels.values }
    /// Every calibration that images were judged with.
    public var calibrations: [Verdict.CalibrationIdentity] { internedCalibrations.values }
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
    private var places: [String: Int32] = [:]
    private var internedKeys = Interned<Verdict.KeyIdentity>("key")
    private var internedModels = Interned<Verdict.ModelIdentity>("model")
    private var internedCalibrations = Interned<Verdict.CalibrationIdentity>("calibration")

    /// No results yet.
    public init() {}

    /// The results in some files, `-` for standard input.
    /// - Throws: `InputError` that names file and line.
    public init(contentsOf paths: [String]) throws {
        for path in paths { try read(path) }
    }

    /// The result for a path.
    public subscript(path path: String) -> ImageResult? { places[path].map { images[Int($0)] } }

    /// Adds the lines of a file. A last line that was torn off is left out with a warning.
    /// - Throws: `InputError` that names file and line.
    public mutating func read(_ path: String) throws {
        var reader = try LineReader(opening: path)
        var isEmpty = true
        folder = nil
        while let line = try reader.next() {
            isEmpty = false
            if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            do {
                try add(line.bytes)
            } catch let error as JSONScanner.Malformed {
                if !line.isComplete {
                    warnings.append("\(path): the last line, \(line.number), is torn and was left out")
                    continue
                }
                throw InputError(
                    "\(path), line \(line.number)", expected: error.expected,
                    found: Self.excerpt(line.bytes, error.offset))
            } catch let error as InputError {
                throw InputError(
                    "\(path), line \(line.number)", expected: "\(error.subject): \(error.expected)", found: error.found)
            }
        }
        if isEmpty { throw InputError(path, expected: "lines of results", found: "an empty file") }
    }

    /// Adds one record of an audit.
    public mutating func add(_ record: AuditRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try add(try encoder.encode(record))
    }

    /// Adds the header of an audit.
    public mutating func add(_ header: AuditHeader) {
        for key in header.keys { _ = internedKeys.place(of: key) }
        _ = internedModels.place(of: header.model)
        if !tools.contains(header.tool) { tools.append(header.tool) }
        if audits.allSatisfy({ !$0.differences(from: header).isEmpty }) { audits.append(header) }
        folder = header.folder.map { path in
            if let place = folders.firstIndex(of: path) { return place }
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
                    image.path, expected: "a file among the positives or the negatives", found: "the same one in both")
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
            guard var judgement = image.judgement else { return image }
            judgement.key = keys[judgement.key]
            judgement.model = models[judgement.model]
            judgement.calibration = judgement.calibration.map { calibrations[$0] }
            return ImageResult(
                path: image.path, outcome: .judged(judgement), folder: image.folder.map { $0 + folders.count })
        }
        both.folders += other.folders
        both.superseded += other.superseded
        both.warnings += other.warnings
        return both
    }

    private mutating func add(_ json: Data) throws {
        let terminated = json + Data([0])
        try terminated.withUnsafeBytes { bytes in
            try add(UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[..<json.count]))
        }
    }

    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        let line = try ResultLine(bytes)
        switch line.format {
        case Verdict.formatName: put(try image(line))
        case AuditFailure.formatName: put(try failure(line))
        case AuditHeader.formatName: add(try Self.decode(AuditHeader.self, bytes, "header"))
        default:
            throw InputError(
                "format", expected: "\(AuditHeader.formatName), \(Verdict.formatName) or \(AuditFailure.formatName)",
                found: line.format.isEmpty ? "none" : line.format)
        }
    }

    private mutating func put(_ image: ImageResult) {
        if let place = places[image.path] {
            images[Int(place)] = image
            superseded += 1
        } else {
            places[image.path] = Int32(images.count)
            images.append(image)
        }
    }

    private mutating func image(_ line: ResultLine) throws -> ImageResult {
        let path = try Self.require(line.path, "path", "a text")
        let text = try Self.require(line.decision, "verdict", "a text")
        guard let decision = Verdict.Decision(rawValue: text) else {
            throw InputError(
                "verdict", expected: Verdict.Decision.allCases.map(\.rawValue).joined(separator: ", "), found: text)
        }
        let hypotheses = max(1, try Self.require(line.hypotheses, "hypotheses", "an integer"))
        let sha256 = try Self.require(line.sha256, "sha256", "a text")
        guard let digest = FileDigest(hexadecimal: sha256) else {
            throw InputError("sha256", expected: "64 hexadecimal digits", found: sha256)
        }
        // Keys whose p-values were cut at 1 are in no order: the best is found anew.
        var best = line.own
        var log10P = line.own.uncorrected(hypotheses: hypotheses, twoSided: line.twoSided)
        for score in line.scores {
            _ = try internedKeys.place(ofJSON: Self.require(score.key, "key of a score", "an object"))
            guard let own = score.uncorrected(hypotheses: hypotheses, twoSided: line.twoSided) else { continue }
            if own < log10P ?? .infinity { (best, log10P) = (score, own) }
        }
        let judgement = Judgement(
            decision: decision, key: try internedKeys.place(ofJSON: Self.require(best.key, "key", "an object")),
            model: try internedModels.place(ofJSON: Self.require(line.model, "model", "an object")),
            calibration: try line.calibration.map { try internedCalibrations.place(ofJSON: $0) }, log10P: log10P,
            hypotheses: hypotheses, keysTried: max(1, line.scores.count), looksTaken: line.looksTaken,
            rate: try Self.require(line.rate, "fpr", "a number"), referenceL1: line.referenceL1,
            referenceP: line.referenceP, findings: line.findings,
            bytes: try Self.require(line.bytes, "bytes", "an integer"), digest: digest, seconds: line.seconds)
        if let tool = line.tool, tools.last != tool, !tools.contains(tool) { tools.append(tool) }
        return ImageResult(path: path, outcome: .judged(judgement), folder: folder)
    }

    private func failure(_ line: ResultLine) throws -> ImageResult {
        let path = try Self.require(line.path, "path", "a text")
        let text = try Self.require(line.code, "code", "a text")
        guard let code = AuditFailure.Code(rawValue: text) else {
            throw InputError(
                "code", expected: AuditFailure.Code.allCases.map(\.rawValue).joined(separator: ", "), found: text)
        }
        return ImageResult(path: path, outcome: .failed(code, line.found ?? ""))
    }

    private static func require<Value>(_ value: Value?, _ name: String, _ kind: String) throws -> Value {
        guard let value else { throw InputError(name, expected: kind, found: "none") }
        return value
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ bytes: UnsafeBufferPointer<UInt8>, _ name: String
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(buffer: bytes))
        } catch {
            throw InputError(name, expected: "the members that it has in \(type)", found: excerpt(bytes, 0))
        }
    }

    /// A few characters from a place in a line.
    private static func excerpt(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> String {
        guard offset < bytes.count else { return "the line's end" }
        return String(decoding: bytes[offset..<min(offset + 40, bytes.count)], as: UTF8.self)
    }
}

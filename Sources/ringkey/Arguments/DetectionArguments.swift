import ArgumentParser
import Images
import OnnxModels
import RingKeys
import Verification

/// Which keys to look for, and how evidence becomes a verdict.
struct DetectionArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Key file; may be given several times.", valueName: "file"))
    var key: [String]

    @Option(name: .long, help: ArgumentHelp("The false-positive rate to decide at.", valueName: "rate"))
    var fpr = 1e-6

    @Flag(name: .long, help: "Count a match of reversed sign too; doubles the p-value.")
    var twoSided = false

    @Option(name: .long, help: ArgumentHelp("Decoy keys to rank the key among; 0 for none.", valueName: "n"))
    var decoys = DecoyKeys.standardCount

    @Option(name: .long, help: ArgumentHelp("Images to put through the model at once.", valueName: "n"))
    var batch = 4

    @Option(name: .long, help: ArgumentHelp("Refuse images of more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var calibration: CalibrationArguments

    func validate() throws {
        if !(fpr > 0 && fpr < 1) { throw ValidationError("--fpr takes a rate between 0 and 1, found \(fpr)") }
        if key.isEmpty { throw ValidationError("--key is needed: the mark of which key?") }
        if !(0...10_000_000).contains(decoys) { throw ValidationError("--decoys takes 0 to 10000000, found \(decoys)") }
        if !(1...1024).contains(batch) { throw ValidationError("--batch takes 1 to 1024, found \(batch)") }
        if !(maxMegapixels > 0) {
            throw ValidationError("--max-megapixels takes a number above 0, found \(maxMegapixels)")
        }
    }

    /// A detector for each key, in the order of the flags.
    func detectors(quiet: Bool) throws -> [KeyDetector] {
        try key.map { path in
            let key = try RingKey(contentsOf: path)
            if RingKey.isReadableByOthers(path), !quiet {
                Diagnostics.warning("\(path): others can read this key (chmod 600 \(path))")
            }
            return KeyDetector(key)
        }
    }

    /// The chain from images to verdicts on a model; the model's files are hashed beside it.
    func verifier(_ detectors: [KeyDetector], model: ModelFolder, recovery: RecoveryArguments) throws -> Verifier {
        let identity = model.identityInBackground()
        let chain = try model.recovery(recovery.settings)
        return try Verifier(
            recovery: chain, detectors: detectors,
            settings: .init(
                falsePositiveRate: fpr, twoSided: twoSided, decoys: decoys, takesAllLooks: recovery.allLooks),
            tool: ToolVersion.name,
            calibration: calibration.load(model: model, settings: chain.settings, identity: identity), model: identity)
    }
}

import ArgumentParser
import Files
import Images
import InputErrors
import Marks
import RingkeyKit

/// Which keys to look for, and how evidence becomes a verdict.
struct DetectionArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Key file; can be repeated.", valueName: "file"))
    var key: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Key ring, of which every key is looked for; can be repeated.", valueName: "file"))
    var keyring: [String] = []

    @Option(name: .long, help: ArgumentHelp("False-positive rate to decide at.", valueName: "rate"))
    var fpr = 1e-6

    @Flag(name: .long, help: "Also accept a match of opposite sign; doubles the p-value.")
    var twoSided = false

    @Option(name: .long, help: ArgumentHelp("Decoy keys to rank the key against; 0 for none.", valueName: "n"))
    var decoys = DecoyKeys.standardCount

    @Option(name: .long, help: ArgumentHelp("Images to run through the model at once.", valueName: "n"))
    var batch = 4

    @Option(name: .long, help: ArgumentHelp("Refuse images with more megapixels.", valueName: "n"))
    var maxMegapixels = ImageDecoder.defaultLimitMegapixels

    @OptionGroup var calibration: CalibrationArguments

    func validate() throws {
        if !(fpr > 0 && fpr < 1) { throw ValidationError("--fpr takes a rate between 0 and 1, found \(fpr)") }
        if key.isEmpty, keyring.isEmpty { throw ValidationError("--key or --keyring is required") }
        if !(0...10_000_000).contains(decoys) { throw ValidationError("--decoys takes 0 to 10000000, found \(decoys)") }
        if !(1...1024).contains(batch) { throw ValidationError("--batch takes 1 to 1024, found \(batch)") }
        if !(maxMegapixels > 0) {
            throw ValidationError("--max-megapixels takes a number above 0, found \(maxMegapixels)")
        }
    }

    var request: DetectionRequest {
        DetectionRequest(
            falsePositiveRate: fpr, twoSided: twoSided, decoys: decoys, batch: batch, limitMegapixels: maxMegapixels,
            calibration: calibration.choice)
    }

    /// All files with keys.
    var keyFiles: [String] { key + keyring }

    /// The keys, in the order of the flags, and after them those that were added to key rings; warns of those that others can
    /// read.
    func keys(quiet: Bool) throws -> WantedKeys {
        let single = try singleKeys(quiet: quiet)
        let rings = try keyring.map { try KeyRingArgument.open($0, quiet: quiet) }
        return WantedKeys(
            keys: single + rings.flatMap(\.added),
            banks: try rings.compactMap { try KeyRingArgument.bank($0, quiet: quiet) })
    }

    private func singleKeys(quiet: Bool) throws -> [any MarkKey] {
        try key.map { path in
            let key = try KeyFile.read(path)
            if PrivateFile.isReadableByOthers(path), !quiet {
                Diagnostics.warning(
                    "\(Printable.name(path)): this key is readable by others (chmod 600 \(ShellText.quoted(path)))")
            }
            return key
        }
    }
}

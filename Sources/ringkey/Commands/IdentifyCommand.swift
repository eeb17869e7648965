import ArgumentParser
import Files
import Images
import InputErrors
import Marks
import RingkeyKit
import Verdicts
import Verification

/// `ringkey identify`.
struct IdentifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Say whose mark images carry: the key of a key ring, or none of these.",
        discussion: """
            Every key of the ring is held against each image, which is inverted once. The p-value of the best key is \
            exact and corrected for all keys that were tried; the runner-up shows how far behind the others are. A ring \
            with a pilot is also searched for in turned, cut and scaled pictures.

            Answers:
              KEY             the image is consistent with this key at the requested rate
              some key        it carries the ring's pilot, and no key of the ring can be told
              none of these   no mark found, though one as strong as usual would have been
              undecided       no mark found, and that says nothing here

            Examples:
              ringkey identify photo.png --keyring customers.ring
              ringkey identify found/*.jpg --keyring customers.ring --json

            Exit codes: \(ExitStatus.summary)
            """)

    @Argument(help: ArgumentHelp("Image files, or - for one on standard input.", valueName: "image"))
    var images: [String]

    @OptionGroup var detection: DetectionArguments
    @OptionGroup var looks: LookArguments
    @OptionGroup var model: ModelArguments
    @OptionGroup var output: OutputArguments

    func validate() throws {
        if detection.keyring.isEmpty { throw ValidationError("--keyring is required") }
        if images.count(where: { $0 == NamedImage.standardInput }) > 1 {
            throw ValidationError("standard input can be read only once")
        }
    }

    func run() throws {
        let keys = try detection.keys(quiet: output.quiet)
        let verifier = try Verifier(
            model.open(forImages: images.count), keys: keys.keys, banks: keys.banks, detection: detection.request,
            recovery: looks.request(model.options(forImages: images.count)), loadsAhead: images.count > 1)
        let run = ImageRun(images: images, detection: detection, quiet: output.quiet)
        throw try run.judge(with: verifier) { evidence, _ in
            let identification = Identification(evidence.verdict)
            if output.json {
                try JSONLine.write(identification)
            } else {
                try StandardOutput.write(lines: identification.lines)
            }
        }
    }
}

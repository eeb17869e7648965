import ArgumentParser
import Evaluation
import Foundation
import Images
import Tensors

/// `ringkey robustness`.
struct RobustnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "robustness",
        abstract: "Measure which attacks on images a key's mark survives.",
        discussion: """
            Makes marked and clean images (or takes yours), attacks both, audits all, and reports how many are found and \
            how well marked and clean are told apart: one row an attack.

            Examples:
              ringkey robustness --key my.key.json -n 50 -o study/
              ringkey robustness --key my.key.json -n 200 --attacks paper,jpeg:50,resize:50+jpeg:75 -o study/
              ringkey robustness --key my.key.json --marked ours/ --clean others/ -o study/

            An attack is NAME or NAME:STRENGTH, several one after the other with + between them. With the strength that \
            is taken when none is given:
            \(table)
            Sets of attacks:
            \(sets)

            In the folder: marked/ and clean/ (where images were made), attacked/ATTACK/ (PNG: about 25 kB for \
            128 × 128 pixels, 0.4 MB for 512 × 512), labels.csv, results.jsonl, report.html, report.md, report.json. \
            The same command with --resume goes on where one was stopped.

            Exit codes: 0 all judged · 2 some failed, or an error · 64 usage
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("Folder for images, results and report.", valueName: "dir"))
    var output: String

    @Option(name: .long, help: ArgumentHelp("Attacks and sets with commas between them.", valueName: "list"))
    var attacks = "paper"

    @Option(name: .long, help: ArgumentHelp("Seed of images and attacks.", valueName: "n"))
    var seed: UInt64 = 1

    @Flag(name: .long, help: "Go on with the study in the folder, or add images and attacks to it.")
    var resume = false

    @OptionGroup(title: "Images") var images: StudyImageArguments
    @OptionGroup(title: "Detection") var detection: DetectionArguments
    @OptionGroup(title: "Inversion") var recovery: RecoveryArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    @Flag(name: .long, help: "No progress and no notes on stderr; errors stay.")
    var quiet = false

    private static var table: String {
        Distortion.Kind.allCases.map { kind in
            "  " + kind.help.spelling.padding(toLength: 16, withPad: " ", startingAt: 0) + kind.help.meaning
        }.joined(separator: "\n")
    }

    private static var sets: String {
        AttackSet.allCases.map { "  \($0.rawValue): \($0.spellings.joined(separator: ", "))" }.joined(separator: "\n")
    }

    func validate() throws {
        if detection.key.count != 1 {
            throw ValidationError("--key is given once: images are marked with one key, found \(detection.key.count)")
        }
        do {
            _ = try Attack.list(parsing: attacks)
        } catch let error as InputError {
            throw ValidationError("--attacks: \(error.subject): expected \(error.expected), found \(error.found)")
        }
    }

    func run() throws {
        try RobustnessRun(self).run()
    }
}

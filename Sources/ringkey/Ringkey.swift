import ArgumentParser
import Cryptography
import Foundation
import InputErrors
import RingkeyKit

/// The command line. Every way out of the program passes through `main`.
@main
struct Ringkey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ringkey",
        abstract: "Verify noise-space (tree-ring) watermarks in AI-generated images.",
        discussion: """
            An image generated from marked noise carries the mark. ringkey inverts an image back to its noise and \
            computes how likely its agreement with a key would be by chance.

            Examples:
              ringkey keygen -o my.key.json
              ringkey generate --prompt "mountains at dusk" --key my.key.json -o out/
              ringkey verify out/*.png --key my.key.json
              ringkey audit folder/ --key my.key.json -o results.jsonl
              ringkey report results.jsonl -o report.html

            Exit codes: \(ExitStatus.summary)
            With several images, as in grep: 2 after any error, else 0 for any match, else 3 for any undecided, else 1.

            A match means "consistent with the key". A mark can be forged from one marked image, and removed by anyone \
            who has the public autoencoder: a match does not prove who made an image, and no match does not prove that \
            an image was not generated.
            """,
        version: ToolVersion.current,
        subcommands: [
            VerifyCommand.self, IdentifyCommand.self, AuditCommand.self, RobustnessCommand.self, ReportCommand.self,
            InvertCommand.self,
            GenerateCommand.self,
            NoiseCommand.self, KeygenCommand.self, KeyCommand.self, KeyRingCommand.self, ModelsCommand.self,
            CalibrateCommand.self,
        ])

    static func main() {
        StandardDescriptors.fill()
        FatalSignals.ignore()
        FatalSignals.endWithoutBacktrace()
        ProcessMemory.forbidDumps()
        do {
            try DescriptorLimit.require()
            try answer()
        } catch let error as InputError {
            Diagnostics.error(error)
            ExitStatus.error.leave()
        } catch let status as ExitStatus {
            status.leave()
        } catch let error where exitCode(for: error) == .failure {
            Diagnostics.error(InputError("ringkey", expected: "to finish", found: "\(error)", as: .unexpected))
            ExitStatus.error.leave()
        } catch {
            leave(with: error)
        }
    }

    /// Runs the command. Help and the version, which the argument parser throws, are results like others.
    private static func answer() throws {
        do {
            var command = try parseAsRoot(Array(ProgramArguments.all.dropFirst()))
            try command.run()
        } catch let answer where exitCode(for: answer) == .success {
            try StandardOutput.write(lines: fullMessage(for: answer))
        }
    }

    /// Mistakes in the arguments, which are quoted without what could deceive the eye.
    private static func leave(with error: any Error) -> Never {
        let status = exitCode(for: error)
        var text = fullMessage(for: error)
        let values = ProgramArguments.all.flatMap { [$0] + $0.split(separator: "=", maxSplits: 1).map(String.init) }
        for value in values.sorted(by: { $0.utf8.count > $1.utf8.count }) where Printable.text(value) != value {
            text = text.replacing(value, with: Printable.text(value))
        }
        Diagnostics.usage(text)
        Foundation.exit(status.rawValue)
    }
}

import ArgumentParser
import Foundation
import Tensors

/// The command line. Every way out of the program passes through `main`.
@main
struct Ringkey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ringkey",
        abstract: "Verify noise-space (tree-ring) watermarks in AI-generated images.",
        discussion: """
            A model that starts from marked noise leaves the mark in its images. ringkey inverts an image back to its \
            noise and tells how likely the agreement with a key is by chance.

            Examples:
              ringkey keygen -o my.key.json
              ringkey generate --prompt "mountains at dusk" --key my.key.json -o out/
              ringkey verify out/*.png --key my.key.json
              ringkey audit folder/ --key my.key.json -o results.jsonl
              ringkey report results.jsonl -o report.html

            Exit codes: \(ExitStatus.summary)
            With several images, as grep does: any error gives 2, else any match 0, else any undecided 3, else 1.

            A match is "consistent with the key". A key can be forged from one marked image and removed by people who \
            have the public autoencoder: a match does not prove who made an image, and its absence does not prove that \
            an image was not generated.
            """,
        version: ToolVersion.current,
        subcommands: [
            VerifyCommand.self, AuditCommand.self, RobustnessCommand.self, ReportCommand.self, InvertCommand.self,
            GenerateCommand.self,
            NoiseCommand.self, KeygenCommand.self, KeyCommand.self, ModelsCommand.self, CalibrateCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as InputError {
            Diagnostics.error(error)
            ExitStatus.error.leave()
        } catch let status as ExitStatus {
            status.leave()
        } catch {
            exit(withError: error)
        }
    }
}

import ArgumentParser
import Files
import InputErrors
import KeyRings

/// The commands about the matrix beside a ring.
extension KeyRingCommand {
    struct Prepare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the matrix of a ring's keys beside it.",
            discussion: """
                RING.matrix has the numbers of all keys, a byte each, and is key material as the ring is. It is made by \
                itself when a ring of more than \(KeyRing.mostUnprepared) keys is first looked for, and made anew after \
                the ring has changed.

                Example:
                  ringkey keyring prepare customers.ring
                """)

        @OptionGroup var file: RingArgument
        @OptionGroup var printing: OutputArguments

        func run() throws {
            let ring = try KeyRing(contentsOf: file.ring)
            var progress = Progress("prepare keys", total: ring.count, quiet: printing.quiet)
            let bytes = try ring.prepare { progress.update(done: $0) }
            progress.finish()
            if printing.json {
                try JSONLine.write(Report(path: RawPath(ring.matrixPath).description, keys: ring.count, bytes: bytes))
            } else {
                try StandardOutput.write(
                    lines: "\(Printable.name(ring.matrixPath))  \(ring.count) keys  \(Format.bytes(bytes))")
            }
        }

        private struct Report: Encodable {
            let path: String
            let keys: Int
            let bytes: Int
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a ring, and every row of the matrix beside it.",
            discussion: "Example:\n  ringkey keyring check customers.ring")

        @OptionGroup var file: RingArgument
        @OptionGroup var printing: OutputArguments

        func run() throws {
            let ring = try KeyRing(contentsOf: file.ring)
            var progress = Progress("check keys", total: ring.count, quiet: printing.quiet)
            let state = try ring.check { progress.update(done: $0) }
            progress.finish()
            if printing.json {
                try JSONLine.write(
                    Report(keys: ring.count + ring.added.count, torn: ring.isTorn, matrix: state.rawValue))
            } else {
                let torn = ring.isTorn ? ", the last line torn" : ""
                let matrix =
                    switch state {
                    case .none: "no matrix"
                    case .stale: "its matrix is of an earlier state"
                    case .whole: "its matrix is right in every row"
                    }
                try StandardOutput.write(
                    lines: "\(Printable.name(file.ring)): \(ring.count + ring.added.count) keys\(torn); \(matrix)")
            }
        }

        private struct Report: Encodable {
            let keys: Int
            let torn: Bool
            let matrix: String
        }
    }
}

import ArgumentParser
import Foundation
import InputErrors
import Models

/// Makes the calls that it is asked for, one a line of standard input, and answers each with the seconds that it took.
struct Timing: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "time",
        abstract: "Time the calls of a checkpoint that standard input asks for, one a line.")

    @Option(help: "In what numbers networks compute.") var precision = Precision.float32
    @Option(help: "What opening the network may cost: quick, packed or full.")
    var optimization = ExecutionOptions.Optimization.full
    @Option(help: "Threads inside one operator.") var threads: Int?
    @Option(help: "Tokens of a prompt.") var tokens = 77
    @Option(help: "Width of a token.") var width: Int
    @Argument(help: "A checkpoint.") var path: String

    func validate() throws {
        guard tokens > 0, width > 0 else { throw ValidationError("\(tokens) tokens of width \(width)") }
    }

    func run() throws {
        let options = ExecutionOptions(threads: threads, optimization: optimization, precision: precision)
        let calls = try TimedCalls(path, tokens: (tokens, width), options: options)
        while let line = readLine() {
            guard let call = TimedCalls.Call(rawValue: line) else {
                let known = TimedCalls.Call.allCases.map(\.rawValue).joined(separator: ", ")
                throw InputError("standard input", expected: known, found: line, as: .invalidSetting)
            }
            let start = ContinuousClock.now
            try calls.make(call)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            FileHandle.standardOutput.write(Data("\(seconds)\n".utf8))
        }
    }
}

extension Precision: ExpressibleByArgument {}
extension ExecutionOptions.Optimization: ExpressibleByArgument {}

import ArgumentParser

/// How results are printed.
struct OutputArguments: ParsableArguments {
    @Flag(name: .long, help: "Print one JSON object a line instead of text.")
    var json = false

    @Flag(name: .long, help: "No progress and no notes on stderr; errors stay.")
    var quiet = false
}

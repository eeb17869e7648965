import ArgumentParser

/// How results are printed.
struct OutputArguments: ParsableArguments {
    @Flag(name: .long, help: "Print one JSON object per line instead of text.")
    var json = false

    @Flag(name: .long, help: "No progress or notes on stderr, only errors.")
    var quiet = false

    func validate() { if quiet { PreparationStatus.silence() } }
}

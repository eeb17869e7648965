import ArgumentParser

/// Whether existing files may be replaced.
struct ForceArgument: ParsableArguments {
    @Flag(name: .long, help: "Overwrite existing output files.")
    var force = false
}

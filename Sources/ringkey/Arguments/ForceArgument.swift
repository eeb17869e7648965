import ArgumentParser

/// Whether existing files may be replaced.
struct ForceArgument: ParsableArguments {
    @Flag(name: .long, help: "Replace output files that exist.")
    var force = false
}

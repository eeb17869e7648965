import ArgumentParser

/// Checkpoints beside other libraries: what they compute, and how long they take.
@main struct Interop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interop",
        abstract: "Compare checkpoints with expected outputs, and time them.",
        subcommands: [Compare.self, Timing.self], defaultSubcommand: Compare.self)
}

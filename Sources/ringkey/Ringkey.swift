import ArgumentParser

@main
struct Ringkey: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ringkey")
}

import Foundation
import FuzzTargets

// `fuzz TARGET [libFuzzer's flags and folders]`. Built by fuzz/run.sh only, with the compiler's coverage.

/// libFuzzer's loop: calls `body` with inputs that it makes until a limit of its flags is reached.
@_silgen_name("LLVMFuzzerRunDriver")
private func fuzz(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private enum Chosen {
    static let target = FuzzTarget.all.first { $0.name == CommandLine.arguments.dropFirst().first }
}

if CommandLine.arguments.dropFirst().first == "--list" {
    for target in FuzzTarget.all { print(([target.name] + target.folders).joined(separator: " ")) }
    exit(0)
}
if Chosen.target == nil {
    print("usage: fuzz --list | fuzz TARGET [libFuzzer's flags and folders]")
    exit(64)
}
var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
exit(
    fuzz(&count, &arguments) { bytes, size in
        do {
            _ = try Chosen.target?.read(Array(UnsafeBufferPointer(start: bytes, count: size)))
        } catch {
            fatalError("not an InputError: \(error)")
        }
        return 0
    })

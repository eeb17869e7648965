import Foundation
import InputErrors

/// Measures the search for moved pictures:
///
///     registration times
///     registration exact MODEL KEYS IMAGE…
///
/// The first prints what a search takes, by the size of the latent and the number of keys. The second looks for KEYS keys
/// that nobody used in each image's latent, and prints how often the corrected p-value is at or below some levels.
@main
enum RegistrationStudy {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "times" where arguments.count == 1: try Times.measure()
            case "exact" where arguments.count >= 4:
                guard let keys = Int(arguments[2]), keys > 0 else { fallthrough }
                try Exactness(model: arguments[1], keys: keys).measure(Array(arguments[3...]))
            default:
                FileHandle.standardError.write(
                    Data("usage: registration times | registration exact MODEL KEYS IMAGE…\n".utf8))
                exit(64)
            }
        } catch let error as InputError {
            FileHandle.standardError.write(Data("registration: \(error)\n".utf8))
            exit(2)
        }
    }
}

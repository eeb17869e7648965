import ArgumentParser
import Attempts
import InputErrors
import RingkeyKit

/// How images are taken back to noise, route by route.
struct RecoveryArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Looks to take in turn until one decides: METHOD/STEPS, comma-separated. The p-value is corrected for all \
            of them. Default: \(Self.defaultLooks), or the one that --steps and --decoder-inversion give.
            """, valueName: "list"))
    var looks: String?

    @OptionGroup var inversion: InversionArguments

    private static let defaultLooks = RecoveryRequest.defaultRoutes.map(\.description).joined(separator: ",")

    func validate() throws {
        guard let looks else { return }
        if inversion.steps != nil || inversion.decoderInversion != nil {
            throw ValidationError("--looks cannot be combined with --steps or --decoder-inversion")
        }
        do {
            _ = try Route.list(parsing: looks)
        } catch let error as InputError {
            throw ValidationError("--looks: expected \(error.expected), found \(error.found)")
        }
    }

    func request() throws -> RecoveryRequest {
        let isSingle = inversion.steps != nil || inversion.decoderInversion != nil
        let routes = isSingle ? [try inversion.route()] : try looks.map(Route.list)
        return try inversion.request(routes)
    }
}

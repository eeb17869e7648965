import ArgumentParser
import Attempts
import InputErrors
import Registration
import RingkeyKit

/// How images are taken back to noise, attempt by attempt.
struct RecoveryArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Looks to take in turn until one decides: METHOD/STEPS, comma-separated. The p-value is corrected for all \
            of them. Default: \(Self.defaultLooks), or the one that --steps and --decoder-inversion give.
            """, valueName: "list"))
    var looks: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            How far to search for moved pictures: none; upright for cut, scaled and shifted ones; full for turned, \
            mirrored and stretched ones too; fine to go into more of it. Spread keys only. Half of the rate is for the search.
            """, valueName: "extent"))
    var search = SearchExtent.full

    @Flag(name: .long, help: "Take unpromising images through all looks too; costs time and finds very little more.")
    var thorough = false

    @Flag(name: .long, help: "Make every attempt, even after one has decided.")
    var allLooks = false

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
        let routes =
            isSingle ? [try inversion.route()] : try looks.map(Route.list) ?? RecoveryRequest.defaultRoutes
        var request = try inversion.request(routes)
        request.takesAllRoutes = allLooks
        request.search = search
        request.isThorough = thorough || allLooks
        return request
    }
}

extension SearchExtent: ExpressibleByArgument {}

import ArgumentParser
import Models
import Registration
import RingkeyKit

/// Where keys are looked for, and when looking ends.
struct LookArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            How far to search for moved pictures: none; upright for cut, scaled and shifted ones; full for turned, \
            mirrored and stretched ones too; fine to go into more of it. Spread keys only. Half of the rate is for the \
            search.
            """, valueName: "extent"))
    var search = SearchExtent.full

    @Flag(name: .long, help: "Take unpromising images through all looks too; costs time and finds very little more.")
    var thorough = false

    @Flag(name: .long, help: "Make every attempt, even after one has decided.")
    var allLooks = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Another autoencoder for a first look, such as a tiny one that fits the model: its folder with config.json, or \
            one file. Its looks come before the model's own.
            """, valueName: "path"))
    var autoencoder: String?

    @OptionGroup var recovery: RecoveryArguments

    func request(_ options: ExecutionOptions) throws -> RecoveryRequest {
        var request = try recovery.request()
        request.autoencoder = try autoencoder.map { path in
            var own = options
            own.prediction = nil
            return try OpenModel(path, options: own)
        }
        request.takesAllRoutes = allLooks
        request.search = search
        request.isThorough = thorough || allLooks
        return request
    }
}

extension SearchExtent: ExpressibleByArgument {}

import ArgumentParser
import InputErrors
import RingKeys
import Tensors

/// What a new ring key is to be like.
struct RingKeyArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("spread or ring.", valueName: "pattern"))
    var pattern = KeyGeometry.Pattern.spread.rawValue

    @Option(name: .long, help: ArgumentHelp("Radius of the keyed disc, in cycles per plane.", valueName: "cycles"))
    var radius = 10.0

    @Option(name: .long, help: ArgumentHelp("Width of a ring.", valueName: "cycles"))
    var ringWidth = 1.0

    @Option(name: .long, help: ArgumentHelp("Keyed channels, like 0,3. Default: all.", valueName: "list"))
    var channels: String?

    @Option(name: .long, help: ArgumentHelp("Phase origin of rings: centre or corner.", valueName: "where"))
    var phaseOrigin = KeyGeometry.PhaseOrigin.centre.rawValue

    /// Where the numbers of a key for a latent lie.
    func geometry(_ shape: LatentShape) throws -> KeyGeometry {
        guard let pattern = KeyGeometry.Pattern(rawValue: pattern), pattern.isNative else {
            throw InputError("--pattern", expected: "spread or ring", found: self.pattern, as: .invalidSetting)
        }
        guard let phaseOrigin = KeyGeometry.PhaseOrigin(rawValue: phaseOrigin) else {
            throw InputError(
                "--phase-origin", expected: "centre or corner", found: self.phaseOrigin, as: .invalidSetting)
        }
        return try KeyGeometry(
            pattern: pattern, radius: radius, ringWidth: ringWidth,
            channels: ChannelList.numbers(channels, flag: "--channels"), latentShape: shape, phaseOrigin: phaseOrigin,
            subject: "key")
    }
}

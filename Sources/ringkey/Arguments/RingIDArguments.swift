import ArgumentParser
import InputErrors
import RingIDKeys
import Tensors

/// The rings of a key of RingID.
struct RingIDLevelArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Rings of RingID up to this one carry nothing.", valueName: "n"))
    var innerRadius = 3

    @Option(name: .long, help: ArgumentHelp("Values that a ring of RingID can have.", valueName: "n"))
    var levels = 2

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The largest of them. Default: of a file 64; of a new key what noise has, the latent's side.",
            valueName: "value"))
    var levelRange: Double?
}

/// What a new key of RingID is to be like.
struct RingIDArguments: ParsableArguments {
    @OptionGroup var rings: RingIDLevelArguments

    @Option(name: .long, help: ArgumentHelp("Outermost ring of RingID.", valueName: "n"))
    var outerRadius = 14

    @Option(name: .long, help: ArgumentHelp("Channels with rings. Default: the last.", valueName: "list"))
    var ringChannels: String?

    @Option(name: .long, help: ArgumentHelp("Channels with noise of the key. Default: the first.", valueName: "list"))
    var noiseChannels: String?

    /// Where the numbers of a key for a latent lie.
    func geometry(_ shape: LatentShape) throws -> RingIDGeometry {
        try RingIDGeometry(
            latentShape: shape, radius: outerRadius, innerRadius: rings.innerRadius,
            ringChannels: ChannelList.numbers(ringChannels, flag: "--ring-channels") ?? [shape.channels - 1],
            noiseChannels: ChannelList.numbers(noiseChannels, flag: "--noise-channels") ?? [0], levels: rings.levels,
            range: rings.levelRange, subject: "key", as: .invalidSetting)
    }
}

import Files
import Foundation
import Images
import InputErrors
import Marks
import TensorFiles
import Tensors

/// Makes images from prompts, marked with a key or plain, as files.
public struct GenerationRun {
    /// What to make.
    public struct Request: Sendable {
        /// In order.
        public var prompts: [String]
        /// Images for each prompt.
        public var count: Int
        /// Seed of the first image's noise; the others have those that follow.
        public var firstSeed: UInt64
        /// A folder, or a file ending in .png where one image is made.
        public var output: String
        /// Whether initial noise and clean latent are written too.
        public var savesLatents: Bool
        /// Whether existing files may be replaced.
        public var overwrites: Bool
        /// Files that are read and must stay.
        public var inputs: [String]
        /// An .npy file of initial noise, for a single image; nil to draw noise.
        public var initialNoise: String?

        /// A request.
        public init(
            prompts: [String], count: Int, firstSeed: UInt64, output: String, savesLatents: Bool, overwrites: Bool,
            inputs: [String] = [], initialNoise: String? = nil
        ) {
            self.inputs = inputs
            self.initialNoise = initialNoise
            self.prompts = prompts
            self.count = count
            self.firstSeed = firstSeed
            self.output = output
            self.savesLatents = savesLatents
            self.overwrites = overwrites
        }
    }

    /// One image.
    public struct Job: Sendable {
        /// Where it is written.
        public let path: String
        /// What it shows.
        public let prompt: String
        /// Of its noise.
        public let seed: UInt64
    }

    /// The images, in order.
    public let jobs: [Job]
    private let request: Request
    private static let mostImages = 1_000_000

    /// Makes the output folder and checks that every file can be written, before a model is opened.
    public init(_ request: Request) throws {
        self.request = request
        let (total, isBeyond) = request.prompts.count.multipliedReportingOverflow(by: request.count)
        guard !isBeyond, total <= Self.mostImages else {
            throw InputError(
                "output", expected: "at most \(Self.mostImages) images",
                found: "\(request.count) for each of \(request.prompts.count) prompts", as: .tooLarge)
        }
        if request.initialNoise != nil, total != 1 {
            throw InputError(
                "initial noise", expected: "one prompt and one image", found: "\(total) images", as: .invalidSetting)
        }
        let prompts = request.prompts.flatMap { [String](repeating: $0, count: request.count) }
        let isFile = request.output.hasSuffix(".png")
        if isFile, prompts.count != 1 {
            throw InputError(
                "output", expected: "a folder for \(prompts.count) images", found: request.output, as: .invalidSetting)
        }
        if !isFile { try Folder.make(request.output) }
        let folder = request.output.hasSuffix("/") ? String(request.output.dropLast()) : request.output
        jobs = prompts.enumerated().map { index, prompt in
            let seed = request.firstSeed &+ UInt64(index)
            return Job(path: isFile ? request.output : "\(folder)/image-\(seed).png", prompt: prompt, seed: seed)
        }
        try OutputPaths.requireApart(jobs.flatMap(files), from: request.inputs)
        for job in jobs {
            for file in files(job) { try AtomicFile.requireWritable(file, overwrite: request.overwrites) }
        }
    }

    /// The image, and where latents are saved its noise and clean latent.
    private func files(_ job: Job) -> [String] {
        let stem = String(job.path.dropLast(4))
        return request.savesLatents ? [job.path, stem + ".z_T.npy", stem + ".z_0.npy"] : [job.path]
    }

    /// Makes one image.
    /// - Parameters:
    ///   - job: one of `jobs`.
    ///   - maker: with the model open.
    ///   - latentShape: the model's.
    ///   - key: nil for no mark.
    ///   - blend: an original whose background is to stay.
    ///   - observe: called after every step with the number of steps done.
    public func make(
        _ job: Job, by maker: ImageMaker, latentShape: LatentShape, key: (any MarkKey)?,
        blend: BackgroundBlend? = nil, observe: (Int) -> Void
    ) throws {
        var noise =
            try request.initialNoise.map { try LatentFile.read($0, shape: latentShape) }
            ?? Tensor(normal: latentShape.tensorShape(), seed: job.seed)
        try key?.embed(into: &noise)
        let latent = try maker.sample(noise, prompt: job.prompt, blend: blend, observe: observe)
        let files = files(job)
        try AtomicFile.write(
            Data(PNGEncoder.encode(maker.decode(latent))), to: files[0], overwrite: request.overwrites)
        guard request.savesLatents else { return }
        try noise.npy.write(
            to: files[1], overwrite: request.overwrites, permissions: key == nil ? 0o644 : 0o600)
        try latent.npy.write(to: files[2], overwrite: request.overwrites)
    }
}

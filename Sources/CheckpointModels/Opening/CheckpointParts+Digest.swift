import Cryptography
import Foundation
import ModelFolders

extension CheckpointParts {
    /// SHA-256 over one line for each file that is used, as `ModelDigest` has it; of a single file, its own SHA-256, or
    /// that of `sha256 TAB prediction LF` where somebody had to say what the model predicts.
    package func digest() throws -> String {
        let root = URL(fileURLWithPath: path)
        guard root.isFolder else {
            let digest = try ModelDigest(of: root.deletingLastPathComponent(), paths: [root.lastPathComponent])
            let sha256 = digest.files[0].sha256
            guard let saidPrediction else { return sha256 }
            return SHA256.hash(Array("\(sha256)\t\(saidPrediction.rawValue)\n".utf8)).hexadecimal
        }
        let networks = [autoencoder] + [denoiser].compactMap { $0 } + texts.map(\.part)
        var paths = Set(smallFiles)
        for network in networks {
            let folder = URL(fileURLWithPath: network.name)
            for url in network.files + [folder.appendingPathComponent(CheckpointPart.configurationFile)] {
                paths.insert(String(url.path.dropFirst(root.path.count).drop { $0 == "/" }))
            }
        }
        return try ModelDigest(of: root, paths: paths.sorted()).sha256
    }
}

import Foundation
import RingkeyKit

extension KeyDescription {
    /// Writes the public details of a key to stdout.
    func write(json: Bool) throws {
        if json { return try JSONLine.write(self) }
        let reachText =
            reach.map { "median p-value \(String(format: "%.0e", $0)) for a latent that is half mark, half noise" }
            ?? "none: the key was not drawn at random and has no p-value"
        let (radius, ringWidth) = (String(format: "%g", radius), String(format: "%g", ringWidth))
        let latent = latent.map(String.init).joined(separator: "x")
        let channels = channels.map(String.init).joined(separator: ",")
        try StandardOutput.write(
            lines: path,
            "  id        \(id) (\(name))",
            "  pattern   \(pattern), radius \(radius), ring width \(ringWidth)",
            "  latent    \(latent), channels \(channels)",
            "  numbers   \(dimension)",
            "  reach     \(reachText)",
            "  created   \(created)")
    }
}

import Files
import Foundation
import InputErrors
import RingkeyKit

extension KeyDescription {
    /// Writes the public details of a key to stdout.
    func write(json: Bool) throws {
        if json {
            var document = self
            document.path = RawPath(path).description
            return try JSONLine.write(document)
        }
        let reachText =
            reach.map { "median p-value \(String(format: "%.0e", $0)) for a latent that is half mark, half noise" }
            ?? "none: the key was not drawn at random and has no p-value"
        let (radius, ringWidth) = (String(format: "%g", radius), String(format: "%g", ringWidth))
        let latent = latent.map(String.init).joined(separator: "x")
        let channels = channels.map(String.init).joined(separator: ",")
        try StandardOutput.write(
            lines: Printable.name(path),
            "  id        \(id) (\(Printable.name(name)))",
            "  pattern   \(pattern), radius \(radius), ring width \(ringWidth)",
            "  latent    \(latent), channels \(channels)",
            "  numbers   \(dimension)",
            "  reach     \(reachText)",
            "  created   \(created)")
    }
}

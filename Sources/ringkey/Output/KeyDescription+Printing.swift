import Foundation
import RingkeyKit

extension KeyDescription {
    /// Prints the public details of a key.
    func print(json: Bool) throws {
        if json { return try JSONLine.print(self) }
        let reachText =
            reach.map { "median p-value \(String(format: "%.0e", $0)) for a latent that is half mark, half noise" }
            ?? "none: the key was not drawn at random and has no p-value"
        Swift.print(path)
        Swift.print("  id        \(id) (\(name))")
        Swift.print(
            "  pattern   \(pattern), radius \(String(format: "%g", radius)), ring width \(String(format: "%g", ringWidth))"
        )
        Swift.print(
            "  latent    \(latent.map(String.init).joined(separator: "x")), channels \(channels.map(String.init).joined(separator: ","))"
        )
        Swift.print("  numbers   \(dimension)")
        Swift.print("  reach     \(reachText)")
        Swift.print("  created   \(created)")
    }
}

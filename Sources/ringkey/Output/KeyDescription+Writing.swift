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
        let latent = latent.map(String.init).joined(separator: "x")
        let none = "none, for there is no exact p-value: \(reason ?? "-")"
        var lines = [
            Printable.name(path),
            "  id        \(id) (\(Printable.name(name)))",
            "  pattern   \(([pattern] + details.map(\.words)).map(Printable.text).joined(separator: ", "))",
            "  latent    \(latent)",
            "  numbers   \(dimension)",
            "  reach     \(reachText ?? none)",
        ]
        if smallestPValue > 0 {
            lines.append(String(format: "  smallest  p-value %.2g: it was drawn from so few keys", smallestPValue))
        }
        lines.append("  created   \(created)")
        try StandardOutput.write(lines: lines)
    }

    /// The median p-values of this key's mark.
    private var reachText: String? {
        guard let reach, let assumedReach, let assumedSignalToNoise else { return nil }
        return String(
            format: """
                median p-value %.0e for a latent that is half mark, half noise; %.0e at the assumed signal-to-noise ratio %g
                """,
            reach, assumedReach, assumedSignalToNoise)
    }

    /// Warns of a key whose absence means nothing at the default rate.
    func warnOfReach() {
        guard let unreachedRate, let assumedReach, let assumedSignalToNoise else { return }
        let text = String(
            format: """
                its median p-value is %.0e where its mark comes back at a signal-to-noise ratio of %g, as is assumed unless \
                ringkey calibrate --marked measures it: more than --fpr %g allows, so that verify answers undecided where \
                it finds no mark%@
                """, assumedReach, assumedSignalToNoise, unreachedRate,
            pattern == "ring" ? ". The pattern spread has more numbers, and so have more channels" : "")
        Diagnostics.warning("key \(Printable.name(name)): \(text)")
    }
}

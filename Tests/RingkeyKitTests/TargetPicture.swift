import Foundation

/// The targets of Package.swift as ARCHITECTURE.md draws them: the groups that its MARK comments make, and an arrow from each
/// target to what it depends on, unless the arrow follows from others.
struct TargetPicture {
    /// A group with the targets in it.
    struct Group {
        let title: String
        var targets: [String] = []
    }

    /// From the ground upwards.
    private(set) var groups: [Group] = []
    private var dependencies: [String: [String]] = [:]

    /// Reads a manifest. C libraries, measurements and tests are left out.
    init(manifest: String) {
        let hidden = ["C libraries", "Measurements", "Tests"]
        for part in manifest.components(separatedBy: "// MARK: - ").dropFirst() {
            let title = part.prefix { !$0.isNewline && $0 != ":" }
            if hidden.contains(where: title.hasPrefix) { continue }
            var group = Group(title: String(title))
            for target in part.matches(
                of: /\.(?:target|executableTarget)\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?/)
            {
                let name = String(target.1)
                group.targets.append(name)
                dependencies[name] = (target.2 ?? "").matches(of: /"(\w+)"/).map { String($0.1) }
            }
            if !group.targets.isEmpty { groups.append(group) }
        }
    }

    private var targets: [String] { groups.flatMap(\.targets) }

    private func shown(_ target: String) -> [String] {
        (dependencies[target] ?? []).filter { dependencies[$0] != nil }
    }

    private func reachable(_ target: String) -> Set<String> {
        shown(target).reduce(into: []) { $0.formUnion(reachable($1).union([$1])) }
    }

    /// The picture in the language of Mermaid.
    func mermaid() -> String {
        var lines = ["flowchart TD"]
        for (place, group) in groups.enumerated().reversed() {
            lines.append("    subgraph G\(place)[\"\(group.title)\"]")
            lines.append("        \(group.targets.joined(separator: "; "))")
            lines.append("    end")
        }
        for target in targets.reversed() {
            let direct = shown(target)
            let needed = direct.filter { one in !direct.contains { $0 != one && reachable($0).contains(one) } }
            if !needed.isEmpty { lines.append("    \(target) --> \(needed.joined(separator: " & "))") }
        }
        return lines.joined(separator: "\n")
    }

    /// Dependencies on a target that stands later in the manifest: arrows upwards.
    func arrowsUpwards() -> [String] {
        let places = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($1, $0) })
        return targets.enumerated().flatMap { place, target in
            shown(target).filter { (places[$0] ?? 0) >= place }.map { "\(target) --> \($0)" }
        }
    }
}

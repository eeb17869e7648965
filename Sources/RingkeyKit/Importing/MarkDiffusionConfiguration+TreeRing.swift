import Foundation
import InputErrors
import KeyDocuments
import Marks
import RingKeys

extension MarkDiffusionConfiguration {
    private struct TreeRing: Decodable {
        let seed: Double
        let channel: Double
        let pattern: String
        let radius: Double
        let constant: Double?

        enum CodingKeys: String, CodingKey {
            case seed = "w_seed"
            case channel = "w_channel"
            case pattern = "w_pattern"
            case radius = "w_radius"
            case constant = "w_pattern_const"
        }
    }

    /// `TR`: the same draw as the Tree-Ring package's.
    func treeRing(_ context: ImportContext) throws -> any MarkKey {
        let members = try members(TreeRing.self)
        guard let pattern = KeyGeometry.Pattern(rawValue: "tree-ring/\(members.pattern)") else {
            throw InputError(
                "\(path): w_pattern", expected: "ring, rand, zeros or const", found: members.pattern,
                as: .keyDocument)
        }
        return try TreeRingSeed(
            seed: seed(members.seed, "w_seed"), device: context.device, precision: context.precision,
            latentShape: context.latentShape, pattern: pattern, channel: whole(members.channel, "w_channel"),
            radius: whole(members.radius, "w_radius"), constant: members.constant ?? 0
        ).key(name: context.name)
    }

    /// A whole number of a member.
    func whole(_ number: Double, _ member: String) throws -> Int {
        guard let whole = Int(exactly: number) else {
            throw InputError("\(path): \(member)", expected: "a whole number", found: "\(number)", as: .keyDocument)
        }
        return whole
    }

    /// A seed.
    func seed(_ number: Double, _ member: String) throws -> UInt64 {
        guard let seed = UInt64(exactly: number), number < 0x1p53 else {
            throw InputError(
                "\(path): \(member)", expected: "a whole number from 0 to 2^53", found: "\(number)",
                as: .keyDocument)
        }
        return seed
    }
}

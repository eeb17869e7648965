import Attacks
import Foundation
import Images
import InputErrors
import Pictures
import RandomNumbers
import RingkeyKit
import TestSupport
import Testing

/// Attacks, their spellings, and the files of a study.
@Suite struct AttackTests {
    private func picture(_ seed: UInt64, width: Int = 21, height: Int = 13) -> RGBImage {
        var generator = RandomNumbers.SeededGenerator(seed: seed)
        return RGBImage(
            width: width, height: height,
            pixels: (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    }

    /// Two marked and two clean images in a folder.
    private func study(
        _ folder: TemporaryFolder, attacks: String, seed: UInt64 = 1, clean: [String] = ["a.png", "b.png"]
    ) throws -> AttackStudy {
        for kind in ["marked", "clean"] {
            try FileManager.default.createDirectory(atPath: folder.path(kind), withIntermediateDirectories: true)
            for (index, name) in ["a.png", "b.png"].enumerated() {
                let image = picture(UInt64(index) + (kind == "clean" ? 10 : 0))
                try folder.write("\(kind)/\(name)", Data(PNGEncoder.encode(image)))
            }
        }
        return try AttackStudy(
            folder: folder.url.path, marked: ["a.png", "b.png"].map { folder.path("marked/\($0)") },
            clean: clean.map { folder.path("clean/\($0)") }, attacks: Attack.list(parsing: attacks), seed: seed)
    }

    @Test func attacksAreDistortionsOneAfterTheOther() throws {
        let attack = try Attack(parsing: "resize:50+jpeg:75")
        #expect(attack.description == "resize:50+jpeg:75")
        #expect(attack.folderName == "resize-50+jpeg-75")
        let image = picture(1)
        var generator = RandomNumbers.SeededGenerator(seed: 7)
        let half = try Distortion(.resize, strength: 50).apply(to: image, using: &generator)
        let both = try Distortion(.jpeg, strength: 75).apply(to: half, using: &generator)
        #expect(try attack.apply(to: image, seed: 7) == both)
        #expect(try Attack(parsing: "jpeg:75+resize:50").apply(to: image, seed: 7) != both)
    }

    @Test func listsHaveSetsAndEachAttackOnce() throws {
        let paper = try Attack.list(parsing: "paper")
        #expect(
            paper.map(\.description)
                == ["none", "rotation:75", "jpeg:25", "crop:75", "blur:4", "blur:8", "noise:0.1", "brightness:6"])
        let more = try Attack.list(parsing: "paper,jpeg:50,jpeg:25,none")
        #expect(more.map(\.description) == paper.map(\.description) + ["jpeg:50"])
        for set in AttackSet.allCases {
            #expect(try Attack.list(parsing: set.rawValue).map(\.description) == set.spellings)
        }
    }

    @Test(arguments: ["", "paper,", "papers", "jpeg+", "+jpeg", "jpeg:0", "none,,flip", "paper+flip"])
    func otherListsAreRefused(_ text: String) {
        #expect(refusalCode { try Attack.list(parsing: text) } == .invalidSetting)
    }

    @Test func aStudyWritesWhatIsMissingAndKeepsTheRest() throws {
        let folder = try TemporaryFolder()
        let study = try study(folder, attacks: "none,noise:0.1,flip")
        #expect(study.items.count == 12)
        #expect(study.items.prefix(4).allSatisfy { $0.path == $0.source })
        var seen: [Int] = []
        let made = try study.makeImages { seen.append($0) }
        #expect(made.count == 8)
        #expect(seen == Array(1...12))

        let flipped = study.items[8]
        #expect(flipped.path == folder.path("attacked/flip/marked/a.png"))
        #expect(try ImageFile.read(flipped.path) == flipped.attack.apply(to: picture(0), seed: 0))

        let noisy = study.items[5].path
        let before = try Data(contentsOf: URL(fileURLWithPath: noisy))
        try FileManager.default.removeItem(atPath: noisy)
        #expect(try study.makeImages { _ in }.count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: noisy)) == before)
        #expect(try study.makeImages { _ in }.count == 0)
    }

    /// What is random in an attacked image depends on the seed, the attack and the image, and on nothing else.
    @Test func moreImagesAndAttacksChangeNothing() throws {
        let (small, large, other) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        _ = try study(small, attacks: "noise:0.1", clean: ["b.png"]).makeImages { _ in }
        _ = try study(large, attacks: "paper").makeImages { _ in }
        _ = try study(other, attacks: "noise:0.1", seed: 2).makeImages { _ in }
        func bytes(_ folder: TemporaryFolder, _ kind: String) throws -> Data {
            try Data(contentsOf: URL(fileURLWithPath: folder.path("attacked/noise-0.1/\(kind)/b.png")))
        }
        #expect(try bytes(small, "clean") == bytes(large, "clean"))
        #expect(try bytes(small, "clean") != bytes(other, "clean"))
        #expect(try bytes(small, "marked") != bytes(small, "clean"))
    }

    @Test func labelsSayKindAndAttack() throws {
        let study = try AttackStudy(
            folder: "out", marked: ["in/a,b.jpg"], clean: ["in/c \"d\".png"],
            attacks: Attack.list(parsing: "none,blur:4"), seed: 1)
        #expect(
            study.labels() == """
                path,label,group
                "in/a,b.jpg",watermarked,none
                "in/c ""d"".png",clean,none
                "out/attacked/blur-4/marked/a,b.jpg.png",watermarked,blur:4
                "out/attacked/blur-4/clean/c ""d"".png",clean,blur:4

                """)
    }

    /// Marked images become forgeries; only marks are averaged; too few images are refused before one is made.
    @Test func forgeriesHaveALabelOfTheirOwn() throws {
        let folder = try TemporaryFolder()
        let study = try study(folder, attacks: "none,average:1")
        let averaged = study.items.filter { $0.attack.crowd > 0 }
        #expect(averaged.count == 2 && averaged.allSatisfy { $0.isForged && $0.isMarked })
        #expect(study.labels().components(separatedBy: ",forged,average:1").count == 3)
        #expect(try study.makeImages { _ in }.count == 2)
        let first = try ImageFile.read(averaged[0].path)
        #expect(first.width == 21 && first != picture(0) && first != picture(10))
        #expect(refusalCode { try self.study(folder, attacks: "average:2") } == .invalidSetting)
        let copied = try AttackStudy(
            folder: "out", marked: ["a.png"], clean: ["b.png"], attacks: Attack.list(parsing: "copy+jpeg:75"), seed: 1)
        #expect(copied.items.map(\.isForged) == [true, false])
        #expect(refusalCode { try copied.makeImages { _ in } } != nil)
    }

    @Test func namesThatMeetAreRefused() {
        let code = refusalCode {
            try AttackStudy(folder: "out", marked: ["a/x.png", "b/x.png"], clean: [], attacks: [], seed: 1)
        }
        #expect(code == .invalidSetting)
    }

    /// FNV-1a of "1/a" by the definition of Fowler, Noll and Vo, worked out apart from this code.
    @Test func seedsAreHashesOfTheirNames() {
        #expect(DerivedSeed.seed(1, "a") == 0x4580F01818318638)
        #expect(DerivedSeed.seed(1, "b") != DerivedSeed.seed(2, "b"))
    }
}

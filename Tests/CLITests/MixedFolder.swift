import Files
import Foundation
import Images
import Pictures
import TestSupport
import Verdicts

/// A folder of 500 files of every kind that turns up in practice, and the class that each has to get.
final class MixedFolder {
    /// What becomes of a file: judged, an error, or passed over.
    enum Expectation: Hashable {
        case judged
        case failed(AuditFailure.Code)
        case skipped
    }

    let root: String
    /// By the name below the root.
    private(set) var expected: [RawPath: Expectation] = [:]
    /// Why a kind of file could not be made here.
    private(set) var leftOut: [String] = []

    private let samples: [Data]

    /// Makes the files under `root`.
    init(in root: String) throws {
        self.root = root
        samples = try (1...8).flatMap { i in
            try ["clean", "marked"].map { kind in
                try Data(
                    contentsOf: Fixtures.repository.appendingPathComponent("samples/images/\(kind)-\(i).png"))
            }
        }
        try FileManager.default.createDirectory(atPath: root + "/deep/er/folder.png", withIntermediateDirectories: true)
        try makeImages()
        try makeTornFiles()
        try makeOtherFiles()
        try makeSpecialFiles()
        try makeLinks()
    }

    private func path(_ name: [UInt8]) -> RawPath { RawPath(bytes: Array((root + "/").utf8) + name) }

    private func put(_ name: String, _ data: Data, _ expectation: Expectation) throws {
        try data.write(to: URL(fileURLWithPath: root + "/" + name))
        expected[RawPath(name)] = expectation
    }

    private func makeImages() throws {
        for i in 0..<120 { try put("good-\(i).png", samples[i % 16], .judged) }
        for i in 0..<20 { try put("deep/er/folder.png/blob\(i)", samples[i % 16], .judged) }
        for i in 0..<10 { try put("wrong-name-\(i).txt", samples[i], .judged) }
        let jpeg = try Data(
            contentsOf: Fixtures.repository.appendingPathComponent("samples/images/hard/marked-jpeg75.jpg"))
        for i in 0..<10 { try put("good-\(i).JPG", jpeg, .judged) }
        // 24 megapixels, 72 MB decoded.
        let large = Data(
            try PNGEncoder.encode(
                RGBImage(width: 6000, height: 4000, pixels: [UInt8](repeating: 90, count: 72_000_000))))
        for i in 0..<8 { try put("large-\(i).png", large, .judged) }
        for i in 0..<20 {
            // Latin-1: no UTF-8.
            let name = Array("caf".utf8) + [0xE9, 0xFF, UInt8(0x80 + i)] + Array(".png".utf8)
            let content = samples[i % 16]
            let descriptor = path(name).withCString { open($0, O_WRONLY | O_CREAT, 0o644) }
            let count = content.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            guard count == content.count else {
                leftOut.append("names that are not UTF-8")
                return
            }
            expected[RawPath(bytes: name)] = .judged
        }
    }

    private func makeTornFiles() throws {
        for i in 0..<40 { try put("torn-\(i).png", samples[i % 16].prefix(50 + 300 * i), .failed(.damaged)) }
        for (i, format) in ["jpg", "webp"].enumerated() {
            let torn = try Data(contentsOf: Fixtures.url("CLI/truncated.\(format)"))
            for j in 0..<10 { try put("torn-\(i)-\(j).\(format)", torn, .failed(.damaged)) }
        }
        var lie = samples[0]
        lie.replaceSubrange(16..<24, with: [0, 0, 1, 0, 0, 0, 1, 0])
        for i in 0..<10 { try put("lie-\(i).png", lie, .failed(.damaged)) }
        let huge = try Data(contentsOf: Fixtures.url("CLI/huge-header.png"))
        for i in 0..<30 { try put("huge-\(i).png", huge, .failed(.tooLarge)) }
        for i in 0..<40 { try put("empty-\(i).png", Data(), .failed(.empty)) }
    }

    private func makeOtherFiles() throws {
        for i in 0..<50 { try put("text-\(i).png", Data("hello \(i)\n".utf8), .failed(.notAnImage)) }
        for i in 0..<10 { try put("animal-\(i).gif", Data("GIF89a\u{1}".utf8), .failed(.damaged)) }
        for i in 0..<10 { try put("scan-\(i).jpg", Data("%PDF-1.4".utf8), .failed(.unsupported)) }
        for i in 0..<20 { try put("notes-\(i).txt", Data("hello \(i)\n".utf8), .skipped) }
        for i in 0..<5 { try put("empty-\(i).log", Data(), .skipped) }
        for i in 0..<15 {
            try put("secret-\(i).png", samples[i], .failed(.notReadable))
            chmod(root + "/secret-\(i).png", 0)
        }
    }

    private func makeSpecialFiles() throws {
        for i in 0..<20 {
            mkfifo(root + "/pipe-\(i).png", 0o666)
            expected[RawPath("pipe-\(i).png")] = .failed(.notAFile)
        }
        mkfifo(root + "/pipe", 0o666)
        expected[RawPath("pipe")] = .skipped
        for i in 0..<10 {
            // /dev/zero; where devices may not be made, a link to it.
            let name = "device-\(i).png"
            if mknod(root + "/" + name, S_IFCHR | 0o666, dev_t(1 << 8 | 5)) != 0 {
                symlink("/dev/zero", root + "/" + name)
            }
            expected[RawPath(name)] = .failed(.notAFile)
        }
        for i in 0..<5 {
            let name = "s-\(i).png"
            guard makeSocket(root + "/" + name) else {
                leftOut.append("sockets")
                return
            }
            expected[RawPath(name)] = .failed(.notAFile)
        }
    }

    private func makeSocket(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private func makeLinks() throws {
        for i in 0..<10 {
            symlink("nowhere-\(i)", root + "/broken-\(i).png")
            symlink("loop-\(i).png", root + "/loop-\(i).png")
            symlink("good-\(i).png", root + "/link-\(i).png")
            expected[RawPath("broken-\(i).png")] = .failed(.missing)
            expected[RawPath("loop-\(i).png")] = .failed(.missing)
            expected[RawPath("link-\(i).png")] = .judged
        }
        // Folders that were visited already: nothing comes of them.
        for i in 0..<11 { symlink(i % 2 == 0 ? "." : "deep/er", root + "/up-\(i)") }
        symlink("../..", root + "/deep/er/round")
    }
}

import Files
import Foundation
import InputErrors
import KeyDocuments
import RingKeys
import Tensors
import TestSupport
import Testing

@Suite struct KeyFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ringkeys-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private static let valid = """
        {"format":"ringkey.key/1","id":"c1ce2c11e91b2915","name":"demo","created":"2026-01-31T12:00:00Z",\
        "pattern":"ring","radius":10,"ring_width":1,"channels":[0],"latent":[4,64,64],"phase_origin":"centre",\
        "secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}
        """

    @Test(arguments: [KeyGeometry.Pattern.ring, .spread])
    func readsWhatItWrote(pattern: KeyGeometry.Pattern) throws {
        try inFolder { folder in
            let key = RingKey(
                name: "Ä key, 2nd", created: Date(timeIntervalSince1970: 1.7e9),
                geometry: try KeyGeometry(
                    pattern: pattern, radius: 2.75, ringWidth: 1.25, channels: [2, 0],
                    latentShape: LatentShape(channels: 3, height: 9, width: 14), phaseOrigin: .corner))
            let path = folder + "/key.json"
            try key.write(to: path, overwrite: false)
            let read = try RingKey(contentsOf: path)
            #expect(read == key)
            #expect(read.numbers == key.numbers)
            #expect(read.id == key.id)

            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(!PrivateFile.isReadableByOthers(path))
            #expect(refusalCode { try key.write(to: path, overwrite: false) } == .exists)
            try key.write(to: path, overwrite: true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key.json"])
        }
    }

    @Test(arguments: [
        (0o600, true, false), (0o400, true, false), (0o640, true, true), (0o604, true, true), (0o620, false, false),
        (0o602, false, false), (0o666, false, true),
    ])
    func looksAtWhoMayTouchTheFile(mode: Int, isAccepted: Bool, isReadableByOthers: Bool) throws {
        try inFolder { folder in
            let path = folder + "/key.json"
            try Data(Self.valid.utf8).write(to: URL(fileURLWithPath: path))
            #expect(chmod(path, mode_t(mode)) == 0)
            #expect(PrivateFile.isReadableByOthers(path) == isReadableByOthers)
            if isAccepted {
                #expect(try RingKey(contentsOf: path).name == "demo")
            } else {
                let error = #expect(throws: InputError.self) { try RingKey(contentsOf: path) }
                #expect(error?.code == .keyPermissions && error?.subject == path)
            }
        }
    }

    /// Each row: what is replaced in a valid document by what, and what the message names.
    @Test(arguments: [
        ("ringkey.key/1", "ringkey.key/2", "format"), ("\"ringkey.key/1\"", "1", "format"),
        ("\"format\":\"ringkey.key/1\",", "", "format"), ("\"ring\"", "\"star\"", "pattern"),
        ("\"radius\":10", "\"radius\":31.5", "radius"), ("\"radius\":10", "\"radius\":\"10\"", "radius"),
        ("\"radius\":10", "\"radius\":null", "radius"), ("\"radius\":10", "\"radius\":1e999", "finite"),
        ("[0]", "[4]", "channels"), ("[0]", "[0.5]", "channels"), ("[0]", "[]", "channels"), ("[0]", "0", "channels"),
        ("[4,64,64]", "[4,64]", "latent"), ("[4,64,64]", "[4,64,1e18]", "latent"),
        ("\"centre\"", "\"middle\"", "phase_origin"), ("\"ring_width\":1,", "", "ring_width"),
        ("1f\"", "1\"", "secret"), ("1f\"", "1z\"", "secret"), ("\"secret\"", "\"secrets\"", "secret"),
        ("1f\"}", "1f\",\"values\":[1]}", "secret"), ("0001020304", "0001020305", "id"),
        ("\"radius\":10", "\"radius\":9", "id"), ("\"name\":\"demo\"", "\"name\":\"\"", "name"),
        ("\"name\":\"demo\"", "\"name\":\"a\\u001b[2J\"", "name"), ("2026-01-31T12:00:00Z", "yesterday", "created"),
        ("{", "[", "array's end"), ("}", "", "object's end"),
    ])
    func refuses(part: String, replacement: String, named: String) throws {
        #expect(Self.valid.contains(part))
        let text = Self.valid.replacingOccurrences(of: part, with: replacement)
        let error = #expect(throws: InputError.self) { try RingKey(data: Data(text.utf8), named: "demo.json") }
        let message = error?.description ?? ""
        #expect(error?.code == .keyDocument, "\(message)")
        #expect(message.hasPrefix("demo.json"), "\(message)")
        #expect(message.contains(named), "\(message)")
        #expect(!message.contains("\n"))
        #expect(!message.contains("0c0d0e0f"), "part of the secret in \(message)")
    }

    /// Later versions may add fields, as `calibration`; readers of this one pass them by.
    @Test func passesUnknownFieldsBy() throws {
        let text = Self.valid.replacingOccurrences(of: "{", with: "{\"calibration\":{\"images\":3},")
        #expect(try RingKey(data: Data(text.utf8), named: "demo.json").id == "c1ce2c11e91b2915")
    }

    @Test func aNameThatCannotBeReadIsNotWritten() throws {
        let key = RingKey(name: "a\nb", geometry: try NativeFixtures.key(.ring).geometry)
        #expect(refusalCode { try key.data() } == .invalidSetting)
    }

    @Test func idsDifferBySecretAndGeometryAlone() throws {
        let one = try NativeFixtures.key(.ring)
        let renamed = RingKey(
            name: "other", geometry: one.geometry, secret: try #require(Secret(hexadecimal: secretDigits(of: one))))
        #expect(renamed.id == one.id)
        let ids = [
            one.id, try NativeFixtures.key(.spread).id, try NativeFixtures.key(.ring, radius: 9).id,
            try NativeFixtures.key(.ring, channels: [1]).id, try NativeFixtures.key(.ring, phase: .corner).id,
            try NativeFixtures.key(.ring, seed: 2).id,
        ]
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.count == 16 && id.allSatisfy(\.isHexDigit)) }
    }

    private func secretDigits(of key: RingKey) throws -> String {
        let object = try JSONSerialization.jsonObject(with: key.data()) as? [String: Any]
        return try #require(object?["secret"] as? String)
    }
}

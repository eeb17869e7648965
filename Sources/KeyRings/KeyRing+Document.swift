import Files
import Foundation
import InputErrors
import KeyDocuments
import RingKeys
import Tensors

extension KeyRing {
    /// The first line.
    private struct Header: Codable {
        var format: String
        var id: String
        var name: String
        var created: String
        var radius: Double
        /// Whole numbers: as `Int`, a fraction would be reported as text that is not JSON.
        var channels: [Double]
        var pilotChannels: [Double]
        var latent: [Double]
        var secret = SecretDigits()

        enum CodingKeys: String, CodingKey {
            case format, id, name, created, radius, channels
            case pilotChannels = "pilot_channels"
            case latent, secret
        }
    }

    private struct Version: Decodable {
        var format: String
    }

    /// Reads a file that nobody but its owner can write to.
    /// - Throws: `InputError` naming the file, and the line and member that is wrong.
    public convenience init(contentsOf path: String) throws {
        let stamp = try KeyRingStamp(path)
        try self.init(data: PrivateFile.read(path, limit: Self.largestFile), named: path, stamp: stamp)
    }

    /// Reads the content of a file; `path` stands for it in errors.
    public convenience init(data: Data, named path: String) throws {
        try self.init(data: data, named: path, stamp: KeyRingStamp(length: data.count))
    }

    private convenience init(data: Data, named path: String, stamp: KeyRingStamp) throws {
        guard !data.isEmpty else {
            throw InputError(path, expected: "a key ring", found: "an empty file", as: .empty)
        }
        guard let end = data.firstIndex(of: UInt8(ascii: "\n")), end - data.startIndex < 1 << 16 else {
            throw InputError(
                path, expected: "a key ring, whose first line is its header", found: "another file, or a torn one",
                as: .keyDocument)
        }
        let head = data[..<end]
        let place = "\(path), line 1"
        guard let version = try? JSONReader.decode(Version.self, from: head, named: place, as: .keyDocument) else {
            throw InputError(
                path, expected: "a key ring, whose first line is its header", found: "another file", as: .keyDocument)
        }
        guard version.format == Self.formatName else {
            throw InputError("\(path): format", expected: Self.formatName, found: version.format, as: .keyDocument)
        }
        let header = try JSONReader.decode(Header.self, from: head, named: place, as: .keyDocument)
        try KeyDocument.requirePrintable(header.name, subject: "\(path): name", as: .keyDocument)
        guard ISO8601DateFormatter().date(from: header.created) != nil else {
            throw InputError(
                "\(path): created", expected: "a time like 2026-01-31T12:00:00Z", found: header.created,
                as: .keyDocument)
        }
        let latent = try KeyDocument.whole(header.latent, subject: "\(path): latent")
        guard latent.count == 3 else {
            throw InputError("\(path): latent", expected: "three extents", found: "\(latent)", as: .keyDocument)
        }
        let geometry = try Self.geometry(
            radius: header.radius, channels: header.channels,
            LatentShape(channels: latent[0], height: latent[1], width: latent[2]), named: path)
        let pilot = try Self.pilotChannels(header.pilotChannels, of: geometry, named: path)
        let master = try KeyDocument.secret(in: head, named: path)
        let id = Self.id(geometry, pilot, master)
        guard header.id == id else {
            throw InputError(
                "\(path): id", expected: "\(id), the fingerprint of its content", found: header.id, as: .keyDocument)
        }
        try self.init(
            path: path, name: header.name, created: header.created, geometry: geometry, pilotChannels: pilot,
            master: master, entries: try KeyRingEntries(data, from: end + 1, named: path, geometry.latentShape),
            stamp: stamp)
    }

    /// Where the numbers of a `spread` key lie.
    static func geometry(
        radius: Double, channels: [Double], _ shape: LatentShape, named path: String
    ) throws -> KeyGeometry {
        do {
            return try KeyGeometry(
                pattern: .spread, radius: radius,
                channels: KeyDocument.whole(channels, subject: "\(path): channels"), latentShape: shape, subject: path)
        } catch let error as InputError {
            throw InputError(error.subject, expected: error.expected, found: error.found, as: .keyDocument)
        }
    }

    /// A part of a geometry's channels.
    static func pilotChannels(_ numbers: [Double], of geometry: KeyGeometry, named path: String) throws -> [Int] {
        let channels = try KeyDocument.whole(numbers, subject: "\(path): pilot_channels")
        guard Set(channels).count == channels.count, channels.count < geometry.channels.count,
            channels.allSatisfy(geometry.channels.contains)
        else {
            throw InputError(
                "\(path): pilot_channels", expected: "some of the channels \(geometry.channels), each once and not all",
                found: "\(channels)", as: .keyDocument)
        }
        return channels.sorted()
    }

    /// Writes a new ring without keys, which only its owner can read.
    /// - Parameters:
    ///   - path: the file.
    ///   - name: a display name.
    ///   - geometry: of its keys, `spread`.
    ///   - pilotChannels: a part of the geometry's channels; none for a ring without a pilot.
    ///   - overwrite: whether an existing file is replaced.
    /// - Throws: `InputError`.
    public static func create(
        at path: String, name: String, geometry: KeyGeometry, pilotChannels: [Int], overwrite: Bool = false
    ) throws {
        let header = try header(
            name: name, created: Date(), geometry: geometry, pilotChannels: pilotChannels, master: .random())
        try KeyDocument.write(header, to: path, overwrite: overwrite)
    }

    /// The first line of a ring, in memory that is wiped when it is released.
    package static func header(
        name: String, created: Date, geometry: KeyGeometry, pilotChannels: [Int], master: Secret
    ) throws -> Data {
        precondition(geometry.pattern == .spread, "a key ring of \(geometry.pattern) keys")
        try KeyDocument.requirePrintable(name, subject: "key ring name", as: .invalidSetting)
        let pilot = try Self.pilotChannels(pilotChannels.map(Double.init), of: geometry, named: "key ring")
        let header = Header(
            format: formatName, id: id(geometry, pilot, master), name: name, created: KeyDocument.time(created),
            radius: geometry.radius, channels: geometry.channels.map(Double.init),
            pilotChannels: pilot.map(Double.init),
            latent: geometry.latentShape.tensorShape().dropFirst().map(Double.init))
        return try KeyRingEntries.line(KeyDocument.data(header, secrets: ["secret": master]))
    }
}

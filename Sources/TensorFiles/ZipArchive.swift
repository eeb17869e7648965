import Files
import InputErrors

/// The members of a ZIP archive that are stored without compression, as `numpy.savez` and `torch.save` write them.
struct ZipArchive {
    /// A member: where its bytes lie, and how they are stored.
    struct Member {
        let name: String
        /// 0 for stored as they are.
        let method: Int
        /// Of its local header.
        let offset: Int
        let count: Int
    }

    private static let localHeader: UInt32 = 0x0403_4B50
    private static let directoryEntry: UInt32 = 0x0201_4B50
    private static let directoryEnd: UInt32 = 0x0605_4B50
    /// Of the end of the directory, whose comment has at most 65,535 bytes.
    private static let endLength = 22

    private let source: any ByteSource
    /// In the order of the directory.
    let members: [Member]

    /// Whether these first four bytes begin an archive.
    static func begins(with bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Reads the directory.
    /// - Throws: `InputError` for an archive that is torn, or so large that its sizes need 64 bits.
    init(reading source: any ByteSource) throws {
        self.source = source
        let tailCount = min(source.count, Self.endLength + 65_535)
        let tail = try source.bytes(at: source.count - tailCount, count: tailCount)
        guard
            let end = (0...max(0, tailCount - Self.endLength)).last(where: { tail.number(at: $0) == Self.directoryEnd })
        else { throw Self.damaged(source.name, "no directory") }
        let count = Int(tail.number(at: end + 10, bytes: 2))
        let (size, start) = (Int(tail.number(at: end + 12)), Int(tail.number(at: end + 16)))
        guard start <= source.count, size <= source.count - start else {
            throw Self.damaged(source.name, "a directory beyond its end")
        }
        let directory = try source.bytes(at: start, count: size)
        var members: [Member] = []
        var place = 0
        while members.count < count {
            guard directory.number(at: place) == Self.directoryEntry else {
                throw Self.damaged(source.name, "a directory of \(members.count) files instead of \(count)")
            }
            let lengths = [28, 30, 32].map { Int(directory.number(at: place + $0, bytes: 2)) }
            let name = directory.dropFirst(place + 46).prefix(lengths[0])
            members.append(
                Member(
                    name: String(decoding: name, as: UTF8.self),
                    method: Int(directory.number(at: place + 10, bytes: 2)),
                    offset: Int(directory.number(at: place + 42)), count: Int(directory.number(at: place + 24))))
            place += 46 + lengths.reduce(0, +)
        }
        self.members = members
    }

    /// The bytes of a member that is stored as it is.
    /// - Throws: `InputError` where they do not lie in the archive.
    func content(of member: Member) throws -> MemberBytes {
        let name = "\(source.name): \(member.name)"
        guard member.offset <= source.count - 30 else { throw Self.damaged(name, "a place beyond the end") }
        let header = try source.bytes(at: member.offset, count: 30)
        let start = member.offset + 30 + Int(header.number(at: 26, bytes: 2)) + Int(header.number(at: 28, bytes: 2))
        guard header.number(at: 0) == Self.localHeader, start <= source.count, member.count <= source.count - start
        else {
            throw Self.damaged(name, "\(member.count) bytes at \(start) of \(source.count)")
        }
        return MemberBytes(name: name, count: member.count, source: source, start: start)
    }

    private static func damaged(_ name: String, _ found: String) -> InputError {
        InputError(name, expected: "a complete ZIP archive", found: found, as: .damaged)
    }

    /// A part of the archive.
    struct MemberBytes: ByteSource {
        let name: String
        let count: Int
        fileprivate let source: any ByteSource
        fileprivate let start: Int

        func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
            guard offset >= 0, offset <= count, target.count <= count - offset else {
                throw InputError(
                    name, expected: "\(target.count) bytes from byte \(offset) on", found: "\(count) bytes in all",
                    as: .damaged)
            }
            try source.read(into: target, at: start + offset)
        }
    }
}

extension [UInt8] {
    /// A little-endian number; 0 beyond the end.
    fileprivate func number(at place: Int, bytes count: Int = 4) -> UInt32 {
        guard place <= self.count - count else { return 0 }
        return self[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

import Files
import Foundation
import InputErrors

/// The names in one folder, sorted so that a walk gives paths in the order of their bytes.
struct FolderListing {
    private struct Entry {
        let start: UInt32
        let length: UInt16
        let kind: UInt8
    }

    private let names: [UInt8]
    private let entries: [Entry]

    /// How many there are.
    var count: Int { entries.count }

    /// Reads a folder.
    /// - Throws: `InputError` where it cannot be read.
    init(of path: RawPath) throws {
        func refusal(_ code: Int32) -> InputError {
            InputError(
                path.description, expected: "a folder that can be read", found: systemMessage(code), as: .notReadable)
        }
        guard let stream = path.withCString({ opendir($0) }) else { throw refusal(errno) }
        defer { closedir(stream) }
        var names: [UInt8] = []
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw refusal(errno) }
                break
            }
            // Read where it lies: the tuple that stands for the name would be copied whole.
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
            let length = strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
            let name = UnsafeBufferPointer(start: start, count: length)
            if name.elementsEqual([0x2E]) || name.elementsEqual([0x2E, 0x2E]) { continue }
            guard let place = UInt32(exactly: names.count) else {
                throw InputError(
                    path.description, expected: "a folder with fewer files", found: "names of over 4 GB", as: .noMemory)
            }
            entries.append(Entry(start: place, length: UInt16(length), kind: entry.pointee.d_type))
            names.append(contentsOf: name)
        }
        names.withUnsafeBufferPointer { names in
            entries.sort { Self.key($0, names).lexicographicallyPrecedes(Self.key($1, names)) }
        }
        self.names = names
        self.entries = entries
    }

    /// A name, and what the system says of it without being asked again: `DT_REG`, `DT_UNKNOWN`, …
    subscript(_ index: Int) -> (name: ArraySlice<UInt8>, kind: Int) {
        let entry = entries[index]
        return (names[Int(entry.start)..<Int(entry.start) + Int(entry.length)], Int(entry.kind))
    }

    /// A folder sorts by its name with a slash, as the paths of its files do.
    private static func key(_ entry: Entry, _ names: UnsafeBufferPointer<UInt8>) -> SortKey {
        let start = Int(entry.start)
        return SortKey(
            name: UnsafeBufferPointer(rebasing: names[start..<start + Int(entry.length)]),
            isFolder: Int(entry.kind) == Int(DT_DIR))
    }

    private struct SortKey: Sequence {
        let name: UnsafeBufferPointer<UInt8>
        let isFolder: Bool

        struct Iterator: IteratorProtocol {
            let key: SortKey
            var position = 0

            mutating func next() -> UInt8? {
                defer { position += 1 }
                if position < key.name.count { return key.name[position] }
                return position == key.name.count && key.isFolder ? UInt8(ascii: "/") : nil
            }
        }

        func makeIterator() -> Iterator { Iterator(key: self) }
    }
}

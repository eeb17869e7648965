import Foundation
import InputErrors

/// Memory for the content of files that hold a secret: pages of its own, kept out of swap (where the process may lock so
/// much) and out of core dumps, zeroed when nobody needs them any more.
package enum PrivateMemory {
    /// Data in such memory. Slices share it; a changed copy lies elsewhere.
    /// - Parameters:
    ///   - count: in bytes, at least 1.
    ///   - fill: writes the bytes, which are zero before.
    /// - Throws: what `fill` threw, and `InputError` where there is no memory.
    package static func data(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws -> Data {
        precondition(count > 0, "\(count) private bytes")
        let page = Int(getpagesize())
        let length = (count + page - 1) / page * page
        guard let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else {
            throw InputError("memory", expected: "\(length) bytes", found: systemMessage(errno), as: .noMemory)
        }
        mlock(start, length)
        madvise(start, length, Int32(MADV_DONTDUMP))
        // Zeroed first: pages that are given back may still be in the hands of a forked process.
        let wipe: (UnsafeMutableRawPointer, Int) -> Void = { start, _ in
            explicit_bzero(start, length)
            munmap(start, length)
        }
        do {
            try fill(UnsafeMutableRawBufferPointer(start: start, count: count))
        } catch {
            wipe(start, count)
            throw error
        }
        return Data(bytesNoCopy: start, count: count, deallocator: .custom(wipe))
    }
}

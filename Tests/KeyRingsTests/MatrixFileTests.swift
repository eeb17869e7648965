import Foundation
import InputErrors
import KeyRings
import RingKeys
import TestSupport
import Testing

/// The prepared matrix beside a ring.
@Suite struct MatrixFileTests {
    private func file(_ folder: TemporaryFolder, labels: Int = 50) throws -> String {
        let path = folder.path("r.ring")
        let geometry = try KeyGeometry(pattern: .spread, radius: 6, channels: nil, latentShape: Rings.shape)
        try KeyRing.create(at: path, name: "r", geometry: geometry, pilotChannels: [0])
        try KeyRingFile(path).derive((0..<labels).map { .init("customer \($0)") })
        return path
    }

    @Test func aMatrixIsFoundUntilTheRingChanges() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder)
        let ring = try KeyRing(contentsOf: path)
        #expect(try ring.bank()?.preparation == .inMemory)
        let bytes = try ring.prepare()
        let attributes = try FileManager.default.attributesOfItem(atPath: ring.matrixPath)
        #expect(attributes[.size] as? Int == bytes && attributes[.posixPermissions] as? Int == 0o600)
        let found = try #require(try KeyRing(contentsOf: path).bank())
        #expect(found.preparation == .found)
        let made = try ring.bankInMemory()
        #expect(found.bank.matrix.rows.elementsEqual(made.matrix.rows))
        #expect(found.bank.matrix.scales.elementsEqual(made.matrix.scales))
        #expect(found.bank.matrix.errors.elementsEqual(made.matrix.errors))
        #expect(try ring.check() == .whole)
        try KeyRingFile(path).derive([.init("new")])
        let changed = try KeyRing(contentsOf: path)
        #expect(try changed.bank()?.preparation == .inMemory)
        #expect(try changed.bank()?.bank.count == 51)
        #expect(try changed.check() == .stale)
        _ = try changed.prepare()
        #expect(try changed.check() == .whole)
    }

    /// A large ring writes its matrix by itself, the first time.
    @Test func aLargeRingIsPreparedOnce() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, labels: KeyRing.mostUnprepared + 1)
        var done = 0
        #expect(try KeyRing(contentsOf: path).bank { done = $0 }?.preparation == .written)
        #expect(done == KeyRing.mostUnprepared + 1)
        #expect(try KeyRing(contentsOf: path).bank()?.preparation == .found)
    }

    @Test func damagedMatricesAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder)
        let ring = try KeyRing(contentsOf: path)
        _ = try ring.prepare()
        let whole = try Data(contentsOf: URL(fileURLWithPath: ring.matrixPath))
        func code(_ change: (inout Data) -> Void) throws -> InputError.Code? {
            var data = whole
            change(&data)
            try data.write(to: URL(fileURLWithPath: ring.matrixPath))
            do {
                _ = try ring.bank()
                return nil
            } catch let error as InputError { return error.code }
        }
        #expect(try code { _ in } == nil)
        #expect(try code { $0 = $0.dropLast() } == .damaged)
        #expect(try code { $0 += [0] } == .damaged)
        #expect(try code { $0 = Data() } == .damaged)
        #expect(try code { $0 = $0.prefix(4000) } == .damaged)
        #expect(try code { $0[3] ^= 1 } == .damaged, "the first line")
        let count = try #require(whole.range(of: Data("\"count\":50".utf8)))
        #expect(try code { $0[count.upperBound - 1] = UInt8(ascii: "1") } == .damaged, "another number of rows")
        // A row that was changed is found by check alone: the best keys are held against their full numbers anyway.
        #expect(try code { $0[4096 + 1000] ^= 1 } == nil)
        #expect(throws: InputError.self) { try ring.check() }
        try whole.write(to: URL(fileURLWithPath: ring.matrixPath))
        chmod(ring.matrixPath, 0o666)
        #expect(throws: InputError.self) { try ring.bank() }
    }

    /// A matrix of another ring under this one's name is not taken for this one's.
    @Test func theMatrixOfAnotherRingIsStale() throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let ring = try KeyRing(contentsOf: file(folder))
        let stranger = try KeyRing(contentsOf: file(other))
        _ = try stranger.prepare()
        try FileManager.default.copyItem(atPath: stranger.matrixPath, toPath: ring.matrixPath)
        chmod(ring.matrixPath, 0o600)
        #expect(try ring.check() == .stale)
        #expect(try ring.bank()?.preparation == .inMemory)
    }
}

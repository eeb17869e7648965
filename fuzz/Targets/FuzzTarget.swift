import InputErrors

/// A reader of bytes from outside, to be fed with bytes that nobody wrote on purpose.
///
/// A reader holds if it takes its bytes or refuses them by an `InputError`. A trap, a hang, memory without bound and any
/// other error are faults; so is a broken promise of the reader, which its target checks by a `precondition`.
public struct FuzzTarget: Sendable {
    /// Names the target and its folder of seeds.
    public let name: String
    /// Folders of the tests' fixtures that are seeds too.
    public let fixtures: [String]
    private let body: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, fixtures: [String] = [], _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.fixtures = fixtures
        self.body = body
    }

    /// The folders of inputs, from the root of the repository: seeds, fixtures, and what was found.
    public var folders: [String] {
        ["fuzz/seeds/\(name)", "fuzz/found/\(name)"] + fixtures.map { "Tests/Fixtures/\($0)" }
    }

    /// Reads some bytes.
    /// - Returns: the refusal; nil where they were taken.
    /// - Throws: any error that a reader must not throw.
    public func read(_ bytes: [UInt8]) throws -> InputError? {
        do {
            try body(bytes)
            return nil
        } catch let error as InputError {
            precondition(!error.subject.isEmpty && !error.expected.isEmpty, "an empty refusal: \(error)")
            return error
        }
    }

    /// All targets.
    public static let all =
        textTargets + tensorTargets + keyTargets + modelTargets + resultTargets
        + [.image, .spellings, .preparedWeights]
}

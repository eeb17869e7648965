import Foundation
import InputErrors
import KeyDocuments
import ShadingKeys
import Tensors

extension PRCKey {
    private struct Document: Codable {
        /// Whole numbers, as the others.
        var checkWeight: Double
        var messageBits: Double
        var testBits: Double
        /// Hexadecimal digits; nil where it is not known.
        var message: String?
        var secret: SecretDigits?
        var seeds: Seeds?
        var arrays: Arrays?

        enum CodingKeys: String, CodingKey {
            case checkWeight = "check_weight"
            case messageBits = "message_bits"
            case testBits = "test_bits"
            case message, secret, seeds, arrays
        }
    }

    /// By the names of MarkDiffusion.
    private struct Seeds: Codable {
        var generator, checks, pad, testBits, order, payload, errors: Double

        enum CodingKeys: String, CodingKey {
            case generator = "gen_matrix_seed"
            case checks = "indice_seed"
            case pad = "one_time_pad_seed"
            case testBits = "test_bits_seed"
            case order = "permute_bits_seed"
            case payload = "payload_seed"
            case errors = "error_seed"
        }
    }

    private struct Arrays: Codable {
        /// Elements of the checks, check after check.
        var checks: [Double]
        /// Hexadecimal digits of bits, as the others; the generator is row-major.
        var pad: String
        var test: String
        var generator: String
    }

    /// Reads the content of a key file.
    /// - Parameters:
    ///   - data: the content.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let (header, shape, document) = try KeyDocument.decode(Document.self, from: data, named: path)
        let sizes = try KeyDocument.whole(
            [document.checkWeight, document.messageBits, document.testBits], subject: "\(path): sizes of the code")
        let geometry = try PRCGeometry(
            latentShape: shape, checkWeight: sizes[0], messageBits: sizes[1], testBits: sizes[2], subject: path,
            as: .keyDocument)
        let message = try document.message.map {
            try ShadingKey.bits($0, count: geometry.messageBits, subject: "\(path): message", as: .keyDocument)
        }
        let (source, code): (Source, PRCCode)
        switch (document.secret, document.seeds, document.arrays) {
        case (_?, nil, nil):
            let secret = try KeyDocument.secret(in: data, named: path)
            (source, code) = (.secret(secret), PRCCode(geometry, secret: secret))
        case (nil, let seeds?, nil):
            let seeds = try Self.seeds(seeds, named: path)
            try PRCSeeds.require(geometry, subject: path)
            (source, code) = (.seeds(seeds), seeds.code(geometry))
        case (nil, nil, let arrays?):
            code = try Self.code(arrays, geometry, named: path)
            source = .arrays(code)
        default:
            throw InputError(
                path, expected: "one of secret, seeds and arrays", found: "none or several", as: .keyDocument)
        }
        self.init(name: header.name, createdAt: header.created, source: source, code: code, message: message)
        try KeyDocument.require(id: identity.id, of: header, named: path)
    }

    private static func seeds(_ seeds: Seeds, named path: String) throws -> PRCSeeds {
        func seed(_ number: Double, _ member: Seeds.CodingKeys, below limit: Double) throws -> UInt64 {
            guard let seed = UInt64(exactly: number), number < limit else {
                throw InputError(
                    "\(path): \(member.rawValue)", expected: "a whole number from 0 to 2^\(limit == 0x1p32 ? 32 : 53)",
                    found: "\(number)", as: .keyDocument)
            }
            return seed
        }
        return PRCSeeds(
            generator: try seed(seeds.generator, .generator, below: 0x1p53),
            checks: UInt32(try seed(seeds.checks, .checks, below: 0x1p32)),
            pad: try seed(seeds.pad, .pad, below: 0x1p53),
            testBits: try seed(seeds.testBits, .testBits, below: 0x1p53),
            order: UInt32(try seed(seeds.order, .order, below: 0x1p32)),
            payload: try seed(seeds.payload, .payload, below: 0x1p53),
            errors: UInt32(try seed(seeds.errors, .errors, below: 0x1p32)))
    }

    private static func code(_ arrays: Arrays, _ geometry: PRCGeometry, named path: String) throws -> PRCCode {
        func bits(_ digits: String, _ count: Int, _ member: String) throws -> [UInt8] {
            try ShadingKey.bits(digits, count: count, subject: "\(path): \(member)", as: .keyDocument)
        }
        return try PRCCode(
            geometry, checks: KeyDocument.whole(arrays.checks, subject: "\(path): checks"),
            generator: bits(arrays.generator, geometry.length * geometry.dimension, "generator"),
            pad: bits(arrays.pad, geometry.length, "pad"), testBits: bits(arrays.test, geometry.testBits, "test"),
            subject: path)
    }

    /// The key file's content, in memory that is wiped when it is released.
    public func data() throws -> Data {
        try KeyDocument.requirePrintable(name, subject: "key name", as: .invalidSetting)
        func digits(_ bits: [UInt8]) -> String { BitText.digits(BitText.bytes(bits)) }
        var document = Document(
            checkWeight: Double(geometry.checkWeight), messageBits: Double(geometry.messageBits),
            testBits: Double(geometry.testBits), message: message.map(digits))
        var secret: Secret?
        switch source {
        case .secret(let own): (secret, document.secret) = (own, SecretDigits())
        case .seeds(let seeds):
            let all = seeds.all.map { Double($0) }
            document.seeds = Seeds(
                generator: all[0], checks: all[1], pad: all[2], testBits: all[3], order: all[4], payload: all[5],
                errors: all[6])
        case .arrays(let code):
            document.arrays = Arrays(
                checks: code.checks.map(Double.init), pad: digits(code.pad), test: digits(code.testBits),
                generator: digits(code.generatorBits))
        }
        return try KeyDocument.data(
            KeyDocument.Written(KeyDocument.Header(self, scheme: PRCScheme.title), document), secret: secret)
    }
}

extension PRCSeeds {
    /// - Throws: `InputError` for a code that seeds take too long to make.
    public static func require(_ geometry: PRCGeometry, subject: String) throws {
        guard geometry.length <= mostElements else {
            throw InputError(
                "\(subject): latent", expected: "at most \(mostElements) elements for a code of seeds",
                found: "\(geometry.length)", as: .keyDocument)
        }
    }
}

import Foundation
import InputErrors
import KeyDocuments
import Marks
import PRCKeys

extension MarkDiffusionConfiguration {
    private struct PRC: Decodable {
        let falsePositiveRate: Double
        let checkWeight: Double
        let message: String
        let keygen: Keygen
        let encode: Encode

        enum CodingKeys: String, CodingKey {
            case falsePositiveRate = "fpr"
            case checkWeight = "prc_t"
            case message, keygen, encode
        }

        struct Keygen: Decodable {
            let generator, checks, pad, testBits, order: Double

            enum CodingKeys: String, CodingKey {
                case generator = "gen_matrix_seed"
                case checks = "indice_seed"
                case pad = "one_time_pad_seed"
                case testBits = "test_bits_seed"
                case order = "permute_bits_seed"
            }
        }

        struct Encode: Decodable {
            let payload, errors: Double

            enum CodingKeys: String, CodingKey {
                case payload = "payload_seed"
                case errors = "error_seed"
            }
        }
    }

    /// `PRC`: everything by NumPy's generators of the file's seeds, wherever the pipeline ran.
    func pseudorandomCode(_ context: ImportContext) throws -> any MarkKey {
        let members = try members(PRC.self)
        guard members.falsePositiveRate > 0, members.falsePositiveRate <= 1 else {
            throw InputError(
                "\(path): fpr", expected: "a rate above 0, at most 1", found: "\(members.falsePositiveRate)",
                as: .keyDocument)
        }
        let geometry = try PRCGeometry(
            latentShape: context.latentShape, checkWeight: whole(members.checkWeight, "prc_t"),
            messageBits: messageBits(members.message).count,
            testBits: Int(log2(1 / members.falsePositiveRate).rounded(.up)), subject: path, as: .keyDocument)
        try PRCSeeds.require(geometry, subject: path)
        let seeds = PRCSeeds(
            generator: try seed(members.keygen.generator, "gen_matrix_seed"),
            checks: try shortSeed(members.keygen.checks, "indice_seed"),
            pad: try seed(members.keygen.pad, "one_time_pad_seed"),
            testBits: try seed(members.keygen.testBits, "test_bits_seed"),
            order: try shortSeed(members.keygen.order, "permute_bits_seed"),
            payload: try seed(members.encode.payload, "payload_seed"),
            errors: try shortSeed(members.encode.errors, "error_seed"))
        return PRCKey(
            name: context.name, geometry: geometry, seeds: seeds, message: try messageBits(members.message))
    }

    /// Eight bits a character, of which MarkDiffusion takes no others.
    private func messageBits(_ text: String) throws -> [UInt8] {
        guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value < 256 }) else {
            throw InputError(
                "\(path): message", expected: "characters of eight bits each", found: text.isEmpty ? "none" : "others",
                as: .keyDocument)
        }
        return text.unicodeScalars.flatMap { scalar in (0..<8).map { UInt8(scalar.value >> UInt32(7 - $0) & 1) } }
    }

    /// A seed of NumPy's legacy generator.
    private func shortSeed(_ number: Double, _ member: String) throws -> UInt32 {
        let seed = try seed(number, member)
        guard let seed = UInt32(exactly: seed) else {
            throw InputError(
                "\(path): \(member)", expected: "a whole number below 2^32", found: "\(seed)", as: .keyDocument)
        }
        return seed
    }
}

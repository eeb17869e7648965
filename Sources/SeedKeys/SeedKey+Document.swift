import Foundation
import InputErrors
import KeyDocuments
import RandomNumbers

extension SeedKey {
    private struct Document: Codable {
        var device: String
        /// Of a GPU. A whole number.
        var threads: Double?
        var precision: String
        /// Decimal digits: JSON's numbers have 53 bits.
        var seed: String

        enum CodingKeys: String, CodingKey {
            case device, threads
            case precision = "dtype"
            case seed
        }
    }

    /// The most threads that a launch of a GPU is taken to have.
    public static let mostThreads = 1 << 24

    /// Reads the content of a key file.
    /// - Parameters:
    ///   - data: the content.
    ///   - path: stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let (header, shape, document) = try KeyDocument.decode(Document.self, from: data, named: path)
        try KeyDocument.require(shape, subject: "\(path): latent", as: .keyDocument)
        guard let precision = TorchNumbers.Precision(rawValue: document.precision) else {
            let known = TorchNumbers.Precision.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError("\(path): dtype", expected: "one of \(known)", found: document.precision, as: .keyDocument)
        }
        guard let seed = UInt64(document.seed) else {
            throw InputError(
                "\(path): seed", expected: "decimal digits of a number below 2^64", found: "another text",
                as: .keyDocument)
        }
        let device: TorchNumbers.Device
        switch (document.device, document.threads) {
        case ("cpu", nil): device = .cpu
        case ("cuda", let threads?):
            guard let whole = try KeyDocument.whole([threads], subject: "\(path): threads").first,
                (1...Self.mostThreads).contains(whole)
            else {
                throw InputError(
                    "\(path): threads", expected: "1 to \(Self.mostThreads)", found: "\(threads)", as: .keyDocument)
            }
            device = .cuda(threads: whole)
        default:
            throw InputError(
                "\(path): device", expected: "cpu, or cuda with threads", found: document.device, as: .keyDocument)
        }
        self.init(
            name: header.name, createdAt: header.created,
            source: SeedNoise(seed: seed, device: device, precision: precision, latentShape: shape))
        try KeyDocument.require(id: identity.id, of: header, named: path)
    }

    /// The key file's content.
    public func data() throws -> Data {
        try KeyDocument.requirePrintable(name, subject: "key name", as: .invalidSetting)
        let header = KeyDocument.Header(self, scheme: SeedScheme.title)
        let document =
            switch source.device {
            case .cpu: Document(device: "cpu", precision: source.precision.rawValue, seed: "\(source.seed)")
            case .cuda(let threads):
                Document(
                    device: "cuda", threads: Double(threads), precision: source.precision.rawValue,
                    seed: "\(source.seed)")
            }
        return try KeyDocument.data(KeyDocument.Written(header, document), secret: nil)
    }
}

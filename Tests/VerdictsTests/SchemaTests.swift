import Files
import Foundation
import TestSupport
import Testing
import Verdicts

/// Documents of this version against the schemas that are published.
@Suite struct SchemaTests {
    private static let summary: AuditSummary = {
        var tally = AuditTally()
        tally.add(.judged(.watermarked))
        for code in AuditFailure.Code.allCases { tally.add(.failed(code)) }
        return AuditSummary(
            tally, complete: true, skipped: 1, already: 2, written: 3, seconds: 4.5, judgingSeconds: 4)
    }()

    private func json(_ document: some Encodable) throws -> Data { try JSONEncoder().encode(document) }

    private func value(_ document: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: json(document))
    }

    @Test func whatIsWrittenIsValid() throws {
        let stamp = FileStamp(size: 1, modified: 1_795_602_934_379_453_179)
        let name = RawPath(bytes: [0x61, 0xFF])
        for document in [
            Documents.verdict, Documents.barest, Documents.failure, Documents.header, Self.summary,
            AuditRecord(.verdict(Documents.verdict), stamp: stamp, rawPath: name),
            AuditRecord(.failure(Documents.failure), stamp: stamp, rawPath: name),
        ] as [any Encodable] {
            #expect(try PublishedSchemas.violations(json(document)) == [])
        }
    }

    /// Every code that there is has its place in the schemas.
    @Test func everyCodeIsPublished() throws {
        for code in AuditFailure.Code.allCases {
            var failure = Documents.failure
            failure.code = code
            #expect(try PublishedSchemas.violations(json(failure)) == [])
        }
        for code in Verdict.Finding.Code.allCases {
            var verdict = Documents.verdict
            verdict.findings = [.init(code: code, message: "")]
            #expect(try PublishedSchemas.violations(json(verdict)) == [])
        }
        for decision in Verdict.Decision.allCases {
            var verdict = Documents.verdict
            verdict.verdict = decision
            #expect(try PublishedSchemas.violations(json(verdict)) == [])
        }
    }

    /// Each member that a document must have is missed, and each that it does not know is found.
    @Test func membersAreNeitherMissingNorUnknown() throws {
        for (document, optional) in [
            (
                try value(Documents.verdict),
                [
                    "p_value", "log10_p", "cosine", "decoy_rank", "calibration", "looks_planned", "placement",
                ]
            ),
            (try value(Documents.failure), []), (try value(Documents.header), ["shard", "command", "folder"]),
            (try value(Self.summary), []),
        ] as [(JSONValue, [String])] {
            guard case .object(let members) = document, case .string(let format)? = members["format"] else {
                Issue.record("no document: \(document)")
                continue
            }
            let schema = try PublishedSchemas.schema(format)
            for name in members.keys where name != "format" {
                var changed = document
                changed[name] = nil
                #expect(schema.violations(changed) == (optional.contains(name) ? [] : ["$.\(name): required"]))
                changed[name] = .array([.null])
                #expect(schema.violations(changed).first?.hasPrefix("$.\(name)") == true, "\(format) \(name)")
            }
            var more = document
            more["more"] = .number(1)
            #expect(schema.violations(more) == ["$.more: not in the schema"])
            more = document
            more["format"] = .string("ringkey.other/1")
            #expect(schema.violations(more) == ["$.format: const"])
        }
    }

    @Test(
        arguments: [
            ("fpr", .number(0), "exclusiveMinimum"), ("fpr", .number(1), "exclusiveMaximum"),
            ("log10_p", .number(0.1), "maximum"), ("log10_p", .number(-100_000), "minimum"),
            ("p_value", .number(1.1), "maximum"), ("hypotheses", .number(0), "minimum"),
            ("sha256", .string("0F"), "pattern"), ("verdict", .string("maybe"), "enum"),
            ("scores", .array([]), "minItems"), ("width", .number(1.5), "type"),
        ] as [(String, JSONValue, String)])
    func figuresOutOfRangeAreFound(_ name: String, _ value: JSONValue, _ rule: String) throws {
        var document = try self.value(Documents.verdict)
        document[name] = value
        let violations = try PublishedSchemas.schema(Verdict.formatName).violations(document)
        #expect(violations == ["$.\(name): \(rule)"])
    }
}

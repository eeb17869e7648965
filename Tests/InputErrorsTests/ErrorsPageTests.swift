import Foundation
import InputErrors
import TestSupport
import Testing

/// docs/errors.md describes exactly the codes that there are.
@Suite struct ErrorsPageTests {
    /// The cells of the page's table rows that begin with a code.
    private func rows() throws -> [[String]] {
        let page = try String(
            contentsOf: Fixtures.repository.appendingPathComponent("docs/errors.md"), encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func everyCodeHasOneRow() throws {
        let listed = try rows().compactMap { $0.first?.trimmingCharacters(in: ["`"]) }
        #expect(listed == InputError.Code.allCases.map(\.rawValue))
    }

    @Test func everyRowHasMeaningAndExample() throws {
        for row in try rows() {
            #expect(row.count == 4, "\(row)")
            #expect(row.count > 2 && row[2].contains(": expected ") && row[2].contains(", found "), "\(row)")
        }
    }
}

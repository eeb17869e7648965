import InputErrors
import Testing

/// The code of the refusal that `body` ends in, nil where it ends in none. An error of another kind is an issue.
package func refusalCode(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) -> InputError.Code? {
    do {
        _ = try body()
        return nil
    } catch let error as InputError {
        return error.code
    } catch {
        Issue.record(error, "expected a refusal", sourceLocation: sourceLocation)
        return nil
    }
}

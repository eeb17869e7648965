import InputErrors
import Testing

/// The refusal that `body` ends in; an issue where it ends in none.
func refusal(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any) -> InputError? {
    do {
        _ = try body()
        Issue.record("nothing was refused", sourceLocation: sourceLocation)
    } catch let error as InputError {
        return error
    } catch {
        Issue.record(error, "expected a refusal", sourceLocation: sourceLocation)
    }
    return nil
}

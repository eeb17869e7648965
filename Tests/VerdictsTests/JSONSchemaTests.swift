import Foundation
import TestSupport
import Testing

/// The validator itself, rule by rule: what is valid passes, what is not is named by its place.
@Suite struct JSONSchemaTests {
    private func violations(_ schema: String, _ document: String, isClosed: Bool = false) throws -> [String] {
        try JSONSchema(Data(schema.utf8), isClosed: isClosed).violations(Data(document.utf8))
    }

    @Test(
        arguments: [
            (#"{"type":"integer"}"#, "3.0", "3.5", "$: type"), (#"{"type":"number"}"#, "3.5", "true", "$: type"),
            (#"{"type":"boolean"}"#, "true", "1", "$: type"), (#"{"type":"string"}"#, #""1""#, "1", "$: type"),
            (#"{"type":"array"}"#, "[]", "{}", "$: type"), (#"{"type":"object"}"#, "{}", "null", "$: type"),
            (#"{"minimum":1}"#, "1", "0.9", "$: minimum"), (#"{"maximum":1}"#, "1", "1.1", "$: maximum"),
            (#"{"exclusiveMinimum":1}"#, "1.1", "1", "$: exclusiveMinimum"),
            (#"{"exclusiveMaximum":1}"#, "0.9", "1", "$: exclusiveMaximum"),
            (#"{"enum":["a",2]}"#, "2", #""2""#, "$: enum"), (#"{"const":"a"}"#, #""a""#, #""b""#, "$: const"),
            (#"{"pattern":"^[0-9]+$"}"#, #""12""#, #""12x""#, "$: pattern"),
            (#"{"items":{"minimum":0}}"#, "[1,0]", "[1,-1]", "$[1]: minimum"),
            (#"{"minItems":2}"#, "[1,2]", "[1]", "$: minItems"), (#"{"maxItems":1}"#, "[1]", "[1,2]", "$: maxItems"),
            (#"{"required":["a"]}"#, #"{"a":null}"#, #"{"b":1}"#, "$.a: required"),
            (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":"","b":1}"#, #"{"a":1}"#, "$.a: type"),
            (#"{"properties":{"a":false}}"#, #"{"b":1}"#, #"{"a":1}"#, "$.a: nothing may stand here"),
            (
                #"{"properties":{"a":true},"additionalProperties":{"type":"string"}}"#, #"{"a":1,"b":""}"#, #"{"b":1}"#,
                "$.b: type"
            ),
            (#"{"additionalProperties":false}"#, "{}", #"{"b":1}"#, "$.b: nothing may stand here"),
            (##"{"$defs":{"x":{"minimum":2}},"items":{"$ref":"#/$defs/x"}}"##, "[2]", "[1]", "$[0]: minimum"),
            (#"{"oneOf":[{"minimum":2},{"maximum":3}]}"#, "1", "2.5", "$: oneOf, 2 fit"),
            (#"{"oneOf":[{"minimum":5},{"maximum":3}]}"#, "5", "4", "$: oneOf, 0 fit"),
            (#"{"anyOf":[{"minimum":5},{"maximum":3}]}"#, "3", "4", "$: anyOf, 0 fit"),
        ]) func rules(_ schema: String, _ good: String, _ bad: String, _ violation: String) throws
    {
        #expect(try violations(schema, good) == [])
        #expect(try violations(schema, bad) == [violation])
    }

    /// Objects that a schema leaves open are closed where the tool's own documents are checked.
    @Test func closedObjects() throws {
        let schema = #"{"type":"object","properties":{"a":{"type":"object","properties":{}}}}"#
        let document = #"{"a":{"b":1},"c":2}"#
        #expect(try violations(schema, document) == [])
        #expect(
            try Set(violations(schema, document, isClosed: true))
                == ["$.a.b: not in the schema", "$.c: not in the schema"])
    }

    @Test(
        arguments: [
            #"{"minLength":1}"#, #"{"properties":{"a":{"format":"date"}}}"#, #"{"items":{"uniqueItems":true}}"#,
            #"{"$defs":{"a":{"not":{}}}}"#, ##"{"$ref":"#/$defs/a"}"##, #"{"pattern":"("}"#, #"{"oneOf":{}}"#, "[]",
            #"{"additionalProperties":{"if":{}}}"#, #"{"anyOf":[{"dependentRequired":{}}]}"#,
        ]) func schemasThatCannotBeFollowedAreRefused(_ schema: String)
    {
        #expect(throws: JSONSchema.Unusable.self) { try violations(schema, "1") }
    }
}

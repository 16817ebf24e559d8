import CBOR
import QuotaFiles
import Testing

@Suite struct JSONDocumentTests {
    @Test func `values come back as they were written`() throws {
        let value: CBORValue = [
            "text": "a \"quoted\" line\n\ttab \u{1} \u{7F} é 🙂", "whole": .unsigned(.max),
            "below": -42, "list": [1, true, false, .null, []], "map": [:],
        ]
        let text = try JSONDocument.encode(value)
        #expect(try JSONDocument.decode(Array(text.utf8)) == value)
        #expect(try JSONDocument.encode(.negative(.max)) == "-18446744073709551616\n")
        #expect(
            try JSONDocument.decode(Array("-18446744073709551615".utf8)) == .negative(.max - 1)
        )
        #expect(try JSONDocument.encode(.bytes([0xAB, 1])) == "\"ab01\"\n")
    }

    @Test func `escapes and surrogate pairs are read`() throws {
        #expect(
            try JSONDocument.decode(Array(#""\u00e9 \uD83D\uDE42 \/\b\f\n\r\t\\""#.utf8))
                == "é 🙂 /\u{8}\u{C}\n\r\t\\"
        )
    }

    @Test func `a byte order mark is skipped`() throws {
        #expect(try JSONDocument.decode([0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == .map([]))
    }

    @Test(arguments: [
        ("", 1, 1, "$", "unexpected end of the text"),
        ("{\"a\": 1.5}", 1, 7, "$.a", "expected a whole number"),
        ("{\"a\": 1e3}", 1, 7, "$.a", "expected a whole number"),
        ("{\"a\": 01}", 1, 7, "$.a", "expected a number without leading zeros"),
        ("[1, -]", 1, 5, "$[1]", "expected a number without leading zeros"),
        ("[18446744073709551616]", 1, 2, "$[0]", "the number has more than 64 bits"),
        ("{\"a\": 1,\n \"a\": 2}", 2, 2, "$", "the name 'a' stands here twice"),
        ("{\"lines\": [{}, {\"sku\": nul}]}", 1, 24, "$.lines[1].sku", "expected a value"),
        ("{\"a\": 1,}", 1, 9, "$", "expected a name in quotes"),
        ("[1,]", 1, 4, "$[1]", "expected a value"),
        ("[1 2]", 1, 4, "$", "expected ',' or ']'"),
        ("{\"a\" 1}", 1, 6, "$", "expected ':' after a name"),
        ("{} {}", 1, 4, "$", "unexpected text after the value"),
        ("\"abc", 1, 1, "$", "the text in quotes does not end"),
        ("\"a\nb\"", 1, 3, "$", "a control character must be escaped"),
        ("\"\\x\"", 1, 2, "$", "not an escape sequence"),
        ("\"\\uD83D\"", 1, 2, "$", "not an escape sequence"),
        ("\"\\uDE42\"", 1, 2, "$", "not an escape sequence"),
        ("// no", 1, 1, "$", "expected a value"),
    ])
    func `what is wrong is named with its place`(
        text: String,
        line: Int,
        column: Int,
        path: String,
        problem: String
    ) {
        let error = #expect(throws: JSONError.self) { try JSONDocument.decode(Array(text.utf8)) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.path == path)
        #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func `text that is not UTF-8 is refused`() {
        #expect(throws: JSONError.self) { try JSONDocument.decode([0x22, 0xFF, 0x22]) }
    }

    @Test func `nesting is bounded`() throws {
        let depth = JSONDocument.depthMax
        let nested = { (count: Int) in
            Array(String(repeating: "[", count: count).utf8)
                + Array(String(repeating: "]", count: count).utf8)
        }
        _ = try JSONDocument.decode(nested(depth))
        let error = #expect(throws: JSONError.self) { try JSONDocument.decode(nested(depth + 1)) }
        #expect(error?.problem == "nested deeper than \(depth) levels")
        #expect(throws: JSONError.self) { try JSONDocument.decode(nested(1_000_000)) }
    }

    @Test func `what JSON cannot say is refused with its path`() {
        let error = #expect(throws: JSONError.self) {
            try JSONDocument.encode(["a": [1, .tagged(18, .null)]])
        }
        #expect(error?.path == "$.a[1]")
        #expect(throws: JSONError.self) {
            try JSONDocument.encode(.map([CBORMapEntry(key: 1, value: 2)]))
        }
    }
}

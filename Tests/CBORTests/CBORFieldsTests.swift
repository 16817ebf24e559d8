import CBOR
import Testing

struct CBORFieldsTests {
    static let claim: CBORValue = .textMap([
        "lines": [
            .textMap(["sku": "A", "quantity": 2]), .textMap(["sku": "B", "quantity": 0]),
            .textMap(["sku": 7, "quantity": 1]),
        ],
        "parent": .textMap(["id": "p"]),
        "digest": .bytes([UInt8](repeating: 1, count: 32)),
        "final": true,
    ])

    @Test func `fields are read by name and nothing may be left`() throws {
        var fields = try CBORFields(Self.claim)
        #expect(try fields.boolean("final"))
        #expect(try fields.bytes("digest", count: 32).count == 32)
        var parent = try fields.fields("parent")
        #expect(try parent.text("id", maxLength: 1) == "p")
        try parent.finish()
        #expect(throws: CBORFieldError(path: "$.lines", problem: "unknown field")) {
            try fields.finish()
        }
        #expect(try fields.array("lines", maxCount: 3).count == 3)
        try fields.finish()
        #expect(fields.optional("absent") == nil)
        #expect(try fields.optionalText("absent", maxLength: 1) == nil)
        #expect(try fields.optionalArray("absent", maxCount: 1).isEmpty)
        #expect(try fields.optionalFields("absent") == nil)
    }

    @Test func `an error names the path down to the field`() throws {
        var fields = try CBORFields(Self.claim, path: "$.body")
        let items = try fields.array("lines", maxCount: 3)
        var line = try items[2].fields()
        #expect(throws: CBORFieldError(path: "$.body.lines[2].sku", problem: "expected text")) {
            try line.text("sku", maxLength: 5)
        }
        #expect(throws: CBORFieldError(path: "$.body.lines[2].unit", problem: "missing")) {
            try line.required("unit")
        }
    }

    @Test func `only maps with text keys have fields`() {
        #expect(throws: CBORFieldError(path: "$", problem: "expected a map")) {
            try CBORFields([1])
        }
        #expect(throws: CBORFieldError(path: "$", problem: "expected text keys only")) {
            try CBORFields([1: 2])
        }
    }

    @Test func `an unknown name is quoted short and harmless`() throws {
        let long = String(repeating: "\u{1B}[31mx", count: 100)
        let fields = try CBORFields(.textMap(["\(long)": 1]))
        do {
            try fields.finish()
            Issue.record("accepted")
        } catch {
            #expect(error.path.utf8.count < 60)
            #expect(error.path.utf8.allSatisfy { $0 >= 0x20 })
        }
    }

    @Test func `bounds hold at the limit and one past it`() throws {
        func item(_ value: CBORValue) -> CBORItem { CBORItem(value) }
        #expect(try item("abc").text(maxLength: 3) == "abc")
        #expect(throws: CBORFieldError.self) { try item("abcd").text(maxLength: 3) }
        #expect(throws: CBORFieldError.self) { try item("").text(maxLength: 3) }
        #expect(try item("").text(minLength: 0, maxLength: 3) == "")
        #expect(throws: CBORFieldError.self) { try item("a\n").text(maxLength: 3) }
        #expect(try item(9).unsigned(max: 9) == 9)
        #expect(throws: CBORFieldError.self) { try item(10).unsigned(max: 9) }
        #expect(throws: CBORFieldError.self) { try item(-1).unsigned() }
        #expect(try item(-1).integer() == -1)
        #expect(throws: CBORFieldError.self) { try item(.unsigned(.max)).integer() }
        #expect(try item(.bytes([1, 2])).bytes(count: 2) == [1, 2])
        #expect(throws: CBORFieldError.self) { try item(.bytes([1])).bytes(count: 2) }
        #expect(try item(.bytes([1, 2])).bytes(maxCount: 2) == [1, 2])
        #expect(throws: CBORFieldError.self) { try item(.bytes([1, 2, 3])).bytes(maxCount: 2) }
        #expect(try item([1, 2]).array(maxCount: 2).count == 2)
        #expect(throws: CBORFieldError.self) { try item([1, 2, 3]).array(maxCount: 2) }
        #expect(throws: CBORFieldError.self) { try item([1]).array(count: 2) }
        #expect(throws: CBORFieldError.self) { try item(1).boolean() }
        #expect(item(.null).isNull)
    }
}

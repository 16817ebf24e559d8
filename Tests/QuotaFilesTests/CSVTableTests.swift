import QuotaFiles
import Reporting
import Testing

@Suite struct CSVTableTests {
    private func table(_ text: String) throws -> CSVTable {
        try CSVTable(Array(text.utf8), required: ["sku", "quantity"], optional: ["note"])
    }

    private func problems(_ text: String) -> [String] {
        let error = #expect(throws: CSVTableError.self) { try table(text) }
        return error?.problems.map(\.description) ?? []
    }

    @Test func `cells are found by column, rows by the number a spreadsheet shows`() throws {
        let table = try table(
            "quantity,sku,note\r\n1, h100-sxm ,\"a, \"\"b\"\"\"\r\n\r\n2,b200,\r\n"
        )
        #expect(table.rows.map(\.number) == [2, 4])
        #expect(table.rows.map { $0["sku"] } == ["h100-sxm", "b200"])
        #expect(table.rows.map { $0["quantity"] } == ["1", "2"])
        #expect(table.rows.map { $0["note"] } == ["a, \"b\"", ""])
        #expect(table.rows[0]["absent"] == "")
    }

    @Test(arguments: ["\n", "\r\n", ""])
    func `the last row may end or not`(end: String) throws {
        let table = try table("\u{FEFF}sku,quantity\nl4,7" + end)
        #expect(table.columns == ["sku", "quantity"])
        #expect(table.rows.map { $0["quantity"] } == ["7"])
    }

    @Test func `every problem of the form is reported`() {
        #expect(problems("") == ["row 1: the file is empty"])
        #expect(
            problems("sku,sku,colour\n") == [
                "row 1, column 'sku': the column is there twice",
                "row 1, column 'colour': unknown column; the columns are sku, quantity, note",
                "row 1, column 'quantity': the column is missing",
            ]
        )
        #expect(
            problems("sku,quantity\nl4\nl4,1,2\nl4,1\n") == [
                "row 2: expected 2 cells, found 1", "row 3: expected 2 cells, found 3",
            ]
        )
        #expect(
            problems("sku,quantity\nl4,\"a\u{1}b\"\n") == [
                "row 2, column 'quantity': control characters are not allowed"
            ]
        )
    }

    @Test func `broken quotes are found`() {
        #expect(problems("sku,quantity\nl4,1\nl4,\"2\nl4,3\n") == ["row 3: a quote does not end"])
        #expect(
            problems("sku,quantity\nl4,\"1\"x\"2\"\n") == [
                "row 2: a quote stands inside a cell that is not quoted as a whole"
            ]
        )
    }

    @Test func `text that is not UTF-8 is refused`() {
        #expect(throws: CSVTableError.self) { try CSVTable([0x61, 0xFF], required: ["a"]) }
    }

    @Test func `a written table is read as it was`() throws {
        let rows = [["h100-sxm", "1", "a \"b\", c"], ["l4", "2", ""]]
        let text = CSVText.table(columns: ["sku", "quantity", "note"], rows: rows)
        #expect(text == "sku,quantity,note\nh100-sxm,1,\"a \"\"b\"\", c\"\nl4,2,\n")
        let table = try table(text)
        #expect(table.rows.map { [$0["sku"], $0["quantity"], $0["note"]] } == rows)
    }
}

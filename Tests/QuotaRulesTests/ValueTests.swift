import CBOR
import QuotaRules
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        ("2024-02-29", true), ("2023-02-29", false), ("2000-02-29", true), ("1900-02-29", false),
        ("2025-13-01", false), ("2025-00-01", false), ("2025-04-31", false), ("2025-4-1", false),
        ("2025-04-01 ", false), ("2025/04/01", false), ("0000-01-01", false),
        ("9999-12-31", true), ("0001-01-01", true), ("+025-01-01", false), ("", false),
    ])
    func `a date is a day of the calendar`(text: String, exists: Bool) {
        let date = CalendarDate(text)
        #expect((date != nil) == exists)
        #expect(date.map(\.description) ?? text == text)
    }

    @Test func `days are counted across months, leap days and centuries`() throws {
        let first = try #require(CalendarDate("2025-12-30"))
        #expect(first.adding(days: 30)?.description == "2026-01-29")
        #expect(CalendarDate("2024-02-28")?.adding(days: 1)?.description == "2024-02-29")
        #expect(CalendarDate("2025-02-28")?.adding(days: 1)?.description == "2025-03-01")
        #expect(CalendarDate("9999-12-31")?.adding(days: 1) == nil)
        #expect(first.adding(days: .max) == nil)
        #expect(CalendarDate(posixSeconds: 0)?.description == "1970-01-01")
        #expect(CalendarDate(posixSeconds: 1_709_251_199)?.description == "2024-02-29")
        #expect(CalendarDate(posixSeconds: 1_709_251_200)?.description == "2024-03-01")
        #expect(CalendarDate(posixSeconds: .max) == nil)
        var day = try #require(CalendarDate("1890-01-01"))
        let end = try #require(CalendarDate("2110-01-01"))
        var count = 0
        while day < end, let next = day.adding(days: 1) {
            if next <= day { Issue.record("\(next) after \(day)") }
            day = next
            count += 1
        }
        // 220 years, 53 of them leap years.
        #expect(count == 220 * 365 + 53)
        #expect(CalendarDate("0001-01-01")?.adding(days: 3_652_058)?.description == "9999-12-31")
    }

    @Test func `quarters begin in January, April, July and October`() {
        let quarters = (1...12).compactMap { CalendarDate(year: 2026, month: $0, day: 1)?.quarter }
        #expect(quarters == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
    }

    @Test(
        arguments: [
            ("0", 0), ("0.1", 1), ("20919.2", 209_192), ("15832", 158_320), ("15832.0", nil),
            ("01", nil), ("", nil), (".5", nil), ("5.", nil), ("1.25", nil), ("-1", nil),
            ("1,000", nil),
            ("1844674407370955161.5", UInt64.max), ("1844674407370955161.6", nil), ("1.2.3", nil),
            ("٣", nil),
        ] as [(String, UInt64?)]
    )
    func `TPP has one spelling`(text: String, tenths: UInt64?) {
        let value = Tpp(text)
        #expect(value?.tenths == tenths)
        if let value { #expect(value.text == text) }
    }

    @Test func `TPP is shown with separators and its arithmetic is checked`() {
        #expect(Tpp(tenths: 7_900_000_000).description == "790,000,000")
        #expect(Tpp(tenths: 209_192).description == "20,919.2")
        #expect(Tpp(tenths: 9_990).description == "999")
        #expect(Tpp(tenths: .max).adding(Tpp(tenths: 1)) == nil)
        #expect(Tpp(tenths: 1).subtracting(Tpp(tenths: 2)) == nil)
        #expect(Tpp(tenths: .max).multiplied(by: 2) == nil)
        #expect(Tpp(tenths: 158_320).multiplied(by: 1_699)?.tenths == 268_985_680)
        #expect(QuotaUnit.units.description(of: 1_234_567) == "1,234,567 units")
        #expect(QuotaUnit.tpp.amount("3200000") == 32_000_000)
        #expect(QuotaUnit.units.amount("1.5") == nil)
    }

    @Test func `accounts sort by limit, subject, period`() {
        let keys = [
            AccountKey(limit: "a", subject: ["x"], period: "2025"),
            AccountKey(limit: "a", subject: ["x"], period: "2026"),
            AccountKey(limit: "a", subject: ["x", "y"], period: "2025"),
            AccountKey(limit: "b", subject: [], period: "2025"),
        ]
        #expect(keys.reversed().sorted() == keys)
    }

    @Test func `a small policy comes back as it was read`() throws {
        let document = Fixtures.document(limits: [Fixtures.limit()])
        #expect(try Policy.decode(document).encoded.encoded() == document.encoded())
        let catalogue = Fixtures.catalogueDocument
        #expect(try ChipCatalogue.decode(catalogue).encoded.encoded() == catalogue.encoded())
    }

    @Test func `a catalogue that contradicts itself is refused with the place`() throws {
        func refused(_ items: [CBORValue]) -> String? {
            let error = #expect(throws: CBORFieldError.self) {
                try ChipCatalogue.decode([
                    "format": 1, "id": "i", "version": 1, "title": "t", "source": "s",
                    "items": .array(items),
                ])
            }
            return error?.path
        }
        let ten = Fixtures.item("ten", tpp: "10")
        #expect(refused([ten, ten]) == "$.items[1].sku")
        #expect(refused([]) == "$.items")
        #expect(refused([Fixtures.item("x", tpp: "10.55")]) == "$.items[0].tpp")
        #expect(refused([Fixtures.item("x", tpp: "1", [("dieArea", "0")])]) == "$.items[0].dieArea")
        #expect(refused([Fixtures.item("a b", tpp: "1")]) == "$.items[0].sku")
        let rack: CBORValue = [
            "sku": "rack", "name": "r", "designer": "d", "source": "s",
            "contents": ["sku": "ten", "count": 8],
        ]
        #expect(refused([rack, ten]) == "$.items[0].contents.sku")
    }
}

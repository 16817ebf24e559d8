import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import TestSupport
import Testing

@testable import Reporting

/// The reports on one small ledger, row by row.
struct ReportTests {
    /// A section of a report as its text shows it, without the head of the report.
    private func section(
        _ id: String,
        _ kind: ReportKind,
        _ change: (inout ReportQuery) -> Void = { _ in }
    ) throws -> String {
        var query = ReportQuery(kind)
        change(&query)
        let report = try #require(try SmallHistory.sample().book.report(query))
        return try #require(report.sections.first { $0.id == id }).text
    }

    @Test func `a party statement adds up over a quarter`() throws {
        let text = try section("movements", .party) {
            $0.country = "KE"
            $0.period = ReportPeriod("2026-Q1") ?? .all
        }
        #expect(
            text == """
                Accounts: opening + added - given back = closing
                  subject  limit    period     basis  opening    added  given back  closing  unit
                  KE       country  2025-2027  flow         0  940,000     300,000  640,000  TPP
                  country: Country allocation; flow, counted when licensed; given back on cancellation. [Test 4]

                """
        )
        let later = try section("movements", .party) {
            $0.country = "KE"
            $0.period = ReportPeriod("2026-04") ?? .all
        }
        #expect(later.contains("flow   640,000  20,000           0  660,000  TPP"))
    }

    @Test func `a party statement shows cap, room, status and the leaf of the last change`() throws
    {
        let text = try section("standing", .party)
        let used = "1,000,000    660,000  340,000  66.00 %  TPP   open    -"
        #expect(text.contains("KE       country      2025-2027  flow   \(used)"))
        #expect(text.contains("100,000     95,000    5,000  95.00 %  TPP   near    -"))
        #expect(text.contains("as of leaf\n"))
    }

    @Test func `chip types leave cancelled units out of the sums and show them`() throws {
        #expect(
            try section("chips", .chips) { $0.country = "KE" } == """
                Claims that count, by destination and chip type
                  country  chip    TPP each  figures   claims  units  chips      TPP
                  KE       chip-a     1,000  designer       1    640    640  640,000
                  KE       chip-b        50  designer       1    400    400   20,000

                """
        )
    }

    @Test func `concentration ranks ultimate parents and shows their share at home`() throws {
        #expect(
            try section("parents", .concentration) == """
                Ultimate parents of recipients, worldwide
                  parent  headquarters  claims  units  chips      TPP   of all   at home
                  grp     KE                 2  1,040  1,040  660,000  77.92 %  100.00 %
                  lab-my  MY                 1     95     95   95,000  11.21 %  100.00 %
                  lab-nl  NL                 1     92     92   92,000  10.86 %  100.00 %

                """
        )
    }

    @Test func `licences are listed by exporter, route and country`() throws {
        let text = try section("authorisations", .licences) { $0.exporter = "chipco" }
        #expect(text.contains("chipco    LICENSE  -          KE            1    640"))
        #expect(!text.contains("us-bis"))
    }

    @Test func `a roll-forward carries each closing over to the next opening`() throws {
        let months = try section("periods", .rollForward) { $0.country = "KE" }
        #expect(months.contains("2026-03        0  940,000     300,000  640,000"))
        #expect(months.contains("2026-04  640,000   20,000           0  660,000"))
        let quarters = try section("periods", .rollForward) {
            $0.country = "KE"
            $0.step = .quarter
        }
        #expect(quarters.contains("2026-Q1        0  940,000     300,000  640,000"))
        #expect(quarters.contains("2026-Q2  640,000   20,000           0  660,000"))
    }

    @Test func `exceptions name accounts from nine tenths of their cap`() throws {
        let text = try section("accounts", .exceptions)
        #expect(text.contains("lab-my   parent-year  2026    flow   near"))
        #expect(!text.contains("KE"))
    }

    @Test func `two companies of one country just below one cap are a hit`() throws {
        var history = try SmallHistory.sample()
        let fixture = history.fixture
        try history.add([try fixture.organisation("two-my", in: "MY")], at: "2026-04-02")
        try history.add(
            [try fixture.claim("c-6", to: "two-my", in: "MY", quantity: 99, route: "LPP")],
            at: "2026-04-03"
        )
        let report = try #require(history.book.report(ReportQuery(.exceptions)))
        let section = try #require(report.sections.first { $0.id == "structuring" })
        #expect(section.text.contains("MY       parent-year  2026            2  lab-my two-my"))
    }

    @Test func `governance names who signed the start and who proposed`() throws {
        let text = try section("acts", .governance)
        #expect(text.contains("us-bis  ae-mofa chipco nl-cdiu  4 founders"))
        #expect(text.contains("in KE, parent grp"))
        #expect(try section("members", .governance).contains("us-bis   government  US"))
    }

    @Test func `countries outside every group are shown as such`() throws {
        let text = try section("members", .group)
        #expect(text.contains("none   KE       -     -             2  1,040"))
    }

    @Test(arguments: ReportKind.allCases)
    func `two replays give the same bytes in every rendering`(kind: ReportKind) throws {
        let first = try #require(try SmallHistory.sample().book.report(ReportQuery(kind)))
        let second = try #require(try SmallHistory.sample().book.report(ReportQuery(kind)))
        #expect(first.text == second.text)
        #expect(first.json == second.json)
        #expect(first.csv == second.csv)
        #expect(first.json.contains("\"size\": 16"))
    }

    @Test func `an empty book gives no report`() {
        #expect(LedgerBook().report(ReportQuery(.party)) == nil)
    }

    @Test(arguments: UInt64(0)..<8)
    func `months of a random history add up to what the accounts hold`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var history = try SmallHistory.sample()
        let fixture = history.fixture
        for round in 0..<12 {
            let id = "r-\(round)"
            let month = 5 + round / 2
            let day = "2026-\(month < 10 ? "0" : "")\(month)-0\(1 + round % 2)"
            let claim = try fixture.claim(
                id,
                to: "lab-ke",
                in: "KE",
                sku: "chip-b",
                quantity: UInt64.random(in: 1...200, using: &random),
                at: try SmallHistory.time(day)
            )
            try history.add([claim], at: day)
            if Bool.random(using: &random) { try history.add([try fixture.cancel(id)], at: day) }
        }
        let book = history.book
        let state = try #require(book.state)
        for account in state.accounts {
            let months = try #require(book.accounts[account.key]).months
            #expect(months.last?.closing == account.total.consumed)
            for (earlier, later) in zip(months, months.dropFirst()) {
                #expect(earlier.closing == later.opening && earlier.month < later.month)
            }
        }
    }
}

struct ReportPeriodTests {
    @Test func `a period is read from its name, and from nothing else`() {
        for name in ["all", "2026", "2026-Q1", "2026-Q4", "2026-01", "2026-12"] {
            #expect(ReportPeriod(name)?.name == name)
        }
        for text in ["", "26", "2026-Q0", "2026-Q5", "2026-13", "2026-1", "2026-01-01", "x"] {
            #expect(ReportPeriod(text) == nil, "\(text)")
        }
    }

    @Test func `periods that hold a month are named as they are read`() {
        let month = 2026 * 12 + 11
        #expect(ReportPeriod(holding: month, step: .month) == ReportPeriod("2026-12"))
        #expect(ReportPeriod(holding: month, step: .quarter) == ReportPeriod("2026-Q4"))
        #expect(ReportPeriod(holding: month, step: .year) == ReportPeriod("2026"))
        #expect(ReportPeriod(holding: month, step: .cumulative) == .all)
    }
}

import Ledger
import LedgerFixture
import QuotaRules
import Testing

@testable import Reporting

/// The reports on a ledger on which more happened than claims.
struct EventfulReportTests {
    private func report(
        _ kind: ReportKind,
        _ change: (inout ReportQuery) -> Void = { _ in }
    ) throws -> ReportDocument {
        var query = ReportQuery(kind)
        change(&query)
        return try #require(try EventfulHistory.sample().book.report(query))
    }

    /// The rows of a section as its text shows them, each with its columns one space apart.
    private func rows(_ id: String, of report: ReportDocument) throws -> [String] {
        let section = try #require(report.sections.first { $0.id == id })
        return section.rows.map { $0.map(\.words).joined(separator: " | ") }
    }

    @Test func `a party statement shows where everything stands, in TPP and in chips`() throws {
        let report = try report(.party) { $0.country = "KE" }
        let buckets = try rows("buckets", of: report)
        let name = "KE | country | 2025-2027 | flow"
        #expect(
            buckets == [
                "\(name) | TPP | 800,000 | 50,000 | 50,000 | 171,000 | 4,000 | 7,000 | 5,000 | 10,000"
                    + " | 3,000 | 0 | 20,000 | 20,000 | 1,100,000",
                "\(name) | chips | 800 | 50 | 50 | 171 | 4 | 7 | 5 | 10 | 3 | 0 | 20 | 20 | 1,100",
            ]
        )
        #expect(
            try rows("standing", of: report).map { $0.split(separator: "|").dropFirst(4).prefix(7) }
                .map { $0.joined(separator: "|") } == [
                    " 1,000,000 | 1,100,000 | 0 | 110.00 % | TPP | over | 1 "
                ]
        )
        #expect(try rows("evidence", of: report) == ["KE | 171 | 141 | 0 | 30 | 0 | 0 | 17.54 %"])
    }

    @Test func `movements and the roll-forward hold what was added and given back`() throws {
        let name = "KE | country | 2025-2027 | flow"
        let months = try rows("periods", of: try report(.rollForward) { $0.country = "KE" })
        #expect(
            months.map { $0.split(separator: "|").prefix(10).joined(separator: "|") } == [
                "\(name) | 2026-03 | 0 | 300,000 | 0 | 300,000 | TPP ",
                "\(name) | 2026-04 | 300,000 | 20,000 | 20,000 | 300,000 | TPP ",
                "\(name) | 2026-06 | 300,000 | 800,000 | 0 | 1,100,000 | TPP ",
            ]
        )
    }

    @Test func `a licence shows authorised, drawn, in transit, delivered, remaining, days left`()
        throws
    {
        let licences = try rows("licences", of: try report(.licences))
        #expect(
            licences == [
                "chipco | c-1 | KE | D123 | 100 | 100 | 0 | 66 | 0 | - | -",
                "chipco | c-2 | KE | D123 | 200 | 150 | 50 | 85 | 50 | 2026-12-31 | 184",
                "chipco | t-1 | KE | - | 20 | 20 | 0 | 20 | 0 | - | -",
            ]
        )
    }

    @Test func `exceptions name every thing that somebody must look at`() throws {
        let report = try report(.exceptions)
        #expect(
            try rows("claims", of: report) == [
                "chipco | c-1 | KE | shipper-receiver difference | 4 | - | -",
                "chipco | c-2 | KE | delivery overdue | 50 | 2026-03-05 | 117",
                "chipco | c-2 | KE | lost | 5 | - | -",
                "chipco | c-2 | KE | disputed | 7 | - | -",
            ]
        )
        #expect(
            try rows("overrides", of: report) == [
                "KE | country | 2025-2027 | flow | 1 | 1,000,000 | 1,100,000 | TPP"
            ]
        )
        let accounts = try rows("accounts", of: report)
        #expect(accounts.contains { $0.hasPrefix("KE | country | 2025-2027 | flow | over |") })
        #expect(accounts.contains { $0.hasPrefix("lab-my | parent-year | 2026 | flow | near |") })
    }

    @Test func `a checkpoint that came late is named with its block and proposer`() throws {
        let late = try rows("late", of: try report(.exceptions) { $0.period = .all })
        // Every statement of the fixture was signed on New Year's day, and came to the log later.
        #expect(late.count == (try EventfulHistory.sample().steps.count) - 1)
        #expect(
            late.first
                == "1 | 8 | 2026-03-01T00:00:00Z | 2026-01-01T00:00:00Z | 5,097,600 | us-bis"
        )
        var query = ReportQuery(.exceptions)
        query.period = ReportPeriod("2026-05") ?? .all
        let none = try #require(try EventfulHistory.sample().book.report(query))
        #expect(try rows("late", of: none).isEmpty)
        var punctual = try SmallHistory()
        try punctual.add(
            [try punctual.fixture.organisation("lab-ke", in: "KE")],
            at: "2026-01-01"
        )
        let report = try #require(punctual.book.report(ReportQuery(.exceptions)))
        #expect(try rows("late", of: report).isEmpty)
    }

    @Test func `companies at one address are seen together`() throws {
        let report = try report(.concentration)
        #expect(
            try rows("sites", of: report) == [
                "KE | hall-1 hall-2 | lab-ke | 2 | lab-ke uni-ke | 2 | 3 | 287 | 287 | 287,000"
            ]
        )
        #expect(try rows("siteStructuring", of: report).isEmpty)
    }

    @Test func `companies at one address that pass a cap together are a hit`() throws {
        var history = try EventfulHistory.sample()
        let fixture = history.fixture
        let claims = try [("lab-ke", "hall-1", 60), ("uni-ke", "hall-2", 50)].enumerated().map {
            place,
            item in
            let body = try fixture.claimBody(
                to: item.0,
                in: "KE",
                quantity: UInt64(item.2),
                route: "LPP"
            )
            return try fixture.statement(
                .claim(
                    ClaimBody(
                        authority: body.authority,
                        destination: body.destination,
                        parties: body.parties,
                        lines: body.lines,
                        exported: body.exported,
                        facility: item.1
                    )
                ),
                id: "h-\(place)"
            )
        }
        try history.add(claims, at: "2026-07-01")
        for kind in [ReportKind.concentration, .exceptions] {
            let report = try #require(history.book.report(ReportQuery(kind)))
            #expect(
                try rows("siteStructuring", of: report) == [
                    "KE | hall-1 hall-2 | parent-year | 2026 | 2 | 0 | grp uni-ke | 110,000 | 100,000"
                        + " | TPP"
                ]
            )
        }
    }

    @Test func `chip types, exporters, parents and groups add up to the same units`() throws {
        let chips = try rows("chips", of: try report(.chips))
        // c-1: 66 + 4; t-1: 20; c-2: all but the 3 retired; c-9: 800.
        #expect(
            chips == [
                "KE | chip-a | 1,000 | designer | 4 | 1,087 | 1,087 | 1,087,000",
                "MY | chip-a | 1,000 | designer | 0 | 0 | 0 | 0",
            ]
        )
        let exporters = try rows("exporters", of: try report(.licences))
        #expect(exporters.first?.hasPrefix("chipco | 4 | 1,087 | 1,087 | 1,087,000 |") == true)
        let parents = try rows("parents", of: try report(.concentration))
        #expect(
            parents == [
                "grp | KE | 2 | 870 | 870 | 870,000 | 80.03 % | 100.00 %",
                "uni-ke | KE | 2 | 217 | 217 | 217,000 | 19.96 % | 100.00 %",
                "lab-my | MY | 0 | 0 | 0 | 0 | 0.00 % | -",
            ]
        )
        let members = try rows("members", of: try report(.group))
        #expect(members.contains("none | KE | - | - | 4 | 1,087 | 1,087 | 1,087,000"))
    }

    @Test func `governance names the override, who voted on it, and what is sealed`() throws {
        let report = try report(.governance)
        let proposals = try rows("proposals", of: report)
        #expect(proposals.count == 1)
        #expect(proposals.first?.contains("| ov | us-bis | override | passed |") == true)
        #expect(proposals.first?.hasSuffix("| us-bis nl-cdiu | -") == true)
        #expect(try rows("sealed", of: report) == ["chipco | serials | 2"])
        #expect(
            try rows("disclosures", of: report) == [
                "chipco | serials | 3 | 2", "chipco | site | 1 | 1", "us-bis | serials | 1 | 1",
            ]
        )
        let march = try self.report(.governance) { $0.period = ReportPeriod("2026-03") ?? .all }
        #expect(try rows("disclosures", of: march).isEmpty)
    }

    @Test func `what stands in buckets less what was given back is what is committed`() throws {
        let state = try #require(try EventfulHistory.sample().steps.last?.after)
        for account in state.accounts {
            let total = account.total
            #expect(total.amounts.sum - total.released == total.consumed)
            #expect(total.chips.sum - total.releasedChips == total.consumedChips)
        }
    }

    @Test(arguments: ReportKind.allCases)
    func `the leaves alone give the same bytes again`(kind: ReportKind) throws {
        let history = try EventfulHistory.sample()
        var copy = LedgerBook()
        var state: LedgerState?
        for step in history.steps {
            guard let before = state else {
                let (genesis, block) = try LedgerState.genesis(history.fixture.genesis.bytes)
                copy.append(block, after: genesis)
                state = genesis
                continue
            }
            let block = try Block.decode(step.block.encoded())
            let after = try before.verify(block, keepsJournal: true)
            copy.append(block, after: after)
            state = after
        }
        let first = try #require(history.book.report(ReportQuery(kind)))
        let second = try #require(copy.report(ReportQuery(kind)))
        #expect(first.text == second.text)
        #expect(first.json == second.json)
        #expect(first.csv == second.csv)
    }

    @Test(arguments: ReportKind.allCases)
    func `every number says its unit and its checkpoint, every account its basis`(
        kind: ReportKind
    ) throws {
        let report = try report(kind)
        #expect(report.place.size == (try EventfulHistory.sample().steps.last?.after.size))
        for line in report.csv.split(separator: "\n") where !line.hasPrefix("report,") {
            #expect(line.hasPrefix("\(kind.rawValue),\(report.place.size),"), "\(line)")
        }
        for section in report.sections {
            let names = section.columns.map(\.id)
            let isOfAccounts = names.contains("limit") && names.contains("subject")
            #expect(!isOfAccounts || names.contains("basis") || section.id == "grants")
            for cell in section.rows.joined() {
                switch cell {
                case .amount(_, let unit), .difference(_, let unit): #expect(cell.unit == unit.word)
                case .share: #expect(cell.words.hasSuffix(" %"))
                case .none, .text, .count: continue
                }
            }
        }
    }
}

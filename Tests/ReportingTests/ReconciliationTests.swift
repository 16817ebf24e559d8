import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

@testable import Reporting

/// Two books of one ledger, and of two that went apart.
struct ReconciliationTests {
    private func compare(_ left: LedgerBook, _ right: LedgerBook) -> Reconciliation {
        Reconciliation(.init(name: "a", book: left), .init(name: "b", book: right))
    }

    @Test func `books of the same blocks are identical`() throws {
        let reconciliation = compare(
            try SmallHistory.sample().book,
            try SmallHistory.sample().book
        )
        #expect(reconciliation.isEqual)
        let report = try #require(reconciliation.report)
        #expect(report.notes == ["Identical: one root, 3 accounts, 5 blocks, 16 leaves."])
    }

    @Test func `a fork shows in totals, the first block and the first leaf`() throws {
        var left = try SmallHistory.sample()
        var right = try SmallHistory.sample()
        let fixture = left.fixture
        try left.add(
            [try fixture.claim("x", to: "lab-ke", in: "KE", quantity: 1)],
            at: "2026-04-02"
        )
        try right.add(
            [try fixture.claim("x", to: "lab-ke", in: "KE", quantity: 2)],
            at: "2026-04-02"
        )
        let reconciliation = compare(left.book, right.book)
        #expect(!reconciliation.isEqual)
        let report = try #require(reconciliation.report)
        #expect(report.sections[0].text.contains("661,000  662,000      +1,000  TPP"))
        #expect(report.sections[1].rows[0].prefix(2) == [.count(5), .count(16)])
    }

    @Test func `an empty book gives no report`() throws {
        #expect(compare(LedgerBook(), try SmallHistory.sample().book).report == nil)
    }
}

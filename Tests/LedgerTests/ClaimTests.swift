import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// What claims do to accounts.
struct ClaimTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        let organisations = [
            try fixture.organisation("uni-ke", in: "KE"),
            try fixture.organisation(
                "arm-my",
                in: "MY",
                parent: .init(id: "group-ae", headquarters: "AE")
            ),
            try fixture.organisation(
                "arm-sg",
                in: "SG",
                parent: .init(id: "group-ae", headquarters: "AE")
            ),
            try fixture.organisation(
                "shell-sg",
                in: "SG",
                parent: .init(id: "group-cn", headquarters: "CN")
            ),
        ]
        base = try fixture.state(after: organisations, on: try fixture.state())
    }

    private func consumed(_ state: LedgerState, _ limit: String, _ subject: String) -> UInt64? {
        state.accounts.first { $0.key.limit == limit && $0.key.subject == [subject] }?
            .total.consumed
    }

    @Test func `an admitted claim is posted to its account in tenths of a TPP`() throws {
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 10)
        let build = fixture.build([claim], on: base)
        let state = try #require(build.result).state
        #expect(build.refused.isEmpty)
        #expect(consumed(state, "country", "KE") == 10 * FixtureRules.chipA * 10)
        let record = try #require(state.claim(issuer: "chipco", id: "c-1"))
        #expect(record.state == .reserved)
        #expect(record.leafHash == claim.leafHash)
        #expect(record.index == base.size)
        #expect(record.postings.map(record.consumed) == [100_000])
        #expect(record.postings.map(\.perUnit) == [[10_000]])
        let total = try #require(state.accounts.first?.total)
        #expect(total.amounts == BucketValues(100_000, in: .reserved))
        #expect(total.chips == BucketValues(10, in: .reserved))
    }

    @Test func `a claim may fill a cap exactly, and one more piece is refused`() throws {
        let fits = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1_000)
        let full = try fixture.state(after: [fits], on: base)
        let next = try fixture.claim("c-2", to: "uni-ke", in: "KE", quantity: 1)
        guard case .refuse(let refusal) = full.admit(next, time: LedgerFixture.start) else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.code == .limitExceeded)
        #expect(refusal.largestQuantity == 0)
        #expect(refusal.judgedAt == full.size)
        let limit = try #require(refusal.decision?.limits.first)
        #expect(limit.before == 10_000_000)
        #expect(limit.room == 0)
        #expect(limit.cap == 10_000_000)
    }

    @Test func `the claims of two exporters meet in the account of the ultimate parent`() throws {
        let first = try fixture.claim(
            "c-1",
            to: "arm-my",
            in: "MY",
            quantity: 60,
            route: "LPP"
        )
        let state = try fixture.state(after: [first], on: base)
        let second = try fixture.claim(
            "c-1",
            to: "arm-sg",
            in: "SG",
            quantity: 41,
            route: "LPP",
            by: fixture.government
        )
        guard case .refuse(let refusal) = state.admit(second, time: LedgerFixture.start) else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.code == .limitExceeded)
        #expect(refusal.largestQuantity == 40)
        #expect(refusal.citation != nil)
    }

    @Test func `a parent in a closed country closes the route`() throws {
        let claim = try fixture.claim("c-1", to: "shell-sg", in: "SG", quantity: 1)
        guard case .refuse(let refusal) = base.admit(claim, time: LedgerFixture.start) else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.code == .ruleRefused)
        #expect(refusal.problemDetails[.integer(-1)] == .text("Rejected"))
        #expect(refusal.problemDetails[.text("code")] == .text("rule-refused"))
        #expect(refusal.problemDetails[.text("judgedAt")] == .unsigned(base.size))
    }

    @Test func `an unknown organisation or item is named by its path`() throws {
        let nobody = try fixture.claim("c-1", to: "nobody", in: "KE", quantity: 1)
        let nothing = try fixture.claim("c-2", to: "uni-ke", in: "KE", sku: "chip-z", quantity: 1)
        let build = fixture.build([nobody, nothing], on: base)
        #expect(build.result == nil)
        let refusals = Dictionary(
            uniqueKeysWithValues: build.refused.map { ($0.statement.leafHash, $0.refusal) }
        )
        #expect(refusals[nobody.leafHash]?.code == .unknownOrganisation)
        #expect(refusals[nobody.leafHash]?.path == "$.payload.parties[0].organisation")
        #expect(refusals[nothing.leafHash]?.code == .unknownSKU)
        #expect(refusals[nothing.leafHash]?.path == "$.payload.lines[0].sku")
    }
}

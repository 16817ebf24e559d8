import CBOR
import LedgerFixture
import QuotaRules
import Testing

@testable import Reporting

/// What changes from one policy to another, and what a policy says.
struct PolicyComparisonTests {
    private func policy(_ id: String = "test-policy", cap: UInt64) throws -> Policy {
        try Policy.decode(FixtureRules.policy(id: id, countryCap: cap))
    }

    @Test func `a changed cap is named by the path of its limit`() throws {
        let old = try policy(cap: 1_000_000)
        let changes = PolicyComparison(old, try policy("next", cap: 500_000)).changes
        #expect(changes.map(\.path).sorted() == ["$.id", "$.limits[country].cap"])
        let cap = try #require(changes.first { $0.path.hasSuffix(".cap") })
        #expect(cap.old == "\"1000000\"" && cap.new == "\"500000\"")
        #expect(PolicyComparison(old, old).changes.isEmpty)
        #expect(PolicyComparison(old, old).section.text.contains("say the same"))
    }

    @Test func `a summary lists limits with cap and basis, and warns of what is odd`() throws {
        let catalogue = try ChipCatalogue.decode(FixtureRules.catalogue)
        let summary = PolicySummary(try policy(cap: 7), catalogue: catalogue)
        #expect(summary.title.contains("in force"))
        #expect(summary.text.contains("country      destination                flow"))
        #expect(summary.warnings.isEmpty)
    }
}

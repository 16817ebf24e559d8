import Ledger
import LedgerFixture
import Testing
import Transparency
import Verifier

struct StateEntryTests {
    let ledger: SmallLedger
    let policy: TrustPolicy

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
    }

    private func verified(_ key: String...) throws -> VerifiedStateEntry {
        let file = Array(try ledger.entry(key).text.utf8)
        return try UnverifiedStateEntry(file).verify(policy)
    }

    @Test func `a claim that was never made is proven absent`() throws {
        let entry = try verified("claim", "chipco", "c-99")
        try entry.checkAbsent()
        #expect(entry.key.description == "the claim 'c-99' of chipco")
        #expect(entry.key.parts == ["claim", "chipco", "c-99"])
        #expect(entry.checkpoint.checkpoint.size == ledger.last.size)
    }

    @Test func `a claim that was made is not`() throws {
        let entry = try verified("claim", "chipco", "c-1")
        let codes = failureCodes { () throws(VerificationFailure) in try entry.checkAbsent() }
        #expect(codes == [.notAbsent])
    }

    @Test func `any other key has a name too`() throws {
        #expect(try verified("member", "nobody").key.description == "the member 'nobody'")
        let account = try verified("account", "country", "FR", "2025-2027").key
        #expect(account.description == "the account of FR under limit 'country', period 2025-2027")
    }

    @Test func `no changed byte of a proof of absence passes with the same key`() throws {
        let proof = try ledger.entry(["claim", "chipco", "c-99"])
        let extra = try #require(proof.extra)
        everyTampering(extra) { changed, place in
            let file = TlogProof(
                extra: changed,
                index: proof.index,
                path: proof.path,
                note: proof.note
            )
            let entry = try? UnverifiedStateEntry(Array(file.text.utf8)).verify(policy)
            #expect(entry == nil || entry?.key.parts != ["claim", "chipco", "c-99"], "\(place)")
        }
    }
}

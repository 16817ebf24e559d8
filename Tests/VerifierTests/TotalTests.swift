import CBOR
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency
import Verifier

struct TotalTests {
    static let kenya = (limit: "country", subject: "KE", period: "2025-2027")

    let ledger: SmallLedger
    let policy: TrustPolicy

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
    }

    private func codes(_ proof: TlogProof) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in
            _ = try UnverifiedTotal(Array(proof.text.utf8)).verify(policy)
        }
    }

    @Test func `country KE consumed 8,000 of 1,000,000 TPP at the last checkpoint`() throws {
        let proof = try ledger.total(Self.kenya)
        let verified = try UnverifiedTotal(Array(proof.text.utf8)).verify(policy)
        #expect(verified.account.country == "KE")
        #expect(verified.account.limit == "country")
        #expect(verified.account.period == "2025-2027")
        // c-1 and c-4: 3 + 5 chips of 1,000 TPP, in tenths.
        #expect(verified.amount?.consumed == 80_000)
        #expect(verified.amount?.cap == 10_000_000)
        #expect(verified.amount?.unit == "tpp")
        #expect(verified.amount?.asOf == (try ledger.claimIndex("c-4")))
        #expect(verified.checkpoint.checkpoint == ledger.checkpoint(3))
        #expect(verified.checkpoint.witnesses.count == 4)
        #expect(verified.checkpoint.quorumTime == SmallLedger.signed)
        #expect(verified.header == ledger.last.lastHeader)
    }

    @Test func `an earlier checkpoint proves the earlier total`() throws {
        let proof = try ledger.total(Self.kenya, at: 2)
        let verified = try UnverifiedTotal(Array(proof.text.utf8)).verify(policy)
        #expect(verified.amount?.consumed == 30_000)
    }

    @Test func `an account that nobody used is proven absent`() throws {
        let proof = try ledger.total(("country", "FR", "2025-2027"))
        let verified = try UnverifiedTotal(Array(proof.text.utf8)).verify(policy)
        #expect(verified.amount == nil)
        #expect(verified.account.country == "FR")
    }

    @Test func `the account is compared with the one asked for`() throws {
        let account = try UnverifiedTotal(Array(ledger.total(Self.kenya).text.utf8))
            .verify(policy).account
        try account.check(country: "KE", limit: "country", period: "2025-2027")
        try account.check(country: nil, limit: nil, period: nil)
        #expect(
            failureCodes { () throws(VerificationFailure) in
                try account.check(country: "NL", limit: "country", period: "2026")
            } == [.otherAccount, .otherAccount]
        )
    }

    @Test func `too few signers are refused`() throws {
        #expect(codes(try ledger.total(Self.kenya, by: [0, 1, 2])) == [])
        #expect(codes(try ledger.total(Self.kenya, by: [0, 1])) == [.quorumNotMet])
    }

    @Test func `a header that is not the last leaf is not the state`() throws {
        // The header of block 2 with a correct inclusion proof in the tree of block 3.
        let old = try ledger.total(Self.kenya, at: 2)
        let proof = try InclusionProof(index: old.index, size: ledger.last.size, from: ledger.tree)
        let moved = TlogProof(
            extra: old.extra,
            index: old.index,
            path: proof.path,
            note: try ledger.note(ledger.checkpoint(3))
        )
        #expect(codes(moved) == [.notTheState])
    }

    @Test func `an old header under a new checkpoint is not included`() throws {
        let old = try ledger.total(Self.kenya, at: 2)
        let new = try ledger.total(Self.kenya)
        let mixed = TlogProof(extra: old.extra, index: new.index, path: new.path, note: new.note)
        #expect(codes(mixed) == [.notTheState, .notIncluded])
    }

    @Test func `a map proof of another state is refused`() throws {
        let old = try TotalProof.decode(try #require(try ledger.total(Self.kenya, at: 2).extra))
        let new = try ledger.total(Self.kenya)
        let header = try TotalProof.decode(try #require(new.extra)).header
        let mixed = TotalProof(header: header, mapProof: old.mapProof)
        #expect(
            codes(
                TlogProof(
                    extra: mixed.encoded(),
                    index: new.index,
                    path: new.path,
                    note: new.note
                )
            ) == [.mapMismatch]
        )
    }

    @Test func `an entry of the map that is not an account is refused`() throws {
        let state = ledger.last
        let key = StateKey.claim(issuer: "chipco", id: "c-1")
        let good = try ledger.total(Self.kenya)
        let proof = state.totalProof(for: key, path: good.path, note: good.note)
        #expect(codes(proof) == [.malformed])
    }

    @Test func `without extra data nothing is proven`() throws {
        let good = try ledger.total(Self.kenya)
        let bare = TlogProof(extra: nil, index: good.index, path: good.path, note: good.note)
        #expect(codes(bare) == [.malformed])
    }

    @Test(arguments: ["KE", "FR"])
    func `every changed byte is refused`(country: String) throws {
        let bytes = Array(
            try ledger.total(("country", country, "2025-2027"), by: [0, 1, 2]).text.utf8
        )
        let original = try UnverifiedTotal(bytes).verify(policy)
        everyTampering(bytes) { changed, place in
            let result = try? UnverifiedTotal(changed).verify(policy)
            guard let result else { return }
            // Only a line of a log key can become unknown: any one of them is enough. And a proof that
            // an account is absent can prove another absent account instead.
            #expect(
                result.account == original.account || result.amount == nil && country == "FR",
                "\(place)"
            )
            #expect(result.amount == original.amount, "\(place)")
            #expect(result.header == original.header, "\(place)")
            #expect(result.checkpoint.checkpoint == original.checkpoint.checkpoint, "\(place)")
            #expect(result.checkpoint.witnesses == original.checkpoint.witnesses, "\(place)")
            #expect((2...3).contains(result.checkpoint.logs.count), "\(place)")
        }
    }
}

import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing
import Transparency
import Verifier

struct DisclosureTests {
    let ledger: SmallLedger
    let policy: TrustPolicy

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
    }

    /// A claim with two private values, in the ledger, with receipts of the given validators.
    private func claim(by validators: [Int] = [0, 1, 2, 3]) throws -> (
        bytes: [UInt8], site: Opening
    ) {
        let site = Opening(salt: [UInt8](1...16), field: "site", value: "Hall 4, Nairobi")
        let licence = Opening(salt: [UInt8](17...32), field: "licence", value: "L-77")
        let plain = try ledger.fixture.claimBody(to: "lab-ke", in: "KE", quantity: 1)
        let body = ClaimBody(
            authority: plain.authority,
            destination: plain.destination,
            parties: plain.parties,
            lines: plain.lines,
            exported: plain.exported,
            evidence: plain.evidence,
            details: [site, licence].map { .init(field: $0.field, digest: $0.digest) }
        )
        var ledger = ledger
        try ledger.add([try ledger.fixture.statement(.claim(body), id: "d-1")])
        let index = ledger.last.size - 2
        return (try ledger.transparentStatement(index, by: validators).encoded(), site)
    }

    private func codes(_ bytes: [UInt8]) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in
            _ = try UnverifiedDisclosure(bytes).verify(policy)
        }
    }

    @Test func `an opened value belongs to its claim, and the others stay closed`() throws {
        let (claim, site) = try claim()
        let file = UnverifiedDisclosure.encode(claim, openings: [site])
        let verified = try UnverifiedDisclosure(file).verify(policy)
        #expect(verified.openings == [site])
        #expect(verified.closed == ["licence"])
        #expect(verified.statement.statement.identity.subject == "d-1")
        #expect(!verified.statement.statement.bytes.contains(Array("Nairobi".utf8)))
    }

    @Test func `another value, another salt, another field or another claim is refused`() throws {
        let (claim, site) = try claim()
        let other = try ledger.transparentStatement(try ledger.claimIndex("c-1")).encoded()
        for changed in [
            Opening(salt: site.salt, field: "site", value: "Hall 5, Nairobi"),
            Opening(salt: [UInt8](2...17), field: "site", value: site.value),
            Opening(salt: site.salt, field: "licence", value: site.value),
            Opening(salt: site.salt, field: "serials", value: site.value),
        ] {
            #expect(
                codes(UnverifiedDisclosure.encode(claim, openings: [site, changed])) == [
                    .notDisclosed
                ]
            )
        }
        #expect(codes(UnverifiedDisclosure.encode(other, openings: [site])) == [.notDisclosed])
        #expect(codes(UnverifiedDisclosure.encode(claim, openings: [])) == [.malformed])
    }

    @Test func `no changed byte of the file passes with exactly a quorum of receipts`() throws {
        let (claim, site) = try claim(by: [0, 1, 2])
        let file = UnverifiedDisclosure.encode(claim, openings: [site])
        for index in stride(from: 0, to: file.count, by: 3) {
            var changed = file
            changed[index] ^= 1
            #expect(!codes(changed).isEmpty, "byte \(index)")
        }
    }

    @Test func `an organisation's name hides behind a digest of the same kind`() throws {
        let lab = try #require(ledger.last.organisation("lab-ke"))
        let statement = try Statement.decode(ledger.leaves[Int(lab.index)])
        #expect(SaltedDigests(statement).names == ["name"])
        #expect(SaltedDigests(statement).list.first?.digest == lab.body.name)
    }
}

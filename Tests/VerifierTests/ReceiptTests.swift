import CBOR
import COSE
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency
import Verifier

struct ReceiptTests {
    let ledger: SmallLedger
    let policy: TrustPolicy
    let claim: UInt64

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
        claim = try ledger.claimIndex("c-1")
    }

    private func codes(
        _ statement: TransparentStatement,
        _ policy: TrustPolicy? = nil
    ) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in
            _ = try UnverifiedTransparentStatement(statement.encoded())
                .verify(policy ?? self.policy)
        }
    }

    @Test func `a claim with four receipts is proven, with its place and its signers`() throws {
        let bytes = try ledger.transparentStatement(claim).encoded()
        let verified = try UnverifiedTransparentStatement(bytes).verify(policy)
        #expect(verified.origin == LedgerFixture.origin)
        #expect(verified.statement.identity.subject == "c-1")
        #expect(verified.index == claim)
        #expect(verified.size == ledger.last.size)
        #expect(verified.root == ledger.last.tree.root)
        #expect(verified.trusted == 4)
        #expect(verified.required == 3)
        #expect(verified.ignored == 0)
        #expect(
            Set(verified.signers.map(\.name))
                == Set(ledger.fixture.founders.map { "http://\($0.id).example" })
        )
        // The newest time from which on three of four have signed.
        #expect(verified.quorumTime == SmallLedger.signed + 1)
        #expect(!verified.isIssuerChecked)
    }

    @Test func `every statement is proven at every later size of at least two leaves`() throws {
        for index in ledger.leaves.indices where ledger.leaves[index].first == 0xD2 {
            for size in max(index + 1, 2)...ledger.leaves.count {
                let statement = try ledger.transparentStatement(UInt64(index), size: UInt64(size))
                let verified = try UnverifiedTransparentStatement(statement.encoded())
                    .verify(policy)
                #expect(verified.size == UInt64(size))
            }
        }
    }

    @Test func `three of four are enough, two are not`() throws {
        #expect(codes(try ledger.transparentStatement(claim, by: [0, 2, 3])) == [])
        #expect(codes(try ledger.transparentStatement(claim, by: [0, 2])) == [.quorumNotMet])
        #expect(codes(try ledger.transparentStatement(claim, by: [])) == [.quorumNotMet])
    }

    @Test func `one signer counts once, however often it signs`() throws {
        #expect(
            codes(try ledger.transparentStatement(claim, by: [0, 0, 0, 1])) == [.quorumNotMet]
        )
    }

    @Test func `receipts by keys that nobody trusts do not count`() throws {
        let narrow = try ledger.policy(trusting: 2)
        let statement = try ledger.transparentStatement(claim, by: [0, 1, 2, 3])
        let verified = try UnverifiedTransparentStatement(statement.encoded()).verify(narrow)
        #expect(verified.trusted == 2)
        #expect(verified.signers.count == 2)
        #expect(verified.ignored == 2)
        #expect(
            codes(try ledger.transparentStatement(claim, by: [2, 3]), narrow) == [.quorumNotMet]
        )
    }

    @Test func `receipts over different trees do not add up`() throws {
        let newer = try ledger.transparentStatement(claim, by: [0, 1])
        let older = try ledger.transparentStatement(claim, size: ledger.last.size - 2, by: [2, 3])
        let mixed = TransparentStatement(
            newer.statement,
            receipts: newer.receipts + older.receipts
        )
        #expect(codes(mixed) == [.quorumNotMet])
    }

    @Test func `a receipt of another statement refuses the whole`() throws {
        let good = try ledger.transparentStatement(claim)
        let other = try ledger.transparentStatement(try ledger.claimIndex("c-2"), by: [3])
        let mixed = TransparentStatement(
            good.statement,
            receipts: good.receipts.dropLast() + other.receipts
        )
        #expect(codes(mixed) == [.claimsDiffer])
    }

    @Test func `a receipt for another ledger refuses the whole`() throws {
        let good = try ledger.transparentStatement(claim)
        let proof = try InclusionProof(index: claim, size: ledger.last.size, from: ledger.tree)
        let foreign = try ledger.receipt(good.statement, proof, origin: "other.example/x", by: 3)
        let mixed = TransparentStatement(
            good.statement,
            receipts: good.receipts.dropLast() + [foreign]
        )
        #expect(codes(mixed) == [.otherLedger])
    }

    @Test func `claims that differ from the proof refuse the whole`() throws {
        // With leaf 0, several sizes lead to one root: RFC 9942 signs the root alone.
        let good = try ledger.transparentStatement(claim)
        let key = try ledger.fixture.founders[3].seed.key(for: .log)
        let proof = try InclusionProof(index: claim, size: ledger.last.size, from: ledger.tree)
        let root = try proof.root(leaf: good.statement.leafHash)
        let claims = COSEHeader.map([
            (COSEHeader.claimIssuer, "x"), (COSEHeader.claimSubject, "c-1"),
            (COSEHeader.claimIssuedAt, 1), (COSEHeader.claimOrigin, .text(LedgerFixture.origin)),
            (COSEHeader.claimTreeSize, .unsigned(proof.size + 1)),
            (COSEHeader.claimLeafIndex, .unsigned(proof.index)),
        ])
        let inclusion = CBORValue.array([
            .unsigned(proof.size), .unsigned(proof.index),
            .array(proof.path.map { .bytes($0.bytes) }),
        ]).encoded()
        let forged = COSESign1.sign(
            protected: COSEHeader.map([
                (1, -8), (4, .bytes(COSEKey.thumbprint(key.publicKey).bytes)), (15, claims),
                (395, 1),
            ]),
            unprotected: [CBORMapEntry(396, [-1: [.bytes(inclusion)]])],
            payload: root.bytes,
            detached: true,
            with: key
        )
        let mixed = TransparentStatement(
            good.statement,
            receipts: good.receipts.dropLast() + [forged.encoded()]
        )
        #expect(codes(mixed) == [.malformed])
    }

    @Test func `all reasons are listed`() throws {
        let good = try ledger.transparentStatement(claim)
        let other = try ledger.transparentStatement(try ledger.claimIndex("c-2"), by: [2, 3])
        let mixed = TransparentStatement(
            good.statement,
            receipts: good.receipts.prefix(2) + other.receipts
        )
        #expect(codes(mixed) == [.claimsDiffer, .claimsDiffer, .quorumNotMet])
    }

    @Test func `a statement for a ledger that the policy does not list is refused`() throws {
        let key = try Ed25519.PrivateKey(seed: [UInt8](repeating: 1, count: 32))
        let log = try NoteKey(
            name: "other.example/x",
            type: .ed25519,
            publicKey: key.publicKey
        )
        let other = try TrustPolicy(
            logs: [.init(key: log)],
            witnesses: [],
            groups: [],
            quorum: nil
        )
        #expect(codes(try ledger.transparentStatement(claim), other) == [.unknownLedger])
    }

    @Test func `the issuer's own signature is checked where its key is known`() throws {
        let bytes = try ledger.transparentStatement(claim).encoded()
        let unverified = try UnverifiedTransparentStatement(bytes)
        let keys = ledger.fixture.founders.map(\.key.publicKey)
        #expect(try unverified.verify(policy, issuerKeys: keys).isIssuerChecked)
        let others = keys.filter { $0 != ledger.fixture.exporter.key.publicKey }
        #expect(try !unverified.verify(policy, issuerKeys: others).isIssuerChecked)
    }

    @Test func `old receipts are stale where freshness is asked for`() throws {
        let bytes = try ledger.transparentStatement(claim).encoded()
        let verified = try UnverifiedTransparentStatement(bytes).verify(policy)
        try verified.checkFresh(at: verified.quorumTime + 60, maxAge: 60)
        try verified.checkFresh(at: verified.quorumTime - 60, maxAge: 0)
        #expect(
            failureCodes { () throws(VerificationFailure) in
                try verified.checkFresh(at: verified.quorumTime + 61, maxAge: 60)
            } == [.stale]
        )
    }

    @Test func `with exactly a quorum, every changed byte is refused`() throws {
        let bytes = try ledger.transparentStatement(claim, by: [0, 1, 2]).encoded()
        everyTampering(bytes) { changed, place in
            #expect(throws: VerificationFailure.self, "\(place)") {
                try UnverifiedTransparentStatement(changed).verify(policy)
            }
        }
    }

    @Test func `with one more, a changed byte is refused or costs that signer's vote`() throws {
        let bytes = try ledger.transparentStatement(claim).encoded()
        let original = try UnverifiedTransparentStatement(bytes).verify(policy)
        everyTampering(bytes) { changed, place in
            let result = try? UnverifiedTransparentStatement(changed).verify(policy)
            guard let result else { return }
            #expect(result.statement == original.statement, "\(place)")
            #expect(result.root == original.root, "\(place)")
            #expect(result.signers.count == 3 && result.ignored == 1, "\(place)")
        }
    }
}

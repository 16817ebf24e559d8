import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency
import Verifier

struct ConsistencyTests {
    let ledger: SmallLedger
    let policy: TrustPolicy

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
    }

    private func unverified(
        _ older: SignedNote,
        _ newer: SignedNote,
        _ proof: ConsistencyProof?
    ) -> UnverifiedConsistency {
        UnverifiedConsistency(
            older: UnverifiedCheckpoint(older),
            newer: UnverifiedCheckpoint(newer),
            proof: proof
        )
    }

    private func codes(
        _ older: SignedNote,
        _ newer: SignedNote,
        _ proof: ConsistencyProof?
    ) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in
            _ = try unverified(older, newer, proof).verify(policy)
        }
    }

    private func proof(_ old: Int, _ new: Int) throws -> ConsistencyProof {
        try ConsistencyProof(
            oldSize: ledger.checkpoint(old).size,
            newSize: ledger.checkpoint(new).size,
            from: ledger.tree
        )
    }

    @Test func `every pair of checkpoints is proven in its order only`() throws {
        for old in 0..<4 {
            for new in 0..<4 {
                let older = try ledger.note(ledger.checkpoint(old))
                let newer = try ledger.note(ledger.checkpoint(new))
                let proof = try self.proof(min(old, new), max(old, new))
                let codes = codes(older, newer, proof)
                #expect(codes == (old <= new ? [] : [.notConsistent]), "\(old) and \(new)")
            }
        }
    }

    @Test func `without a proof only equal trees are proven`() throws {
        let note = try ledger.note(ledger.checkpoint(2))
        #expect(codes(note, note, nil) == [])
        #expect(codes(note, try ledger.note(ledger.checkpoint(3)), nil) == [.notConsistent])
    }

    @Test func `a fork names everybody who signed both`() throws {
        let honest = ledger.checkpoint(3)
        let forged = Checkpoint(origin: honest.origin, size: honest.size, root: .zero)
        let left = try ledger.note(honest, by: [0, 1, 2])
        let right = try ledger.note(forged, by: [1, 2, 3])
        do throws(VerificationFailure) {
            _ = try unverified(left, right, nil).verify(policy)
            Issue.record("accepted")
        } catch {
            #expect(error.reasons.map(\.code) == [.fork])
            let text = error.reasons[0].message
            let ids = ledger.fixture.founders.map(\.id)
            #expect(!text.contains("witness \(ids[0])"))
            #expect(text.contains("witness \(ids[1])") && text.contains("witness \(ids[2])"))
            #expect(!text.contains("witness \(ids[3])"))
            #expect(text.contains("log key"))
        }
    }

    @Test func `a newer tree that replaced a leaf is not consistent`() throws {
        var hashes = ledger.tree.leafHashes
        hashes[2] = .zero
        let forged = MemoryTree(leafHashes: hashes)
        let checkpoint = Checkpoint(
            origin: LedgerFixture.origin,
            size: forged.size,
            root: forged.root
        )
        let proof = try ConsistencyProof(
            oldSize: ledger.checkpoint(2).size,
            newSize: forged.size,
            from: forged
        )
        #expect(
            codes(try ledger.note(ledger.checkpoint(2)), try ledger.note(checkpoint), proof)
                == [.notConsistent]
        )
    }

    @Test func `the reasons of both checkpoints are listed`() throws {
        let older = try ledger.note(ledger.checkpoint(2), by: [0])
        let newer = try ledger.note(ledger.checkpoint(3), by: [0, 1])
        #expect(codes(older, newer, try proof(2, 3)) == [.quorumNotMet, .quorumNotMet])
    }

    @Test func `every changed hash of a proof is refused`() throws {
        let older = try ledger.note(ledger.checkpoint(1))
        let newer = try ledger.note(ledger.checkpoint(3))
        let good = try proof(1, 3)
        for index in good.path.indices {
            var path = good.path
            path[index] = .zero
            let bad = ConsistencyProof(oldSize: good.oldSize, newSize: good.newSize, path: path)
            #expect(codes(older, newer, bad) == [.notConsistent])
        }
        let short = ConsistencyProof(
            oldSize: good.oldSize,
            newSize: good.newSize,
            path: good.path.dropLast()
        )
        #expect(codes(older, newer, short) == [.notConsistent])
    }

    @Test func `every changed byte of a checkpoint with exactly a quorum is refused`() throws {
        let note = try ledger.note(ledger.checkpoint(3), by: [0, 1, 2])
        let original = try UnverifiedCheckpoint(note).verify(policy)
        everyTampering(note.bytes) { changed, place in
            let result = try? UnverifiedCheckpoint(changed).verify(policy)
            guard let result else { return }
            // Only a line of a log key can become unknown: any one of them is enough.
            #expect(result.checkpoint == original.checkpoint, "\(place)")
            #expect(result.witnesses == original.witnesses, "\(place)")
            #expect(result.logs.count == 2, "\(place)")
        }
    }

    @Test func `freshness is the quorum's, not the newest signer's`() throws {
        var note = try ledger.note(ledger.checkpoint(3), by: [0, 1, 2])
        note.merge(
            try ledger.note(ledger.checkpoint(3), by: [0, 3], at: SmallLedger.signed + 500)
                .signatures
        )
        let verified = try UnverifiedCheckpoint(note).verify(policy)
        #expect(verified.quorumTime == SmallLedger.signed)
        try verified.checkFresh(at: SmallLedger.signed + 10, maxAge: 10)
        #expect(
            failureCodes { () throws(VerificationFailure) in
                try verified.checkFresh(at: SmallLedger.signed + 11, maxAge: 10)
            } == [.stale]
        )
    }
}

import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency
import Verifier

struct EvidenceTests {
    let ledger: SmallLedger
    let fork: SmallLedger
    let keys: [NoteKey]

    init() throws {
        ledger = try SmallLedger()
        fork = try SmallLedger(quantity: 6, more: 3)
        let policy = try ledger.policy()
        keys = policy.logs.map(\.key) + policy.witnesses.map(\.key)
    }

    /// Two trees of one size, signed by the given validators.
    private func sameSize(by validators: [Int] = [0, 1, 2, 3]) throws -> UnverifiedEvidence {
        let left = try ledger.note(ledger.checkpoint(3), by: validators)
        let right = try fork.note(fork.checkpoint(3), by: validators)
        let signers = UnverifiedEvidence.signers(of: left, and: right, among: keys)
        return UnverifiedEvidence(keys: signers, older: left, newer: right)
    }

    /// A tree and a larger one of another history, with what shows that they differ.
    private func otherSize(by validators: [Int] = [0, 1, 2, 3]) throws -> UnverifiedEvidence {
        let (old, new) = (ledger.checkpoint(3), fork.checkpoint(6))
        let proof = try ConsistencyProof(oldSize: old.size, newSize: new.size, from: fork.tree)
        let left = try ledger.note(old, by: validators)
        let right = try fork.note(new, by: validators)
        return UnverifiedEvidence(
            keys: UnverifiedEvidence.signers(of: left, and: right, among: keys),
            older: left,
            newer: right,
            prefix: .init(root: try fork.tree.root(size: old.size), path: proof.path)
        )
    }

    private func codes(_ evidence: UnverifiedEvidence) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in _ = try evidence.verify() }
    }

    @Test func `two roots of one size convict whoever signed both`() throws {
        let evidence = try sameSize(by: [1, 2])
        let verified = try UnverifiedEvidence(evidence.bytes).verify()
        #expect(verified.keys.count == 4)
        #expect(verified.older.size == verified.newer.size)
        #expect(verified.older.root != verified.newer.root)
        #expect(verified.prefixRoot == nil)
    }

    @Test func `a larger tree of another history convicts, by its root at the smaller size`() throws
    {
        let evidence = try otherSize()
        let verified = try UnverifiedEvidence(evidence.bytes).verify()
        #expect(verified.keys == keys)
        #expect(verified.prefixRoot == (try fork.tree.root(size: ledger.last.size)))
    }

    @Test func `a key that signed one of them only is not convicted`() throws {
        let left = try ledger.note(ledger.checkpoint(3), by: [0, 1])
        let right = try fork.note(fork.checkpoint(3), by: [1, 2])
        let signers = UnverifiedEvidence.signers(of: left, and: right, among: keys)
        let seed = ledger.fixture.founders[1].seed
        let expected = [try seed.key(for: .log).publicKey, try seed.key(for: .cosigner).publicKey]
        #expect(signers.map(\.publicKey) == expected)
        #expect(codes(.init(keys: keys, older: left, newer: right)).contains(.badSignature))
        #expect(codes(.init(keys: [], older: left, newer: right)) == [.malformed])
    }

    @Test func `an honest pair convicts nobody`() throws {
        let (old, new) = (ledger.checkpoint(1), ledger.checkpoint(3))
        let proof = try ConsistencyProof(oldSize: old.size, newSize: new.size, from: ledger.tree)
        let (left, right) = (try ledger.note(old), try ledger.note(new))
        let prefix = UnverifiedEvidence.Prefix(root: old.root, path: proof.path)
        #expect(
            codes(.init(keys: keys, older: left, newer: right, prefix: prefix)) == [.noConflict]
        )
        #expect(codes(.init(keys: keys, older: left, newer: right)) == [.noConflict])
        #expect(codes(.init(keys: keys, older: left, newer: left)) == [.noConflict])
        #expect(codes(.init(keys: keys, older: right, newer: left)) == [.malformed])
        let invented = UnverifiedEvidence.Prefix(root: .zero, path: proof.path)
        #expect(
            codes(.init(keys: keys, older: left, newer: right, prefix: invented)) == [
                .notConsistent
            ]
        )
    }

    @Test func `checkpoints of two ledgers are no fork, nor is a log key of another name`() throws {
        let left = try ledger.note(ledger.checkpoint(3))
        let other = Checkpoint(origin: "other.example/log", size: ledger.last.size, root: .zero)
        let right = try ledger.note(other)
        #expect(codes(.init(keys: keys, older: left, newer: right)) == [.otherLedger])
    }

    @Test func `no changed byte of the file convicts`() throws {
        for evidence in [try sameSize(by: [2]), try otherSize(by: [2])] {
            everyTampering(evidence.bytes) { changed, place in
                let found = failureCodes { () throws(VerificationFailure) in
                    _ = try UnverifiedEvidence(changed).verify()
                }
                #expect(!found.isEmpty, "\(place)")
            }
        }
    }
}

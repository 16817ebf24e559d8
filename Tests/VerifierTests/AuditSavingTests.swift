import Ledger
import LedgerFixture
import StateMap
import Testing
import Transparency
import Verifier

struct AuditSavingTests {
    let ledger: SmallLedger
    let policy: TrustPolicy

    init() throws {
        // More than 256 leaves, so that a level above the leaves is saved too.
        ledger = try SmallLedger(more: 130)
        policy = try ledger.policy()
    }

    private func finish(_ audit: LedgerAudit) throws(VerificationFailure) -> VerifiedLedger {
        guard let note = try? ledger.note(ledger.checkpoint(ledger.states.count - 1)) else {
            throw VerificationFailure(.malformed, "the note could not be signed")
        }
        return try audit.finish(UnverifiedCheckpoint(note), policy: policy)
    }

    @Test func `an audit goes on from any block as if it had not stopped`() throws {
        var whole = LedgerAudit()
        for leaf in ledger.leaves { _ = try whole.append(leaf) }
        let expected = try finish(whole)
        for cut in [2, 5, 9, 11, 255, 256, 257, 258, 270, ledger.leaves.count] {
            var first = LedgerAudit()
            var saved: [UInt8]?
            var position = 0
            for (index, leaf) in ledger.leaves.prefix(cut).enumerated() {
                _ = try first.append(leaf)
                guard let bytes = first.saved() else { continue }
                (saved, position) = (bytes, index + 1)
            }
            var second = try LedgerAudit(saved: try #require(saved))
            #expect(second.progress.leaves == UInt64(position))
            for leaf in ledger.leaves[position...] { _ = try second.append(leaf) }
            let verified = try finish(second)
            #expect(verified.progress == expected.progress, "cut at \(cut)")
            #expect(verified.state.map.root == expected.state.map.root)
            #expect(second.partialTiles == whole.partialTiles)
        }
    }

    @Test func `inside a block there is nothing to save`() throws {
        var audit = LedgerAudit()
        #expect(audit.saved() == nil)
        _ = try audit.append(ledger.leaves[0])
        #expect(audit.saved() == nil)
        _ = try audit.append(ledger.leaves[1])
        #expect(audit.saved() != nil)
    }

    @Test func `a damaged file is refused, and another ledger's does not fit`() throws {
        var audit = LedgerAudit()
        for leaf in ledger.leaves.prefix(2) { _ = try audit.append(leaf) }
        let saved = try #require(audit.saved())
        for index in stride(from: 0, to: saved.count, by: 13) {
            var changed = saved
            changed[index] ^= 1
            let codes = failureCodes { () throws(VerificationFailure) in
                _ = try LedgerAudit(saved: changed)
            }
            #expect(codes == [.malformed], "byte \(index)")
        }
        let fork = try SmallLedger(quantity: 6)
        var other = LedgerAudit()
        for leaf in fork.leaves { _ = try other.append(leaf) }
        var continued = try LedgerAudit(saved: try #require(other.saved()))
        var codes: [VerificationFailure.Code] = []
        for leaf in ledger.leaves[fork.leaves.count...] where codes.isEmpty {
            codes = failureCodes { () throws(VerificationFailure) in _ = try continued.append(leaf)
            }
        }
        #expect(codes == [.ruleBroken])
    }
}

import Ledger
import LedgerFixture
import LedgerVectors
import MerkleLog
import QuotaCrypto
import Testing
import Transparency
import Verifier

/// From the hash of a genesis statement to the present validators.
struct HandOffTests {
    @Test
    func `the genesis hash alone leads to the present validators, and their receipt is proven`()
        throws
    {
        let ledger = try EpochLedger()
        let read = try UnverifiedHandOffs(ledger.file.encoded())
        #expect(read == ledger.file)
        let verified = try read.verify(chainID: ledger.last.chainID)
        #expect(verified.epochs.map(\.number) == [1, 2, 3])
        let present = verified.present.validators
        #expect(present.map(\.id) == ["ae-mofa", "gpuco", "nl-cdiu", "us-bis"])
        #expect(ValidatorKeys.digest(of: present) == ledger.last.lastHeader.validators)
        let founders = ledger.fixture.founders
        let now = [founders[0], ledger.newcomer, founders[2]]
        let statement = try UnverifiedTransparentStatement(
            ledger.statement(by: now).encoded()
        )
        let proven = try verified.first(size: \.size) { policy throws(VerificationFailure) in
            try statement.verify(policy)
        }
        #expect(proven.signers.count == 3)
    }

    @Test func `the validators of an epoch that is over are not believed beyond its end`() throws {
        let ledger = try EpochLedger()
        let verified = try ledger.file.verify(chainID: ledger.last.chainID)
        let founders = ledger.fixture.founders
        // Enough of the founders, one of whom has left since.
        let statement = try UnverifiedTransparentStatement(
            ledger.statement(by: [founders[0], founders[1], founders[2]]).encoded()
        )
        #expect(throws: VerificationFailure.self) {
            try verified.first(size: \.size) { policy throws(VerificationFailure) in
                try statement.verify(policy)
            }
        }
    }

    @Test func `each part of a step counts`() throws {
        let ledger = try EpochLedger()
        let chainID = ledger.last.chainID
        let (first, second) = (ledger.file.steps[0], ledger.file.steps[1])
        func failure(_ steps: [HandOff], chainID other: Digest? = nil) -> VerificationFailure? {
            let file = UnverifiedHandOffs(genesis: ledger.last.genesis, steps: steps)
            do throws(VerificationFailure) {
                _ = try file.verify(chainID: other ?? chainID)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure([first, second]) == nil)
        #expect(failure([first], chainID: .zero)?.has(.otherLedger) == true)
        #expect(failure([first, first])?.has(.notConsistent) == true)
        #expect(failure([first.with(header: second.header)])?.has(.notTheState) == true)
        #expect(failure([first.with(path: second.path)])?.has(.notTheState) == true)
        #expect(failure([first.with(validators: second.validators)])?.has(.notTheState) == true)
        let few = try SignedNote(
            text: first.note.text,
            signatures: Array(first.note.signatures.prefix(4))
        )
        #expect(failure([first.with(note: few)])?.has(.quorumNotMet) == true)
    }

    @Test func `a policy that knows one epoch is led to the present one`() throws {
        let ledger = try EpochLedger()
        let verified = try ledger.file.verify(chainID: ledger.last.chainID)
        let founding = try LedgerState.genesis(ledger.last.genesis).state.trustPolicy()
        #expect(try ledger.file.policy(following: founding) == verified.present.policy)
        let second = verified.epochs[1].policy
        #expect(try ledger.file.policy(following: second) == verified.present.policy)
        // Enough of the present ones had signed the ends before, too: their policy is kept as it is.
        let present = verified.present.policy
        #expect(try ledger.file.policy(following: present) == nil)
        #expect(try ledger.file.terms(following: present).map(\.end) == [nil])
        let founded = UnverifiedHandOffs(genesis: ledger.last.genesis, steps: [])
        #expect(try founded.policy(following: founding) == nil)
    }

    @Test func `every cut file is refused`() throws {
        let bytes = try EpochLedger().file.encoded()
        for count in stride(from: 0, to: bytes.count, by: 97) {
            #expect(throws: VerificationFailure.self) {
                try UnverifiedHandOffs(Array(bytes.prefix(count)))
            }
        }
    }

    @Test func `the keys that a header names are encoded in one way`() throws {
        let state = try SmallLedger().last
        let keys = state.validators.map { ValidatorKeys($0) }
        #expect(ValidatorKeys.digest(of: keys.reversed()) == Validator.digest(of: state.validators))
        #expect(try ValidatorKeys.decode(ValidatorKeys.encode(keys)) == keys)
    }
}

import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency
import Verifier

/// From the hash of a genesis statement to the present validators.
struct HandOffTests {
    /// A ledger of three epochs: a fifth joins, one leaves.
    private struct Ledger3 {
        var small: SmallLedger
        var steps: [HandOff] = []
        let newcomer: Founder

        init() throws {
            small = try SmallLedger()
            newcomer = try Founder("gpuco", .exporter, "US")
            let fixture = small.fixture
            let node = try newcomer.card(origin: LedgerFixture.origin).node
            let card = try fixture.cardStatement(of: newcomer, node: node)
            try small.add([
                try fixture.proposal("j", .member(card)),
                try fixture.vote(on: "j", by: fixture.founders[2]),
            ])
            let word = try StatementDraft(
                .ready(
                    ReadyBody(
                        epoch: 2,
                        node: try #require(node).digest,
                        size: small.last.size
                    )
                ),
                issuer: newcomer.id,
                audience: LedgerFixture.origin,
                issuedAt: LedgerFixture.start
            ).signed(with: newcomer.seed.key(for: .log))
            try small.add([word])
            try seal(by: fixture.founders)
            try small.add([
                try fixture.proposal("l", .expel(member: "chipco")),
                try fixture.vote(on: "l", by: fixture.founders[2]),
            ])
            try seal(by: fixture.founders + [newcomer])
            try small.add([try fixture.organisation("late-ke", in: "KE")])
        }

        /// The end of the last epoch, signed by its validators.
        private mutating func seal(by signers: [Founder]) throws {
            let state = small.last
            let checkpoint = Checkpoint(
                origin: state.origin,
                size: state.size,
                root: state.tree.root
            )
            let proof = try InclusionProof(
                index: state.size - 1,
                size: state.size,
                from: small.tree
            )
            steps.append(
                HandOff(
                    note: try SignedNote(
                        text: checkpoint.text,
                        signatures: try signers.flatMap {
                            try $0.signatures(of: checkpoint, at: SmallLedger.signed)
                        }
                    ),
                    header: state.lastHeader.encoded(),
                    path: proof.path,
                    validators: state.validators.map { ValidatorKeys($0) }
                )
            )
        }

        var file: UnverifiedHandOffs {
            UnverifiedHandOffs(genesis: small.last.genesis, steps: steps)
        }

        func statement(by signers: [Founder]) throws -> UnverifiedTransparentStatement {
            let index = small.last.size - 2
            let statement = try Statement.decode(small.leaves[Int(index)])
            let proof = try InclusionProof(index: index, size: small.last.size, from: small.tree)
            let receipts = try signers.map {
                try $0.receipt(for: statement, proof: proof, at: SmallLedger.signed).bytes
            }
            return try UnverifiedTransparentStatement(
                TransparentStatement(statement, receipts: receipts).encoded()
            )
        }
    }

    private func step(
        _ old: HandOff,
        note: SignedNote? = nil,
        header: [UInt8]? = nil,
        path: [Digest]? = nil,
        validators: [ValidatorKeys]? = nil
    ) -> HandOff {
        HandOff(
            note: note ?? old.note,
            header: header ?? old.header,
            path: path ?? old.path,
            validators: validators ?? old.validators
        )
    }

    @Test
    func `the genesis hash alone leads to the present validators, and their receipt is proven`()
        throws
    {
        let ledger = try Ledger3()
        let read = try UnverifiedHandOffs(ledger.file.encoded())
        #expect(read == ledger.file)
        let verified = try read.verify(chainID: ledger.small.last.chainID)
        #expect(verified.epochs.map(\.number) == [1, 2, 3])
        let present = verified.present.validators
        #expect(present.map(\.id) == ["ae-mofa", "gpuco", "nl-cdiu", "us-bis"])
        #expect(ValidatorKeys.digest(of: present) == ledger.small.last.lastHeader.validators)
        let founders = ledger.small.fixture.founders
        let now = [founders[0], ledger.newcomer, founders[2]]
        let statement = try ledger.statement(by: now)
        let proven = try verified.first(size: \.size) { policy throws(VerificationFailure) in
            try statement.verify(policy)
        }
        #expect(proven.signers.count == 3)
    }

    @Test func `the validators of an epoch that is over are not believed beyond its end`() throws {
        let ledger = try Ledger3()
        let verified = try ledger.file.verify(chainID: ledger.small.last.chainID)
        let founders = ledger.small.fixture.founders
        // Enough of the founders, one of whom has left since.
        let statement = try ledger.statement(by: [founders[0], founders[1], founders[2]])
        #expect(throws: VerificationFailure.self) {
            try verified.first(size: \.size) { policy throws(VerificationFailure) in
                try statement.verify(policy)
            }
        }
    }

    @Test func `each part of a step counts`() throws {
        let ledger = try Ledger3()
        let chainID = ledger.small.last.chainID
        let (first, second) = (ledger.steps[0], ledger.steps[1])
        func failure(_ steps: [HandOff], chainID other: Digest? = nil) -> VerificationFailure? {
            let file = UnverifiedHandOffs(genesis: ledger.small.last.genesis, steps: steps)
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
        #expect(failure([step(first, header: second.header)])?.has(.notTheState) == true)
        #expect(failure([step(first, path: second.path)])?.has(.notTheState) == true)
        #expect(failure([step(first, validators: second.validators)])?.has(.notTheState) == true)
        let few = try SignedNote(
            text: first.note.text,
            signatures: Array(first.note.signatures.prefix(4))
        )
        #expect(failure([step(first, note: few)])?.has(.quorumNotMet) == true)
    }

    @Test func `a policy that knows one epoch is led to the present one`() throws {
        let ledger = try Ledger3()
        let verified = try ledger.file.verify(chainID: ledger.small.last.chainID)
        let founding = try LedgerState.genesis(ledger.small.last.genesis).state.trustPolicy()
        #expect(try ledger.file.policy(following: founding) == verified.present.policy)
        let second = verified.epochs[1].policy
        #expect(try ledger.file.policy(following: second) == verified.present.policy)
        // Enough of the present ones had signed the ends before, too: their policy is kept as it is.
        let present = verified.present.policy
        #expect(try ledger.file.policy(following: present) == nil)
        #expect(try ledger.file.terms(following: present).map(\.end) == [nil])
        let founded = UnverifiedHandOffs(genesis: ledger.small.last.genesis, steps: [])
        #expect(try founded.policy(following: founding) == nil)
    }

    @Test func `every cut file is refused`() throws {
        let bytes = try Ledger3().file.encoded()
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

import CBOR
import COSE
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import Testing
import Transparency

/// What leaves the ledger as proof.
struct ProofTests {
    let fixture: LedgerFixture
    let state: LedgerState
    let tree: MemoryTree
    let claim: Statement
    let index: UInt64
    let logKey: Ed25519.PrivateKey

    init() throws {
        fixture = try LedgerFixture()
        let (start, genesis) = try LedgerState.genesis(fixture.genesis.bytes)
        let organisation = try fixture.organisation("uni-ke", in: "KE")
        let first = try #require(fixture.build([organisation], on: start).result)
        claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 3)
        let second = try #require(fixture.build([claim], on: first.state).result)
        state = second.state
        tree = MemoryTree(
            leafHashes: genesis.leafHashes + first.block.leafHashes + second.block.leafHashes
        )
        index = second.block.header.first
        logKey = try fixture.government.seed.key(for: .log)
    }

    private func receipt() throws -> Receipt {
        try Receipt.make(
            for: claim,
            proof: try InclusionProof(index: index, size: state.size, from: tree),
            origin: state.origin,
            issuer: "https://us-bis.quota.example",
            at: 1_767_225_700,
            with: logKey
        )
    }

    @Test func `a receipt leads from the statement to the root of the tree`() throws {
        #expect(tree.root == state.tree.root)
        let receipt = try receipt()
        let read = try Receipt.decode(receipt.bytes)
        #expect(read == receipt)
        #expect(read.kid == COSEKey.thumbprint(logKey.publicKey))
        #expect(read.subject == "c-1")
        #expect(read.origin == LedgerFixture.origin)
        #expect(try read.verify(leafHash: claim.leafHash, with: logKey.publicKey) == tree.root)
        #expect(throws: (any Error).self) {
            try read.verify(leafHash: fixture.genesis.leafHash, with: logKey.publicKey)
        }
        #expect(throws: (any Error).self) {
            try read.verify(leafHash: claim.leafHash, with: fixture.exporter.key.publicKey)
        }
    }

    @Test func `the header of a receipt is that of RFC 9942, claims included`() throws {
        let message = try COSESign1.decode(try receipt().bytes)
        #expect(message.payload == nil)
        #expect(message.protectedValue(COSEHeader.vds) == .unsigned(1))
        let claims = try #require(message.protectedValue(COSEHeader.cwtClaims))
        #expect(claims[.integer(-70_002)] == .unsigned(state.size))
        #expect(claims[.integer(-70_003)] == .unsigned(index))
        #expect(message.protected.mapValue?.count == 4)
        #expect(message.unprotected.count == 1)
    }

    @Test func `a receipt whose proof says another place than its claims is refused`() throws {
        let message = try COSESign1.decode(try receipt().bytes)
        let path = try InclusionProof(index: index, size: state.size, from: tree).path
        let inclusion = CBORValue.array([
            .unsigned(state.size + 1), .unsigned(index),
            .array(path.map { .bytes($0.bytes) }),
        ]).encoded()
        let moved = message.replacingUnprotected([
            CBORMapEntry(
                .integer(396),
                .map([CBORMapEntry(.integer(-1), .array([.bytes(inclusion)]))])
            )
        ])
        let error = #expect(throws: StatementError.self) { try Receipt.decode(moved.encoded()) }
        #expect(error?.path == "$.protected.15")
    }

    @Test func `a tree of one leaf has no receipt`() {
        #expect(throws: ProofError.self) {
            try Receipt.make(
                for: fixture.genesis,
                proof: InclusionProof(index: 0, size: 1, path: []),
                origin: state.origin,
                issuer: "https://us-bis.quota.example",
                at: 0,
                with: logKey
            )
        }
    }

    @Test func `a transparent statement gives its statement back byte for byte`() throws {
        let receipt = try receipt().bytes
        let transparent = TransparentStatement(claim, receipts: [receipt])
        let read = try TransparentStatement.decode(transparent.encoded())
        #expect(read.statement.bytes == claim.bytes)
        #expect(read.receipts == [receipt])
        #expect(throws: StatementError.self) { try Statement.decode(transparent.encoded()) }
        #expect(try TransparentStatement.decode(claim.bytes).receipts.isEmpty)
    }

    @Test func `a country's total is proven by a file alone`() throws {
        let account = try #require(state.accounts(of: "KE").first)
        let signers = try fixture.founders.map {
            try NoteSigner(name: state.origin, privateKey: try $0.seed.key(for: .log))
        }
        let checkpoint = try Checkpoint(text: state.checkpointText)
        var note = try checkpoint.signed(by: signers)
        note.merge(
            try fixture.founders.map {
                try Cosigner(
                    name: NodeCard.cosignerName(member: $0.id, origin: state.origin),
                    privateKey: try $0.seed.key(for: .cosigner)
                ).cosign(checkpoint, timestamp: LedgerFixture.start)
            }
        )
        let path = try InclusionProof(
            index: state.size - 1,
            size: state.size,
            from: tree
        ).path
        let file = state.totalProof(for: StateKey.account(account.key), path: path, note: note)
        let read = try TlogProof(Array(file.text.utf8))
        let total = try TotalProof.decode(try #require(read.extra))
        let verdict = try read.verify(
            leaf: TreeHash.leaf(total.header),
            policy: try state.trustPolicy()
        )
        #expect(verdict.isQuorumMet)
        #expect(verdict.witnesses.count == 4)
        let header = try BlockHeader.decode(total.header)
        try total.mapProof.verify(root: header.mapRoot)
        #expect(total.mapProof.key == StateKey.account(account.key))
        let value = try AccountTotal.decode(try #require(total.mapProof.value))
        #expect(value.consumed == 30_000)
        #expect(value.cap == 10_000_000)
        #expect(value.room == 9_970_000)
        #expect(value.asOf == index)
    }

    @Test func `one file proves many entries, used or not, in the order that was asked`() throws {
        let used = StateKey.account(try #require(state.accounts(of: "KE").first).key)
        let unused = StateKey.account(
            AccountKey(limit: "country", subject: ["FR"], period: "2025-2027")
        )
        let checkpoint = try Checkpoint(text: state.checkpointText)
        let note = try checkpoint.signed(by: [
            NoteSigner(name: state.origin, privateKey: logKey)
        ])
        let path = try InclusionProof(index: state.size - 1, size: state.size, from: tree).path
        let file = state.stateProof(for: [unused, used], path: path, note: note)
        let read = try TlogProof(Array(file.text.utf8))
        #expect(read.index == state.size - 1)
        let parts = try CBORValue.decode(try #require(read.extra)).arrayValue
        let header = try BlockHeader.decode(try #require(parts?.first?.bytesValue))
        #expect(header == state.lastHeader)
        let proofs = try #require(parts?.last?.arrayValue).map {
            try MapProof.decode($0.bytesValue ?? [])
        }
        #expect(proofs.map(\.key) == [unused, used])
        for proof in proofs { try proof.verify(root: header.mapRoot) }
        #expect(proofs.map { $0.value != nil } == [false, true])
    }

    @Test func `an account that was never used has a proof of absence`() throws {
        let key = StateKey.account(
            AccountKey(limit: "country", subject: ["FR"], period: "2025-2027")
        )
        let proof = state.map.proof(for: key)
        try proof.verify(root: state.lastHeader.mapRoot)
        #expect(proof.value == nil)
    }
}

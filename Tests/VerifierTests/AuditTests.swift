import CBOR
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import Testing
import Transparency
import Verifier

struct AuditTests {
    let ledger: SmallLedger
    let policy: TrustPolicy

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
    }

    /// Replays leaves and compares them with a checkpoint of the given tree, signed by all.
    private func audit(
        _ leaves: [[UInt8]],
        signed tree: CompactTree? = nil
    ) throws(VerificationFailure) -> VerifiedLedger {
        var audit = LedgerAudit()
        for leaf in leaves { _ = try audit.append(leaf) }
        let tree = tree ?? Self.tree(leaves)
        let checkpoint = Checkpoint(
            origin: LedgerFixture.origin,
            size: tree.size,
            root: tree.root
        )
        guard let note = try? ledger.note(checkpoint) else {
            throw VerificationFailure(.malformed, "the note could not be signed")
        }
        return try audit.finish(UnverifiedCheckpoint(note), policy: policy)
    }

    private static func tree(_ leaves: [[UInt8]]) -> CompactTree {
        MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) }).compact
    }

    private func codes(
        _ leaves: [[UInt8]],
        signed tree: CompactTree? = nil
    ) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in _ = try audit(leaves, signed: tree) }
    }

    @Test func `an honest ledger is replayed to its totals`() throws {
        let verified = try audit(ledger.leaves)
        #expect(verified.progress.blocks == 4)
        #expect(verified.progress.leaves == UInt64(ledger.leaves.count))
        let counts = zip(StatementKind.allCases, verified.progress.statements)
            .filter { $0.1 > 0 }.map { "\($0.0.rawValue) \($0.1)" }
        #expect(counts == ["genesis 1", "organisation 2", "claim 4"])
        #expect(verified.state.map.root == ledger.last.map.root)
        #expect(verified.state.chainID == ledger.last.chainID)
        #expect(verified.untrustedValidators == [])
        #expect(verified.checkpoint.witnesses.count == 4)
        let kenya = verified.state.accounts.first { $0.key.subject == ["KE"] }
        #expect(kenya?.total.consumed == 80_000)
    }

    @Test func `the tiles are those of the tree`() throws {
        var audit = LedgerAudit()
        var tiles: [AuditedTile] = []
        for leaf in ledger.leaves { tiles += try audit.append(leaf) }
        tiles += audit.partialTiles
        #expect(tiles.map(\.path) == TilePath.hashTiles(size: ledger.tree.size))
        for tile in tiles {
            let served = try Tile.bytes(tile.path, from: ledger.tree)
            try tile.check(served)
            try tile.check(served + [UInt8](repeating: 9, count: 8_192 - served.count))
            everyTampering(served) { changed, place in
                #expect(
                    failureCodes { () throws(VerificationFailure) in try tile.check(changed) }
                        == [.tileMismatch],
                    "\(place)"
                )
            }
        }
    }

    @Test func `signatures that were checked ahead are not checked again`() throws {
        var audit = LedgerAudit { state, statements in
            Set(
                statements.filter { (try? state.checkSignature($0)) != nil }.map(\.leafHash)
            )
        }
        for leaf in ledger.leaves { _ = try audit.append(leaf) }
        #expect(audit.progress.blocks == 4)
    }

    @Test func `a changed byte of any leaf is refused, even if all validators sign it`() throws {
        for index in ledger.leaves.indices {
            let leaf = ledger.leaves[index]
            for place in stride(from: index % 5, to: leaf.count, by: leaf.count > 1_000 ? 97 : 11) {
                var leaves = ledger.leaves
                leaves[index][place] ^= 0x01
                #expect(!codes(leaves).isEmpty, "leaf \(index), byte \(place)")
            }
        }
    }

    @Test func `a missing, doubled or moved leaf is refused`() {
        for index in ledger.leaves.indices {
            var missing = ledger.leaves
            missing.remove(at: index)
            #expect(!codes(missing).isEmpty, "without leaf \(index)")
            var doubled = ledger.leaves
            doubled.insert(doubled[index], at: index)
            #expect(!codes(doubled).isEmpty, "leaf \(index) twice")
            guard index > 0 else { continue }
            var moved = ledger.leaves
            moved.swapAt(index, index - 1)
            #expect(!codes(moved).isEmpty, "leaves \(index) and \(index - 1) exchanged")
        }
    }

    /// The last header, but for what is given.
    private func lastHeader(view: UInt64? = nil, mapRoot: Digest? = nil) -> BlockHeader {
        let header = ledger.last.lastHeader
        return BlockHeader(
            height: header.height,
            view: view ?? header.view,
            proposer: header.proposer,
            time: header.time,
            previousIndex: header.previousIndex,
            previousHash: header.previousHash,
            first: header.first,
            count: header.count,
            mapRoot: mapRoot ?? header.mapRoot,
            policyIndex: header.policyIndex,
            validators: header.validators
        )
    }

    @Test func `a header with another map root is refused, even if all validators sign it`() {
        let forged = lastHeader(mapRoot: .zero)
        #expect(codes(ledger.leaves.dropLast() + [forged.encoded()]) == [.ruleBroken])
    }

    @Test func `a view that does not grow is refused, even if all validators sign it`() throws {
        let forged = lastHeader(view: ledger.states[ledger.states.count - 2].lastHeader.view)
        do throws(VerificationFailure) {
            _ = try audit(ledger.leaves.dropLast() + [forged.encoded()])
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("view"), "\(error)")
        }
    }

    @Test func `a claim over the cap is refused, even if all validators sign it`() throws {
        let claim = try ledger.fixture.claim("c-9", to: "lab-ke", in: "KE", quantity: 1_000)
        let header = ledger.last.lastHeader
        let forged = BlockHeader(
            height: header.height + 1,
            view: header.view + 1,
            proposer: header.proposer,
            time: header.time,
            previousIndex: header.index,
            previousHash: ledger.last.lastHeaderHash,
            first: header.treeSize,
            count: 1,
            mapRoot: header.mapRoot,
            policyIndex: header.policyIndex,
            validators: header.validators
        )
        let leaves = ledger.leaves + [claim.bytes, forged.encoded()]
        do throws(VerificationFailure) {
            _ = try audit(leaves)
            Issue.record("accepted")
        } catch {
            #expect(error.reasons.map(\.code) == [.ruleBroken])
            #expect(error.reasons[0].message.contains("limit-exceeded"))
        }
    }

    @Test func `a log that ends inside a block is refused`() {
        #expect(codes(ledger.leaves.dropLast()) == [.ruleBroken, .rootMismatch])
        #expect(codes(Array(ledger.leaves.prefix(1))) == [.rootMismatch])
        #expect(codes([]) == [.rootMismatch])
    }

    @Test func `fewer leaves than were signed are refused`() throws {
        let shorter = Array(ledger.leaves.prefix(Int(ledger.states[2].size)))
        #expect(codes(shorter, signed: ledger.tree.compact) == [.rootMismatch])
        #expect(codes(ledger.leaves, signed: ledger.states[2].tree) == [.rootMismatch])
    }

    @Test func `a checkpoint without a quorum proves nothing`() throws {
        var audit = LedgerAudit()
        for leaf in ledger.leaves { _ = try audit.append(leaf) }
        let note = try ledger.note(ledger.checkpoint(3), by: [0, 1])
        #expect(
            failureCodes { () throws(VerificationFailure) in
                _ = try audit.finish(UnverifiedCheckpoint(note), policy: policy)
            } == [.quorumNotMet]
        )
    }

    @Test func `validators that the policy does not list are named`() throws {
        var audit = LedgerAudit()
        for leaf in ledger.leaves { _ = try audit.append(leaf) }
        let note = try ledger.note(ledger.checkpoint(3))
        let verified = try audit.finish(
            UnverifiedCheckpoint(note),
            policy: try ledger.policy(trusting: 2)
        )
        #expect(verified.untrustedValidators == ledger.fixture.founders.suffix(2).map(\.id))
    }

    @Test func `statements without end are refused before they fill the memory`() throws {
        var audit = LedgerAudit()
        let statement = ledger.leaves[0]
        let limit = BlockLimits.statementCountMax
        for _ in 0..<limit { _ = try audit.append(statement) }
        #expect(
            failureCodes { () throws(VerificationFailure) in _ = try audit.append(statement) }
                == [.ruleBroken]
        )
    }
}

import CBOR
public import Consensus
public import Ledger
public import MerkleLog
public import QuotaCrypto
public import StateMap
import Transparency
public import Verifier
import Votes

/// A block that a quorum made final, reached from the genesis statement step by step, and what a node
/// needs to go on from the state behind it once that state is there.
public struct VerifiedSnapshot: Sendable {
    /// What was verified.
    public let head: SnapshotHead
    /// The header of the block.
    public let header: BlockHeader
    /// What votes name the block by.
    public let block: BlockID
    /// The epoch that goes on behind the block.
    public let epoch: UInt64
    /// The block that the epoch begins with; nil in the first, which begins with the genesis block.
    public let epochRoot: BlockID?
    /// The validators of that epoch, ascending by id.
    public let validators: [ValidatorKeys]
    /// The ends of the epochs before, oldest first.
    public let seals: [HandOff]
    /// The proposal that made the block final; nil if the block sealed an epoch.
    public let entry: ProposalEntry?
    /// The log up to the block.
    public let tree: CompactTree

    /// What the replica goes on from; nil for the root of its epoch.
    public var tip: FinalizedTip? {
        entry.map {
            FinalizedTip(
                view: $0.proposal.view,
                proposal: $0.proposal.id,
                block: block,
                certificate: $0.finalization
            )
        }
    }
}

/// What a snapshot's head proved: of which block it is, and what the parts of its map are held against.
public protocol SnapshotProof: Sendable {
    /// The head, as it was read.
    var headBytes: [UInt8] { get }
    /// The block that the state stands behind.
    var block: BlockID { get }
    /// The size of the log that the block closes.
    var size: UInt64 { get }
    /// Checks the part of the map that begins at a path.
    ///
    /// - Returns: Where the next part begins; nil after the last one.
    /// - Throws: `MapProofError` if it is no part of the map.
    func verify(_ chunk: MapChunk, at path: Digest) throws(MapProofError) -> Digest?
}

extension VerifiedSnapshot: SnapshotProof {
    /// The head, in its one encoding.
    public var headBytes: [UInt8] { head.encoded() }

    /// The size of the log that the block closes.
    public var size: UInt64 { header.treeSize }

    /// Checks a part of the map under the root in the block's header.
    public func verify(_ chunk: MapChunk, at path: Digest) throws(MapProofError) -> Digest? {
        try chunk.verify(at: path, root: header.mapRoot)
    }
}

extension SnapshotHead {
    /// Walks from the genesis statement to the block: every epoch's end by a quorum of its validators,
    /// the block by the votes of its own.
    ///
    /// - Parameter chainID: SHA-256 of the genesis statement.
    /// - Returns: What the state is to be compared with.
    /// - Throws: `SnapshotError` that names the part that does not hold.
    public func verify(chainID: Digest) throws(SnapshotError) -> VerifiedSnapshot {
        let file: UnverifiedHandOffs
        let trusted: VerifiedHandOffs
        do throws(VerificationFailure) {
            file = try UnverifiedHandOffs(handOffs)
            trusted = try file.verify(chainID: chainID)
        } catch {
            throw SnapshotError("hand-offs", "\(error)")
        }
        let header = try readHeader()
        let size = header.treeSize
        let text = LedgerState.checkpointText(origin: trusted.origin, size: size, root: root)
        let block = BlockID(
            height: header.height,
            digest: Block.digest(checkpointText: text, headerHash: TreeHash.leaf(self.header))
        )
        let present = trusted.present
        let epochRoot = try file.steps.last.map { (step) throws(SnapshotError) in
            try step.block()
        }
        let entry = try proposal.map { (bytes) throws(SnapshotError) in
            try Self.entry(bytes, of: block, in: present, chainID, root: epochRoot)
        }
        guard entry != nil || block == epochRoot else {
            throw SnapshotError("proposal", "missing, and the block does not end an epoch")
        }
        return VerifiedSnapshot(
            head: self,
            header: header,
            block: block,
            epoch: present.number,
            epochRoot: epochRoot,
            validators: present.validators,
            seals: file.steps,
            entry: entry,
            tree: try readEdge(size: size)
        )
    }

    /// The header, which is the last leaf below the root.
    private func readHeader() throws(SnapshotError) -> BlockHeader {
        let header: BlockHeader
        do throws(CBORFieldError) {
            header = try BlockHeader.decode(self.header)
        } catch {
            throw SnapshotError("header", error.description)
        }
        let size = header.treeSize
        do throws(ProofError) {
            try InclusionProof(index: size - 1, size: size, path: path)
                .verify(leaf: TreeHash.leaf(self.header), root: root)
        } catch {
            throw SnapshotError("header", "it is not the last leaf: \(error)")
        }
        return header
    }

    /// The proposal of the block with a finalization by the epoch's validators.
    private static func entry(
        _ bytes: [UInt8],
        of block: BlockID,
        in epoch: VerifiedHandOffs.Epoch,
        _ chainID: Digest,
        root: BlockID?
    ) throws(SnapshotError) -> ProposalEntry {
        let entry: ProposalEntry
        do throws(MessageError) {
            entry = try ProposalEntry.decode(bytes)
        } catch {
            throw SnapshotError("proposal", error.description)
        }
        let proposal = entry.proposal
        guard proposal.chainID == chainID, proposal.epoch == epoch.number,
            proposal.block == block.digest, entry.payload == nil
        else { throw SnapshotError("proposal", "it is of another block") }
        guard let final = entry.finalization, final.kind == .finalize,
            final.epoch == epoch.number, final.view == proposal.view,
            final.proposal == proposal.id
        else { throw SnapshotError("proposal", "it carries no finalization of its own") }
        let committee = Committee(count: epoch.validators.count, seal: root?.digest ?? .zero)
        let verifier = Ed25519VoteVerifier(keys: epoch.validators.map(\.vote))
        guard final.isValid(for: committee, chainID: chainID, verifier: verifier) else {
            throw SnapshotError("proposal", "a quorum's votes do not hold")
        }
        return entry
    }

    /// The log's right edge: its hashes must fold to the root.
    private func readEdge(size: UInt64) throws(SnapshotError) -> CompactTree {
        var peaks: [Digest] = []
        for (level, hashes) in edge.enumerated().reversed() {
            let shift = UInt64(8 * level)
            guard hashes.count == Int(size >> shift & 0xFF) else {
                throw SnapshotError("edge", "level \(level) has \(hashes.count) hashes")
            }
            var rest = hashes[...]
            for bit in (0..<8).reversed() where hashes.count >> bit & 1 == 1 {
                peaks.append(HistoryPart.fold(rest.prefix(1 << bit)))
                rest = rest.dropFirst(1 << bit)
            }
        }
        guard let tree = CompactTree(size: size, peaks: peaks), tree.root == root,
            edge.count >= 8 || size >> UInt64(8 * edge.count) == 0
        else { throw SnapshotError("edge", "it does not lead to the root") }
        return tree
    }
}

extension HandOff {
    /// The sealing block, by the name that votes give it.
    public func block() throws(SnapshotError) -> BlockID {
        do throws(CBORFieldError) {
            let header = try BlockHeader.decode(header)
            return BlockID(
                height: header.height,
                digest: Block.digest(
                    checkpointText: note.text,
                    headerHash: TreeHash.leaf(self.header)
                )
            )
        } catch {
            throw SnapshotError("hand-offs", error.description)
        }
    }
}

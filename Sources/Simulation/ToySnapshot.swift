internal import CBOR
internal import Consensus
internal import QuotaCrypto
internal import StateMap
internal import StateSync
import Votes

/// A final proposal, and the bytes that its block's digest is made of.
struct ToyLink: Hashable, Sendable {
    /// Without its block, and with its finalization.
    let entry: ProposalEntry
    /// The digest of the block under its own.
    let parent: Digest
    /// The block.
    let payload: [UInt8]

    init(_ entry: ProposalEntry, parent: Digest, payload: [UInt8]) {
        self.entry = ProposalEntry(
            proposal: entry.proposal,
            justification: entry.justification,
            payload: nil,
            finalization: entry.finalization
        )
        self.parent = parent
        self.payload = payload
    }

    /// The digest of a block with these bytes on that parent.
    var digest: Digest {
        var hash = SHA256()
        hash.update(parent)
        hash.update(payload)
        return hash.finalize()
    }

    fileprivate var cbor: CBORValue {
        .array([.bytes(entry.encoded()), .bytes(parent.bytes), .bytes(payload)])
    }

    fileprivate init(_ item: CBORItem) throws {
        let items = try item.array(count: 3)
        guard let parent = Digest(try items[1].bytes(count: Digest.byteCount)) else {
            throw SnapshotError("head", "no digest")
        }
        self.init(
            try ProposalEntry.decode(items[0].bytes(maxCount: 1 << 20)),
            parent: parent,
            payload: try items[2].bytes(maxCount: 1 << 20)
        )
    }
}

/// A state that a node can hand over.
struct ToySource: Sendable {
    let state: ToyState
    /// How each epoch before ended, and what made the last block final.
    let links: [ToyLink]

    /// Small enough for states to be forgotten while they are fetched.
    static var limits: SnapshotShelf<ToySource>.Limits {
        var limits = SnapshotShelf<ToySource>.Limits()
        limits.markLeaves = 3
        limits.leaseTime = 2_500
        limits.offerTime = 1_500
        return limits
    }

    var headBytes: [UInt8] { CBORValue.array(links.map(\.cbor)).encoded() }

    /// The same with a state that nobody agreed on, under a certificate of something else.
    var forged: ToySource? {
        guard let last = links.last, let block = ToyBlock(last.payload) else { return nil }
        var state = state
        state.admit(ToyStatement(id: 1 << 61, amount: 1))
        let payload = ToyBlock(
            height: block.height,
            header: block.header,
            statements: block.statements,
            root: state.map.root
        ).encoded()
        let bare = ToyLink(last.entry, parent: last.parent, payload: payload)
        let proposal = last.entry.proposal
        let entry = ProposalEntry(
            proposal: Proposal(
                chainID: proposal.chainID,
                epoch: proposal.epoch,
                view: proposal.view,
                parentView: proposal.parentView,
                parent: proposal.parent,
                block: bare.digest
            ),
            justification: last.entry.justification,
            payload: nil,
            finalization: last.entry.finalization
        )
        state.stand(on: BlockID(height: block.height, digest: bare.digest))
        let link = ToyLink(entry, parent: last.parent, payload: payload)
        return ToySource(state: state, links: links.dropLast() + [link])
    }
}

/// What the head of a toy snapshot proved.
struct ToyProof: SnapshotProof {
    let headBytes: [UInt8]
    let block: BlockID
    /// The root of the map of the state behind the block.
    let root: Digest
    let epoch: UInt64
    let seats: [ToySeat]
    /// The block that the epoch begins with.
    let epochRoot: BlockID
    let seals: [ToyLink]
    let last: ToyLink
    /// Whether parts are held against the root (or a defect leaves that out).
    let isChecked: Bool

    /// A toy log has one leaf a block.
    var size: UInt64 { block.height }

    /// What made the block final; nil if it sealed an epoch.
    var tip: ToyLink? { seals.last == last ? nil : last }

    /// What a replica goes on from.
    var finalizedTip: FinalizedTip? {
        tip.map {
            FinalizedTip(
                view: $0.entry.proposal.view,
                proposal: $0.entry.proposal.id,
                block: block,
                certificate: $0.entry.finalization
            )
        }
    }

    func verify(_ chunk: MapChunk, at path: Digest) throws(MapProofError) -> Digest? {
        isChecked ? try chunk.verify(at: path, root: root) : chunk.end(from: path)
    }
}

/// Who believes the head of a toy snapshot: whoever knows the founders.
struct ToyTrust: Sendable {
    let chainID: Digest
    let founders: Committee
    let keys: SimulatedKeys
    let isHeadChecked: Bool
    let isPartChecked: Bool

    /// Walks from the founders to the block: every epoch's end by its own quorum.
    func verify(_ bytes: [UInt8]) throws(SnapshotError) -> ToyProof {
        let links = try links(bytes)
        var (epoch, root, committee) = (UInt64(1), ToyState.genesis.block, founders)
        var seats = (0..<founders.count).map { ToySeat(member: $0) }
        var seals: [ToyLink] = []
        var proof: ToyProof?
        for link in links {
            guard seals.count == Int(epoch) - 1, proof == nil || seals.last == proof?.last,
                let block = ToyBlock(link.payload), let mapRoot = block.root
            else { throw SnapshotError("head", "a block is missing or names no root") }
            let id = BlockID(height: block.height, digest: link.digest)
            guard isFinal(link, of: id, in: epoch, committee, seats) else {
                throw SnapshotError("head", "no quorum made block \(block.height) final")
            }
            for case let change? in block.statements.map(\.change) {
                guard let next = change.applied(to: seats), seals.last != link else {
                    throw SnapshotError("head", "a change that does not apply")
                }
                (epoch, root, seats) = (epoch + 1, id, next)
                committee = Committee(count: next.count, seal: id.digest)
                seals.append(link)
            }
            proof = ToyProof(
                headBytes: bytes,
                block: id,
                root: mapRoot,
                epoch: epoch,
                seats: seats,
                epochRoot: root,
                seals: seals,
                last: link,
                isChecked: isPartChecked
            )
        }
        guard let proof else { throw SnapshotError("head", "it is empty") }
        return proof
    }

    private func links(_ bytes: [UInt8]) throws(SnapshotError) -> [ToyLink] {
        do {
            return try CBORItem(try CBORValue.decode(bytes)).array(maxCount: 64).map(ToyLink.init)
        } catch {
            throw SnapshotError("head", "\(error)")
        }
    }

    private func isFinal(
        _ link: ToyLink,
        of block: BlockID,
        in epoch: UInt64,
        _ committee: Committee,
        _ seats: [ToySeat]
    ) -> Bool {
        let proposal = link.entry.proposal
        guard proposal.chainID == chainID, proposal.epoch == epoch, proposal.block == block.digest,
            let final = link.entry.finalization
        else { return false }
        guard isHeadChecked else { return true }
        return final.kind == .finalize && final.epoch == epoch && final.view == proposal.view
            && final.proposal == proposal.id
            && final.isValid(for: committee, chainID: chainID, verifier: keys.verifier(of: seats))
    }
}

extension ToyState {
    /// The state as a map, but for the block that it stands behind, which names the root.
    var map: StateMap {
        var map = StateMap()
        var entries: [(key: [UInt8], value: [UInt8]?)] = [
            (Self.key("consumed"), Self.words(consumed)), (Self.key("epoch"), Self.words(epoch)),
            (Self.key("sealed"), Self.words(sealHeight)),
            (
                Self.key("seats"),
                seats.flatMap { Self.words(UInt64($0.member), UInt64($0.generation)) }
            ),
        ]
        for id in admitted.sorted() { entries.append((Self.key("admitted") + Self.words(id), [1])) }
        map.update(entries)
        return map
    }

    /// The state that these entries of its map make up; nil if they make up none.
    init?(_ entries: [MapChunk.Entry], behind proof: ToyProof) {
        var values: [[UInt8]: [UInt8]] = [:]
        for entry in entries { values[entry.key] = entry.value }
        func number(_ name: String) -> UInt64? {
            values.removeValue(forKey: Self.key(name))?.bigEndianWords.first
        }
        guard let consumed = number("consumed"), let epoch = number("epoch"),
            let sealed = number("sealed"),
            let places = values.removeValue(forKey: Self.key("seats"))?.bigEndianWords
        else { return nil }
        let seats = stride(from: 0, to: places.count - places.count % 2, by: 2).map {
            ToySeat(
                member: Int(truncatingIfNeeded: places[$0]),
                generation: Int(truncatingIfNeeded: places[$0 + 1])
            )
        }
        let admitted = values.keys.compactMap { Array($0.suffix(8)).bigEndianWords.first }
        self.init(
            block: proof.block,
            consumed: consumed,
            admitted: Set(admitted),
            epoch: epoch,
            seats: seats,
            root: proof.epochRoot,
            sealHeight: sealed
        )
    }

    private static func key(_ name: String) -> [UInt8] { Array(name.utf8) }

    private static func words(_ numbers: UInt64...) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in numbers { bytes.append(bigEndian: number) }
        return bytes
    }
}

import Consensus
import Dispatch
import Foundation
import Ledger
import LedgerStore
import Logging
import MerkleLog
import PeerNetwork
import QuotaCrypto
import StateMap
import StateSync
import Synchronization
import Verifier

/// Hands states, chunk by chunk, and old leaves to nodes that join, on a thread of its own.
///
/// States are persistent values, so holding a few old ones costs what has changed since.
final class SnapshotDesk: Sendable {
    /// A state on offer.
    struct Source: Sendable {
        let block: Digest
        let state: LedgerState
        /// What made the block final; nil if it sealed an epoch.
        let tip: FinalizedTip?
    }

    private struct Shelf {
        var present: Source?
        var marks: [Source] = []
        var leases: [(source: Source, until: UInt64)] = []
        var waiting: [Int: Int] = [:]
    }

    private struct Job: Sendable {
        let peer: Int
        let id: UInt64
        let request: SnapshotRequest
    }

    /// A block that crosses a multiple of so many leaves leaves its state on offer.
    private static let markLeaves: UInt64 = 1_024
    private static let marksMax = 3
    private static let leasesMax = 3
    /// How long a state stays on offer after the last question about it, in ms.
    private static let leaseTime: UInt64 = 600_000
    /// How long the present state stays on offer for whoever was told of it, in ms.
    private static let offerTime: UInt64 = 10_000
    private static let waitingPerPeerMax = 8

    private let shared: NodeShared
    private let shelf = Mutex(Shelf())
    private let jobs = Inbox<Job>(capacity: 512)

    init(shared: NodeShared) {
        self.shared = shared
    }

    /// Begins to answer.
    func start() {
        let thread = Thread { self.work() }
        thread.name = "snapshots"
        thread.start()
    }

    /// Ends the thread.
    func stop() { jobs.close() }

    /// Takes note of a state that is durable.
    func note(_ state: LedgerState, block: Digest, tip: FinalizedTip) {
        let source = Source(
            block: block,
            state: state,
            tip: tip.certificate == nil ? nil : tip
        )
        shelf.withLock { shelf in
            let before = shelf.present?.state.size
            guard shelf.present?.block != block else { return }
            shelf.present = source
            guard before.map({ $0 / Self.markLeaves < state.size / Self.markLeaves }) ?? true
            else { return }
            shelf.marks.append(source)
            if shelf.marks.count > Self.marksMax { shelf.marks.removeFirst() }
        }
    }

    /// Takes a question; more than a few of one peer at once are dropped.
    func take(_ request: SnapshotRequest, id: UInt64, from peer: Int) {
        let isTaken = shelf.withLock { shelf in
            guard shelf.waiting[peer, default: 0] < Self.waitingPerPeerMax else { return false }
            shelf.waiting[peer, default: 0] += 1
            return true
        }
        guard isTaken, !jobs.offer(Job(peer: peer, id: id, request: request)) else { return }
        shelf.withLock { $0.waiting[peer, default: 1] -= 1 }
    }

    // MARK: The answering thread

    private func work() {
        while !jobs.isClosed {
            for job in jobs.drain(until: .now() + .seconds(60)) {
                let answer = answer(job.request)
                shelf.withLock { shelf in
                    shelf.waiting[job.peer, default: 1] -= 1
                    if shelf.waiting[job.peer] == 0 { shelf.waiting[job.peer] = nil }
                }
                shared.mesh.send(
                    PeerMessage.snapshotAnswer(id: job.id, answer).frame,
                    to: job.peer
                )
            }
        }
    }

    private func answer(_ request: SnapshotRequest) -> SnapshotAnswer {
        do {
            switch request {
            case .offers: return .offers(offers())
            case .head(let block):
                guard let source = lease(block), let head = try head(source) else { return .absent }
                return .part(head.encoded())
            case .chunk(let block, let path, let bits):
                guard let source = lease(block) else { return .absent }
                let chunk = source.state.map.chunk(
                    at: path,
                    bits: bits,
                    bytesMax: MapChunk.contentBytesMax
                )
                return .part(chunk.encoded())
            case .history(let first, let size): return try history(first, size)
            }
        } catch {
            shared.logger.warning("cannot hand over a snapshot", metadata: ["error": "\(error)"])
            return .absent
        }
    }

    private func offers() -> [SnapshotOffer] {
        let now = NodeCore.now()
        let sources = shelf.withLock { shelf -> [Source] in
            shelf.leases.removeAll { $0.until < now }
            if let present = shelf.present, shelf.leases.count < Self.leasesMax,
                !shelf.leases.contains(where: { $0.source.block == present.block })
            {
                shelf.leases.append((present, now + Self.offerTime))
            }
            return shelf.leases.map(\.source) + shelf.marks
        }
        var seen: Set<Digest> = []
        return sources.filter { seen.insert($0.block).inserted }.prefix(SnapshotOffer.countMax).map
        {
            SnapshotOffer(
                block: $0.block,
                height: $0.state.height,
                size: $0.state.size,
                bits: Self.bits(entries: $0.state.map.count)
            )
        }
    }

    /// So many slots that one chunk is enough for most of them.
    private static func bits(entries: Int) -> Int {
        let chunks = entries / 400
        return min(Int.bitWidth - chunks.leadingZeroBitCount, SnapshotOffer.bitsMax)
    }

    /// The state behind a block, which stays on offer for a while from now on.
    private func lease(_ block: Digest) -> Source? {
        let until = NodeCore.now() + Self.leaseTime
        return shelf.withLock { shelf in
            if let place = shelf.leases.firstIndex(where: { $0.source.block == block }) {
                shelf.leases[place].until = until
                return shelf.leases[place].source
            }
            guard let source = shelf.marks.first(where: { $0.block == block }) else { return nil }
            if shelf.leases.count < Self.leasesMax { shelf.leases.append((source, until)) }
            return source
        }
    }

    private func head(_ source: Source) throws -> SnapshotHead? {
        let (state, store) = (source.state, shared.store)
        let steps = try shared.handOffSteps(max: Int(state.epoch.number) - 1)
        guard steps.count == Int(state.epoch.number) - 1,
            let header = try store.leaf(state.size - 1)
        else { return nil }
        var proposal: [UInt8]?
        if let tip = source.tip {
            guard let stored = try store.proposal(id: tip.proposal) else { return nil }
            proposal = stored.entry
        }
        return SnapshotHead(
            handOffs: shared.handOffFile(steps).encoded(),
            root: state.tree.root,
            header: header.bytes,
            path: try InclusionProof(index: state.size - 1, size: state.size, from: store).path,
            proposal: proposal,
            edge: try Self.edge(size: state.size, store)
        )
    }

    /// The hashes of the last hash tile of each level.
    private static func edge(size: UInt64, _ store: LedgerStore) throws -> [[Digest]] {
        var levels: [[Digest]] = []
        repeat {
            let level = 8 * levels.count
            let end = size >> UInt64(level)
            levels.append(try ((end & ~0xFF)..<end).map { try store.hash(level: level, index: $0) })
        } while size >> UInt64(8 * levels.count) > 0
        return levels
    }

    private func history(_ first: UInt64, _ size: UInt64) throws -> SnapshotAnswer {
        let store = shared.store
        guard first < size, size <= store.size, first % HistoryPart.width == 0,
            !store.lacks(first), !store.lacks(min(first + HistoryPart.width, size) - 1)
        else { return .absent }
        let leaves = try store.leafBytes(first..<min(first + HistoryPart.width, size))
        let isWhole = UInt64(leaves.count) == HistoryPart.width
        let path = isWhole ? try InclusionProof(index: first, size: size, from: store).path : []
        let part = HistoryPart(leaves: leaves, path: Array(path.dropFirst(8))).encoded()
        return part.count <= SnapshotHead.byteCountMax ? .part(part) : .absent
    }
}

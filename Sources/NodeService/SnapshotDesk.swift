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
final class SnapshotDesk: Sendable {
    /// A state on offer.
    struct Source: Sendable {
        let block: Digest
        let state: LedgerState
        /// What made the block final; nil if it sealed an epoch.
        let tip: FinalizedTip?
    }

    private struct Job: Sendable {
        let peer: Int
        let id: UInt64
        let request: SnapshotRequest
    }

    private static let waitingPerPeerMax = 8

    private let shared: NodeShared
    private let shelf = Mutex(SnapshotShelf<Source>())
    /// Questions of each peer that wait for an answer.
    private let waiting = Mutex([Int: Int]())
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
        shelf.withLock { $0.note(source, block: block, size: state.size) }
    }

    /// Takes a question; more than a few of one peer at once are dropped.
    func take(_ request: SnapshotRequest, id: UInt64, from peer: Int) {
        let isTaken = waiting.withLock { waiting in
            guard waiting[peer, default: 0] < Self.waitingPerPeerMax else { return false }
            waiting[peer, default: 0] += 1
            return true
        }
        guard isTaken, !jobs.offer(Job(peer: peer, id: id, request: request)) else { return }
        waiting.withLock { $0[peer, default: 1] -= 1 }
    }

    // MARK: The answering thread

    private func work() {
        while !jobs.isClosed {
            for job in jobs.drain(until: .now() + .seconds(60)) {
                let answer = answer(job.request)
                waiting.withLock { waiting in
                    waiting[job.peer, default: 1] -= 1
                    if waiting[job.peer] == 0 { waiting[job.peer] = nil }
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
        shelf.withLock { $0.offers(now: NodeCore.now()) }.map {
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
        shelf.withLock { $0.lease(block, now: NodeCore.now()) }
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

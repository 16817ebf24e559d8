import Foundation
import Ledger
import LedgerStore
import Logging
import MerkleLog
import PeerNetwork
import QuotaCrypto
import Synchronization

/// Makes this node's receipts, and gathers those of the other validators.
final class ReceiptDesk: Sendable {
    private struct Request {
        /// The peers that have not answered yet.
        var open: Set<Int>
        var receipts: [Answer] = []
        var continuation: CheckedContinuation<[Answer], Never>?
    }

    private struct Answer {
        let peer: Int
        let receipt: [UInt8]
    }

    private let shared: NodeShared
    private let requests = Mutex<[UInt64: Request]>([:])
    private let nextID = Mutex<UInt64>(1)

    /// The most gatherings at once; beyond it a transparent statement carries our receipt only.
    private static let requestsMax = 256
    /// How long peers have to answer.
    private static let patience = Duration.milliseconds(1_500)

    init(shared: NodeShared) {
        self.shared = shared
    }

    /// This node's receipt of the final leaf at `index`, over the tree that its block closed.
    ///
    /// - Returns: The receipt and the tree size, or nil if there is no such final statement.
    func receipt(index: UInt64) throws -> (bytes: [UInt8], size: UInt64)? {
        guard let leaf = try shared.store.leaf(index),
            let block = try shared.store.block(leaf.height)
        else { return nil }
        return try receipt(of: leaf, in: block)
    }

    /// This node's receipt of a leaf that the caller has read, over the tree that its block closed.
    ///
    /// - Returns: The receipt and the tree size, or nil if the leaf is no statement.
    func receipt(
        of leaf: StoredLeaf,
        in block: StoredBlock
    ) throws -> (bytes: [UInt8], size: UInt64)? {
        guard leaf.identity != nil else { return nil }
        let statement = try Statement.decode(leaf.bytes)
        let size = block.headerIndex + 1
        let proof = try InclusionProof(index: leaf.index, size: size, from: shared.store)
        let roster = shared.roster
        guard let own = roster.own else { return nil }
        let receipt = try Receipt.make(
            for: statement,
            proof: proof,
            origin: statement.audience,
            issuer: own.node.api,
            at: NodeCore.posixTime(),
            with: roster.keys.log
        )
        return (receipt.bytes, size)
    }

    /// The receipts of all validators that answer in time, this node's first.
    func allReceipts(index: UInt64) async throws -> [[UInt8]]? {
        guard let leaf = try shared.store.leaf(index), leaf.identity != nil else { return nil }
        let own = try receipt(index: index)
        let answers = await ask(shared.mesh.connectedPeers(), index: index)
        let genuine = answers.sorted { $0.peer < $1.peer }
            .filter { isGenuine($0, index: index, leafHash: leaf.hash) }
        return (own.map { [$0.bytes] } ?? []) + genuine.map(\.receipt)
    }

    /// Asks peers for their receipts, and waits for the answers as long as patience allows.
    private func ask(_ peers: [Int], index: UInt64) async -> [Answer] {
        let id = nextID.withLock { id in
            defer { id += 1 }
            return id
        }
        let isOpen = requests.withLock { requests in
            guard requests.count < Self.requestsMax, !peers.isEmpty else { return false }
            requests[id] = Request(open: Set(peers))
            return true
        }
        guard isOpen else { return [] }
        let frame = PeerMessage.receiptRequest(id: id, index: index).frame
        for peer in peers where !shared.mesh.send(frame, to: peer) {
            take(id: id, receipt: nil, from: peer)
        }
        let timeout = Task {
            try await Task.sleep(for: Self.patience)
            finish(id)
        }
        defer { timeout.cancel() }
        return await withCheckedContinuation { continuation in
            let ready = requests.withLock { requests -> [Answer]? in
                guard let request = requests[id], !request.open.isEmpty else {
                    return requests.removeValue(forKey: id)?.receipts ?? []
                }
                requests[id]?.continuation = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Takes a peer's answer; nil if it has no receipt or could not be asked.
    ///
    /// Each peer that was asked answers once; anything else is ignored.
    func take(id: UInt64, receipt: [UInt8]?, from peer: Int) {
        let isLast = requests.withLock { requests in
            guard requests[id]?.open.remove(peer) != nil else { return false }
            if let receipt { requests[id]?.receipts.append(Answer(peer: peer, receipt: receipt)) }
            return requests[id]?.open.isEmpty == true && requests[id]?.continuation != nil
        }
        if isLast { finish(id) }
    }

    /// Whether an answer is the receipt of that validator for this leaf: clients get no other.
    private func isGenuine(_ answer: Answer, index: UInt64, leafHash: Digest) -> Bool {
        do {
            let roster = shared.roster
            let receipt = try Receipt.decode(answer.receipt)
            guard let link = roster.link(slot: answer.peer),
                roster.validators.indices.contains(link.position), receipt.proof.index == index,
                receipt.origin == shared.configuration.origin
            else {
                return false
            }
            _ = try receipt.verify(
                leafHash: leafHash,
                with: roster.validators[link.position].node.log
            )
            return true
        } catch {
            shared.logger.warning(
                "a peer's receipt does not hold",
                metadata: ["peer": "\(shared.name(of: answer.peer))", "error": "\(error)"]
            )
            return false
        }
    }

    private func finish(_ id: UInt64) {
        let request = requests.withLock { requests -> Request? in
            guard requests[id]?.continuation != nil else {
                requests[id]?.open = []
                return nil
            }
            return requests.removeValue(forKey: id)
        }
        request?.continuation?.resume(returning: request?.receipts ?? [])
    }
}

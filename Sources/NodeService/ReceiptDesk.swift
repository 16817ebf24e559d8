import Foundation
import Ledger
import LedgerStore
import MerkleLog
import PeerNetwork
import QuotaCrypto
import Synchronization

/// Makes this node's receipts, and gathers those of the other validators.
final class ReceiptDesk: Sendable {
    private struct Request {
        var receipts: [[UInt8]] = []
        var open: Int
        var continuation: CheckedContinuation<[[UInt8]], Never>?
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
        guard let leaf = try shared.store.leaf(index), leaf.identity != nil,
            let block = try shared.store.block(leaf.height)
        else { return nil }
        let statement = try Statement.decode(leaf.bytes)
        let size = block.headerIndex + 1
        let proof = try InclusionProof(index: index, size: size, from: shared.store)
        let receipt = try Receipt.make(
            for: statement, proof: proof, origin: statement.audience,
            issuer: shared.validators[shared.ownIndex].node.api, at: NodeCore.posixTime(),
            with: shared.logKey)
        return (receipt.bytes, size)
    }

    /// The receipts of all validators that answer in time, this node's first.
    func allReceipts(index: UInt64) async throws -> [[UInt8]]? {
        guard let own = try receipt(index: index) else { return nil }
        let peers = shared.mesh.connectedPeers()
        let id = nextID.withLock { id in
            defer { id += 1 }
            return id
        }
        let isOpen = requests.withLock { requests in
            guard requests.count < Self.requestsMax, !peers.isEmpty else { return false }
            requests[id] = Request(open: peers.count)
            return true
        }
        guard isOpen else { return [own.bytes] }
        let frame = PeerMessage.receiptRequest(id: id, index: index).frame
        for peer in peers where !shared.mesh.send(frame, to: peer) { take(id: id, receipt: nil) }
        let timeout = Task {
            try await Task.sleep(for: Self.patience)
            finish(id)
        }
        defer { timeout.cancel() }
        let others = await withCheckedContinuation { continuation in
            let ready = requests.withLock { requests -> [[UInt8]]? in
                guard let request = requests[id], request.open > 0 else {
                    return requests.removeValue(forKey: id)?.receipts ?? []
                }
                requests[id]?.continuation = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
        return [own.bytes] + others
    }

    /// Takes a peer's answer; nil if it could not be asked.
    func take(id: UInt64, receipt: [UInt8]?) {
        let isLast = requests.withLock { requests in
            guard var request = requests[id] else { return false }
            if let receipt { request.receipts.append(receipt) }
            request.open -= 1
            requests[id] = request
            return request.open == 0 && request.continuation != nil
        }
        if isLast { finish(id) }
    }

    private func finish(_ id: UInt64) {
        let request = requests.withLock { requests -> Request? in
            guard requests[id]?.continuation != nil else {
                requests[id]?.open = 0
                return nil
            }
            return requests.removeValue(forKey: id)
        }
        request?.continuation?.resume(returning: request?.receipts ?? [])
    }
}

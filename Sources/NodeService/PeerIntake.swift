import Foundation
import Ledger
import Logging
import PeerNetwork
import QuotaCrypto

/// What comes from the peers: agreement goes straight to the core, statements are checked first on a
/// thread of their own, so that a flood of them does not hold up a vote.
final class PeerIntake: Sendable {
    private struct Batch: Sendable {
        let peer: Int
        let statements: [[UInt8]]
    }

    private let shared: NodeShared
    private let inbox: Inbox<CoreInput>
    private let receipts: ReceiptDesk
    private let snapshots: SnapshotDesk
    private let batches = Inbox<Batch>(capacity: 256, bytesMax: 32 << 20) { batch in
        batch.statements.reduce(0) { $0 + $1.count }
    }

    init(
        shared: NodeShared,
        inbox: Inbox<CoreInput>,
        receipts: ReceiptDesk,
        snapshots: SnapshotDesk
    ) {
        self.shared = shared
        self.inbox = inbox
        self.receipts = receipts
        self.snapshots = snapshots
    }

    /// Takes events until the mesh ends.
    func run() async {
        let thread = Thread { self.checkStatements() }
        thread.name = "intake"
        thread.start()
        snapshots.start()
        for await event in shared.mesh.events {
            switch event {
            case .connected(let peer):
                shared.logger.info("peer connected", metadata: ["peer": "\(shared.name(of: peer))"])
                inbox.insist(.connected(peer))
            case .disconnected(let peer, let reason):
                shared.logger.info(
                    "peer disconnected",
                    metadata: ["peer": "\(shared.name(of: peer))", "reason": "\(reason)"]
                )
                inbox.insist(.disconnected(peer))
            case .frame(let peer, let frame):
                await take(frame, from: peer)
            }
        }
    }

    /// Ends the threads that check statements and hand over snapshots.
    func stop() {
        batches.close()
        snapshots.stop()
    }

    private func take(_ frame: Frame, from peer: Int) async {
        if frame.kind == PeerMessage.Kind.consensus.rawValue {
            await hand(.consensus(from: peer, bytes: frame.payload))
            return
        }
        guard let message = PeerMessage(frame) else {
            shared.logger.warning(
                "disconnecting a peer that sent a malformed frame",
                metadata: ["peer": "\(shared.name(of: peer))", "kind": "\(frame.kind)"]
            )
            shared.mesh.disconnect(peer, reason: "malformed frame of kind \(frame.kind)")
            return
        }
        switch message {
        case .statements(let statements):
            // A full queue drops them: whoever took them from a client pushes them again.
            _ = batches.offer(Batch(peer: peer, statements: statements))
        case .checkpoint(let note):
            await hand(.checkpoint(from: peer, note: note))
        case .receiptRequest(let id, let index):
            let receipt = try? receipts.receipt(index: index)?.bytes
            let answer = PeerMessage.receipt(id: id, receipt: receipt ?? [])
            shared.mesh.send(answer.frame, to: peer)
        case .receipt(let id, let receipt):
            receipts.take(id: id, receipt: receipt.isEmpty ? nil : receipt, from: peer)
        case .snapshotRequest(let id, let request):
            snapshots.take(request, id: id, from: peer)
        case .snapshotAnswer(let id, let answer):
            await hand(.snapshotAnswer(from: peer, id: id, answer))
        }
    }

    /// Hands an input to the core; while its inbox is full the peer's socket is not read.
    private func hand(_ input: CoreInput) async {
        while !inbox.offer(input) {
            guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return }
        }
    }

    // MARK: The checking thread

    private func checkStatements() {
        while !batches.isClosed {
            for batch in batches.drain(until: .now() + .seconds(1)) {
                let statements = batch.statements.compactMap { check($0, from: batch.peer) }
                guard !statements.isEmpty else { continue }
                _ = inbox.offer(.gossip(statements))
            }
        }
    }

    /// The statement in `bytes`, if it is one of a member of this ledger.
    private func check(_ bytes: [UInt8], from peer: Int) -> Statement? {
        do {
            let statement = try Statement.decode(bytes)
            guard !shared.verified.contains(statement.leafHash) else { return statement }
            try shared.current.final.checkSignature(statement)
            shared.verified.insert(statement.leafHash)
            return statement
        } catch let refusal as Refusal where refusal.code == .unknownIssuer {
            // The peer may know a member that this node has still to learn of.
            return nil
        } catch {
            shared.logger.warning(
                "disconnecting a peer that pushed a bad statement",
                metadata: ["peer": "\(shared.name(of: peer))", "error": "\(error)"]
            )
            shared.mesh.disconnect(peer, reason: "bad statement")
            return nil
        }
    }
}

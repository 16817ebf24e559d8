import Consensus
import Foundation
import Ledger
import LedgerStore
import Logging
import MerkleLog
import PeerNetwork
import QuotaCrypto
import Transparency

extension NodeCore {
    /// How long a merged note may wait before it is stored, in ms.
    ///
    /// A lost note is gathered again.
    private static let noteStorePause: UInt64 = 1_000

    /// Promises never to sign another tree of this size: durable before a signature leaves.
    func promiseHead() {
        guard !abstains else { return }
        for signer in ["log", "cosigner"] {
            turn.batch.signedSizes.append(
                SignedSize(signer: signer, size: final.size, root: final.tree.root)
            )
        }
    }

    /// Signs the head that this turn made durable, tells the peers, and shows both to readers.
    ///
    /// Who lost votes may have lost promises with them, and signs nothing until it has caught up.
    func publishHead() {
        if roster.ownIndex == nil || abstains {
            book.follow(final)
        } else if let note = book.sign(
            final,
            log: roster.keys.logSigner,
            cosigner: roster.keys.cosigner,
            time: Self.posixTime()
        ) {
            let frame = PeerMessage.checkpoint(note: note).frame
            for peer in roster.slots { shared.mesh.send(frame, to: peer) }
        }
        for (peer, note) in book.takeAhead() { take(note, from: peer) }
        showPublished()
    }

    /// Signs the newest head again, so that readers of an idle ledger see that the quorum is alive.
    ///
    /// The tree is one that this node has already promised to sign no other of; a turn that makes
    /// another one final signs that instead.
    func renewHead() {
        guard !turn.committed else { return }
        renewals += 1
        publishHead()
    }

    /// Sets the time of the next renewal.
    func scheduleRenewal() {
        let seconds = UInt64(shared.configuration.renewalSeconds)
        deadlines.set(.renewal, at: Self.now() + seconds * 1_000)
    }

    /// Takes a peer's checkpoint.
    func takeCheckpoint(_ bytes: [UInt8], from peer: Int) {
        let name = shared.name(of: peer)
        let note: SignedNote
        do {
            note = try SignedNote(bytes)
        } catch {
            logger.warning(
                "disconnecting a peer that sent a malformed checkpoint",
                metadata: ["peer": "\(name)", "error": "\(error)"]
            )
            shared.mesh.disconnect(peer, reason: "malformed checkpoint")
            return
        }
        take(note, from: peer)
    }

    private func take(_ note: SignedNote, from peer: Int) {
        let name = shared.name(of: peer)
        switch book.add(note, from: peer) {
        case .merged:
            showPublished()
        case .known, .ahead:
            break
        case .refused(let reason):
            logger.warning(
                "disconnecting a peer that sent a checkpoint with bad signatures",
                metadata: ["peer": "\(name)", "reason": "\(reason)"]
            )
            shared.mesh.disconnect(peer, reason: "bad checkpoint: \(reason)")
        case .fork(let signers):
            for key in signers { report(note, signedBy: key) }
        }
    }

    /// Keeps the proof that a validator signed two trees of one size; who passed it on is not to blame.
    private func report(_ note: SignedNote, signedBy key: NoteKey) {
        let signer = roster.validators.firstIndex { $0.node.log.bytes == key.publicKey.bytes }
        guard let signer else { return }
        logger.critical(
            "a validator signed another tree of this size: the note is evidence",
            metadata: ["member": "\(roster.name(position: signer))", "note": "\(note.description)"]
        )
        turn.batch.evidence.append(
            StoredEvidence(
                code: "fork",
                epoch: replica.configuration.epoch,
                view: replica.view,
                member: UInt64(signer),
                bytes: note.bytes
            )
        )
    }

    /// Stores the notes that gained lines.
    func storeNotes() {
        turn.batch.checkpoints += book.takeUnstored()
        if let seal = book.takeUnstoredSeal() { turn.batch.seals.append(seal) }
    }

    /// Shows the newest published checkpoint and the end of the last epoch to readers, and sees to it that it is stored.
    ///
    /// A turn that has committed shows both at its end: its state is not durable yet.
    func showPublished() {
        guard !turn.committed else { return }
        shared.show(
            NodeShared.View(
                final: final,
                published: book.published,
                witnessed: book.witnessed,
                seal: book.seal,
                renewals: renewals
            )
        )
        if book.hasUnstored { deadlines.set(.notes, at: Self.now() + Self.noteStorePause) }
    }
}

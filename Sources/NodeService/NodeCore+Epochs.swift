import Consensus
import Ledger
import LedgerStore
import Logging
import MerkleLog
import PeerNetwork
import QuotaCrypto
import Transparency
import Votes

extension NodeCore {
    /// Goes over to the epoch that the last final block began: other validators, perhaps other keys of
    /// this node, another replica.
    ///
    /// The old keys sign the sealing block's checkpoint a last time, so that readers who know the old
    /// validators learn of the new ones.
    func changeEpoch() {
        let old = roster
        // The end of the epoch before may have gained lines that are not stored yet.
        storeNotes()
        turn.seal = sealPage(signedBy: old)
        let keys = shared.keys(for: final, besides: old.keys)
        take(roster: keys)
        logger.notice(
            "a new epoch begins",
            metadata: [
                "epoch": "\(roster.epoch)",
                "validators": "\(roster.validators.map(\.id).joined(separator: " "))",
                "role": "\(roster.ownIndex == nil ? "follows" : "votes")",
            ]
        )
        let (next, effects) = replica.succeeded(
            by: Self.settings(final, root: finalID, roster, shared.configuration),
            signer: keys.vote,
            verifier: Ed25519VoteVerifier(keys: roster.validators.map(\.node.vote))
        )
        for effect in effects { perform(effect) }
        replica = next
        requireMark()
        executed = [:]
        book.begin(policy: trustPolicy(), seal: turn.seal)
        replicaInputs = [.start, .workAvailable(!pool.isEmpty)]
        let connected = Set(shared.mesh.connectedPeers())
        for link in roster.links where connected.contains(link.slot) {
            replicaInputs.append(.connected(link.position))
        }
    }

    /// Takes who is linked to this node from the final state, with the given keys.
    func take(roster keys: NodeKeys) {
        do throws(NodeError) {
            roster = try Roster(
                final,
                member: roster.member,
                keys: keys,
                cards: shared.peerCards,
                slots: &slots
            )
        } catch {
            logger.critical("stopping: \(error)")
            shared.stopAbruptly()
        }
        shared.show(roster: roster)
        shared.mesh.update(peers: roster.links.map(\.peer), identity: keys.transport)
    }

    /// Links this node to those who are to join, as soon as it is decided.
    func noteNewcomers() {
        let newcomers = final.epoch.newcomers.map(\.node.transport)
        guard newcomers != linkedNewcomers else { return }
        linkedNewcomers = newcomers
        guard final.epoch.number == replica.configuration.epoch else { return }
        let before = roster
        take(roster: roster.keys)
        replica.link(observers: roster.observerCount)
        // Positions after those of the validators may mean others now.
        for link in roster.links where before.link(slot: link.slot) != link {
            replica.forget(link: link.position)
        }
    }

    /// The trust policy of the epoch.
    func trustPolicy() -> TrustPolicy {
        do {
            return try final.trustPolicy()
        } catch {
            logger.critical("stopping: no trust policy", metadata: ["error": "\(error)"])
            shared.stopAbruptly()
        }
    }

    /// What the replica of the epoch of `state` is made with.
    static func settings(
        _ state: LedgerState,
        root: BlockID,
        _ roster: Roster,
        _ configuration: NodeConfiguration
    ) -> Configuration {
        Configuration(
            chainID: state.chainID,
            epoch: state.epoch.number,
            root: root,
            committee: Committee(count: roster.validators.count, seal: root.digest),
            ownIndex: roster.ownIndex,
            observerCount: roster.observerCount,
            timeouts: Timeouts(viewBase: UInt64(configuration.viewTimeoutMilliseconds)),
            limits: Node.limits,
            jitterSeed: UInt64(roster.ownIndex ?? roster.validators.count)
        )
    }

    /// The last final block, by the name that votes give it.
    var finalID: BlockID { BlockID(height: final.height, digest: finalDigest) }

    // MARK: The end of an epoch

    /// The page of the sealing block's checkpoint with this node's lines, by the keys of the old epoch.
    private func sealPage(signedBy old: Roster) -> SealPage? {
        var page = SealPage(
            epoch: old.epoch,
            size: final.size,
            text: final.checkpointText,
            policy: book.policy,
            next: final.validators
        )
        if old.ownIndex != nil {
            let checkpoint = Checkpoint(
                origin: final.origin,
                size: final.size,
                root: final.tree.root
            )
            page?.merge([
                old.keys.logSigner.sign(final.checkpointText),
                old.keys.cosigner.cosign(checkpoint, timestamp: Self.posixTime()),
            ])
        }
        // Created here, and sent only after it and the promise are durable.
        if let page { turn.batch.seals.append(page.stored) }
        for signer in ["log", "cosigner"] {
            turn.batch.signedSizes.append(
                SignedSize(signer: signer, size: final.size, root: final.tree.root)
            )
        }
        return page
    }

    /// Passes on what this turn signed at the end of the old epoch, and lets go of keys that are over.
    func publishSeal(_ page: SealPage) {
        send(page)
        shared.eraseKeys(otherThan: roster.keys)
    }

    /// Sends the checkpoint that ended the last epoch, with the lines known so far.
    func send(_ page: SealPage, to slot: Int? = nil) {
        guard !page.note.signatures.isEmpty else { return }
        let frame = PeerMessage.checkpoint(note: page.note.bytes).frame
        for link in slot.map({ [$0] }) ?? roster.slots { shared.mesh.send(frame, to: link) }
    }

    // MARK: Joining

    /// Says once that this node is ready for the next epoch, if it is awaited and holds the ledger.
    func declareReadiness() {
        let epoch = final.epoch
        guard let awaited = epoch.awaited.first(where: { $0.id == roster.member }),
            declared != awaited.node.digest, isLevel,
            let keys = shared.keys(matching: awaited.node)
        else { return }
        do {
            let statement = try StatementDraft(
                .ready(
                    ReadyBody(
                        epoch: epoch.number + 1,
                        node: awaited.node.digest,
                        size: final.size
                    )
                ),
                issuer: roster.member,
                audience: final.origin,
                issuedAt: Self.posixTime()
            ).signed(with: keys.log)
            declared = awaited.node.digest
            makeMark()
            takeOwn(statement)
            logger.notice(
                "ready for the next epoch",
                metadata: ["epoch": "\(epoch.number + 1)", "size": "\(final.size)"]
            )
        } catch {
            logger.error("cannot declare readiness", metadata: ["error": "\(error)"])
        }
    }

    /// Whether a quorum of validators says that it is no further than this node.
    private var isLevel: Bool {
        let known = roster.links.filter { $0.position < roster.validators.count }
            .compactMap { replica.status(of: $0.position)?.height }
        let others = known.count { $0 <= final.height } + (roster.ownIndex == nil ? 0 : 1)
        return others >= Validator.threshold(of: roster.validators.count)
    }
}

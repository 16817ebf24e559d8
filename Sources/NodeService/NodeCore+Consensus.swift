import Consensus
import Foundation
import Ledger
import LedgerStore
import Logging
import PeerNetwork
import QuotaCrypto

/// A block that was built or verified on its parent, and the state after it.
struct ExecutedBlock {
    let block: Block
    let parent: Digest
    let state: LedgerState
    let leaves: Set<Digest>
}

extension NodeCore {
    /// How far a block's time may be from this node's clock before it does not vote, in seconds.
    static let clockSkewMax: UInt64 = 60

    /// Performs one effect of the replica.
    func perform(_ effect: Effect) {
        switch effect {
        case .persist(let records):
            turn.batch.consensus += records.map { (key: $0.key, value: $0.value) }
        case .broadcast(let message):
            turn.sends.append((nil, frame(message)))
        case .send(let peer, let message):
            guard let slot = roster.slot(position: peer) else { return }
            turn.sends.append((slot, frame(message)))
        case .setTimer(let timer, let delay):
            deadlines.set(.replica(timer), at: Self.now() + delay)
        case .cancelTimer(let timer):
            deadlines.cancel(.replica(timer))
        case .build(let request):
            feed(.built(request, build(request)))
        case .execute(let request):
            feed(.executed(request.id, execute(request)))
        case .load(let request):
            feed(.loaded(request, load(request)))
        case .commit(let commit):
            self.commit(commit)
        case .evidence(let pair):
            logger.warning("a member broke the voting rules", metadata: ["evidence": "\(pair)"])
            accusations.append(pair)
        case .alarm(let alarm):
            logger.critical(
                "this node votes no more: more than f members are faulty, or there is a defect",
                metadata: ["alarm": "\(alarm)"]
            )
            gauges.raise("this node votes no more: \(alarm)")
        case .disconnect(let member, let reason):
            logger.warning(
                "disconnecting a peer that broke the protocol",
                metadata: ["peer": "\(roster.name(position: member))", "reason": "\(reason)"]
            )
            guard let slot = roster.slot(position: member) else { return }
            shared.mesh.disconnect(slot, reason: reason.description)
        }
    }

    private func frame(_ message: Message) -> Frame {
        Frame(kind: PeerMessage.Kind.consensus.rawValue, payload: message.encoded())
    }

    // MARK: Blocks

    /// The state after a block: the final one, or one of those above it.
    private func state(after digest: Digest) -> LedgerState? {
        digest == finalDigest ? final : executed[digest]?.state
    }

    /// Whether a statement stands in an unfinished block of the chain that ends in `tip`.
    private func isTaken(_ leaf: Digest, below tip: Digest) -> Bool {
        var digest = tip
        while let block = executed[digest] {
            if block.leaves.contains(leaf) { return true }
            digest = block.parent
        }
        return false
    }

    /// How often a block is tried when all that waits longest is refused.
    private static let buildRoundsMax = 4

    private func build(_ request: BuildRequest) -> BlockBody? {
        // A block that seals the epoch has none above it in this epoch.
        guard let parent = state(after: request.parent.digest),
            parent.epoch.number == replica.configuration.epoch
        else { return nil }
        let context = BlockContext(
            view: request.view,
            proposer: roster.name(position: request.proposer),
            time: max(parent.blockTime, Self.posixTime())
        )
        for _ in 0..<Self.buildRoundsMax {
            let candidates = pool.candidates(
                excluding: { isTaken($0, below: request.parent.digest) },
                maxCount: BlockLimits.statementCountMax,
                maxBytes: BlockLimits.statementBytesMax
            )
            guard !candidates.isEmpty else { return nil }
            let built = parent.build(candidates, context: context)
            let dropped = refuseFinally(built.refused.map(\.statement))
            if let (block, state) = built.result {
                remember(block, parent: request.parent.digest, state: state)
                return BlockBody(digest: block.digest, payload: block.encoded())
            }
            guard dropped > 0 else { return nil }
        }
        return nil
    }

    private func execute(_ request: ExecuteRequest) -> ExecutionOutcome {
        guard executed[request.block.digest] == nil else { return .valid }
        guard let parent = state(after: request.parent.digest) else {
            logger.error("asked to execute a block without its parent")
            return .invalid
        }
        guard parent.epoch.number == replica.configuration.epoch else { return .invalid }
        let block: Block
        do {
            block = try Block.decode(request.payload) { pool.statement($0) }
        } catch {
            logger.warning(
                "bytes that are no block",
                metadata: [
                    "proposer": "\(roster.name(position: request.proposer))", "error": "\(error)",
                ]
            )
            return .mismatched
        }
        guard block.digest == request.block.digest else { return .mismatched }
        do {
            let context = BlockContext(
                view: request.view,
                proposer: roster.name(position: request.proposer),
                time: block.header.time
            )
            let state = try parent.verify(
                block,
                expecting: context,
                isVerified: shared.verified.contains
            )
            for statement in block.statements { shared.verified.insert(statement.leafHash) }
            remember(block, parent: request.parent.digest, state: state)
        } catch {
            logger.warning(
                "refusing a block",
                metadata: [
                    "proposer": "\(roster.name(position: request.proposer))",
                    "height": "\(request.block.height)", "error": "\(error)",
                ]
            )
            return .invalid
        }
        let now = Self.posixTime()
        let time = block.header.time
        let skew = time > now ? time - now : now - time
        return skew > Self.clockSkewMax ? .validButUntimely : .valid
    }

    private func remember(_ block: Block, parent: Digest, state: LedgerState) {
        executed[block.digest] = ExecutedBlock(
            block: block,
            parent: parent,
            state: state,
            leaves: Set(block.statements.map(\.leafHash))
        )
    }

    /// POSIX seconds by this node's clock.
    static func posixTime() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }
}

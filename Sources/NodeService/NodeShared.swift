import Foundation
import Ledger
import LedgerStore
import Logging
import PeerNetwork
import QuotaCrypto
import Synchronization
import Transparency

/// The store's filter, under a name that does not meet the one of the HTTP interface.
typealias StoredClaimFilter = ClaimFilter

/// What the threads of a node share: constants, the store, the peers, and the view for readers.
final class NodeShared: Sendable {
    /// What readers see: one final state and one published checkpoint, both complete.
    struct View: Sendable {
        /// The state after the last final block.
        var final: LedgerState
        /// The newest checkpoint with a quorum, nil before there is one.
        var published: CheckpointBook.Page?
        /// The checkpoint that outside witnesses cosigned last, nil before there is one.
        var witnessed: CheckpointBook.Page?
        /// The end of the last epoch with the lines known so far, nil in the first.
        var seal: SealPage?
        /// How often the head was signed again while the ledger rested.
        var renewals: UInt64 = 0
    }

    let configuration: NodeConfiguration
    let store: LedgerStore
    let mesh: PeerMesh
    let logger: Logger
    /// Where the seeds of the node's keys are.
    let home: NodeHome
    /// Newer cards of other members.
    let peerCards: PeerCards
    /// The witness of logs of others.
    let foreign: ForeignWitness
    let verified = VerifiedStatements(capacity: 200_000)
    /// The operator's outside witnesses, each with a stream that has an element after every new
    /// published size and every renewal.
    let outsideWitnesses: [(witness: OutsideWitness, news: AsyncStream<Void>)]
    private let newsWriters: [AsyncStream<Void>.Continuation]
    private let view: Mutex<View>
    private let present: Mutex<Roster>

    init(
        configuration: NodeConfiguration,
        store: LedgerStore,
        mesh: PeerMesh,
        logger: Logger,
        home: NodeHome,
        roster: Roster,
        peerCards: PeerCards,
        foreign: ForeignWitness,
        state: LedgerState
    ) {
        self.configuration = configuration
        self.store = store
        self.mesh = mesh
        self.logger = logger
        self.home = home
        self.peerCards = peerCards
        self.foreign = foreign
        present = Mutex(roster)
        view = Mutex(View(final: state, published: nil))
        let streams = configuration.witnesses.map { _ in
            AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }
        outsideWitnesses = zip(configuration.witnesses, streams).map { ($0, $1.stream) }
        newsWriters = streams.map(\.continuation)
    }

    /// Who takes part now.
    var roster: Roster { present.withLock { $0 } }

    /// Shows readers who takes part from now on.
    func show(roster: Roster) { present.withLock { $0 = roster } }

    /// The member id at the other end of a link.
    func name(of slot: Int) -> String { roster.name(slot: slot) }

    // MARK: Keys

    /// The keys of this node in the epoch of `state`: those that wait for it, if its card names them.
    func keys(for state: LedgerState, besides present: NodeKeys) -> NodeKeys {
        let card = state.validators.first { $0.id == configuration.member }?.node
        guard let card, !present.match(card) else { return present }
        return keys(matching: card) ?? present
    }

    /// The keys in the home that are those on a card.
    func keys(matching card: NodeCard) -> NodeKeys? {
        NodeKeys.matching(card, in: home, configuration)
    }

    /// Replaces the seed of keys that ended with an epoch by the one that waited for its end.
    func eraseKeys(otherThan keys: NodeKeys) {
        do {
            guard try NodeKeys.promote(keys, in: home, configuration) else { return }
            logger.notice("the old keys of this node are erased")
        } catch {
            logger.error("cannot erase the old keys", metadata: ["error": "\(error)"])
        }
    }

    /// What readers see now.
    var current: View { view.withLock { $0 } }

    /// Shows a new state to readers.
    func show(_ new: View) {
        let before = view.withLock { view in
            defer { view = new }
            return view
        }
        guard let published = new.published,
            published.state.size != before.published?.state.size || new.renewals != before.renewals
        else { return }
        for writer in newsWriters { writer.yield() }
    }

    /// Ends the process when memory and disk may no longer agree; a restart is the cure.
    func stopAbruptly() -> Never { exit(70) }
}

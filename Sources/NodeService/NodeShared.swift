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
    }

    let configuration: NodeConfiguration
    let store: LedgerStore
    let mesh: PeerMesh
    let logger: Logger
    let logKey: Ed25519.PrivateKey
    let logSigner: NoteSigner
    let cosigner: Cosigner
    /// The validators of the epoch, by position: their order is that of consensus.
    let validators: [Validator]
    /// This node's position.
    let ownIndex: Int
    let verified = VerifiedStatements(capacity: 200_000)
    private let view: Mutex<View>

    init(
        configuration: NodeConfiguration,
        store: LedgerStore,
        mesh: PeerMesh,
        logger: Logger,
        keys: NodeKeys,
        ownIndex: Int,
        state: LedgerState
    ) {
        self.configuration = configuration
        self.store = store
        self.mesh = mesh
        self.logger = logger
        logKey = keys.log
        logSigner = keys.logSigner
        cosigner = keys.cosigner
        validators = state.validators
        self.ownIndex = ownIndex
        view = Mutex(View(final: state, published: nil))
    }

    /// The positions of the other validators.
    var peerIndices: [Int] { validators.indices.filter { $0 != ownIndex } }

    /// The member id of the validator at `position`.
    func name(of position: Int) -> String {
        validators.indices.contains(position) ? validators[position].id : "#\(position)"
    }

    /// What readers see now.
    var current: View { view.withLock { $0 } }

    /// Shows a new state to readers.
    func show(final: LedgerState, published: CheckpointBook.Page?) {
        view.withLock { $0 = View(final: final, published: published) }
    }

    /// Ends the process when memory and disk may no longer agree; a restart is the cure.
    func stopAbruptly() -> Never { exit(70) }
}

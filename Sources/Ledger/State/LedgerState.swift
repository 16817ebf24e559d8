import HashTreeCollections
public import MerkleLog
public import QuotaCrypto
public import QuotaRules
public import StateMap
import Transparency

/// The whole state of a ledger after one block: a value, cheap to copy, safe to throw away.
///
/// Everything in it follows from the leaves. Copies share their structure, so several blocks that
/// are not final yet can each have a state of their own. A block becomes part of the ledger when its
/// caller keeps the state that ``build(_:context:)`` or ``verify(_:expecting:keepsJournal:isVerified:)`` gave.
public struct LedgerState: Sendable {
    /// The origin of the log.
    public let origin: String
    /// SHA-256 of the genesis statement: what votes and connections name the ledger by.
    public let chainID: Digest
    /// The bytes of the genesis statement, leaf 0.
    public let genesis: [UInt8]
    /// The header of the last block.
    public internal(set) var lastHeader: BlockHeader
    /// The leaf hash of the last block's header.
    public internal(set) var lastHeaderHash: Digest
    /// The log's right edge: size and root.
    public internal(set) var tree: CompactTree
    /// The state map, whose root the last header names.
    public internal(set) var map: StateMap
    /// The policy in force; after a withdrawal the last one that was, see ``withdrawnBy``.
    public internal(set) var policy: Adopted<Policy>
    /// The chip catalogue in force.
    public internal(set) var catalogue: Adopted<ChipCatalogue>
    /// The validators in force, and those to come.
    public internal(set) var epoch: Epoch
    /// What the last block changed in the state map, for a store that keeps the map beside the log.
    ///
    /// Each key once. Empty for a state that was restored.
    public internal(set) var lastChanges: [StateChange]
    /// What each statement of the last block did to accounts, in order.
    ///
    /// Empty unless ``verify(_:expecting:keepsJournal:isVerified:)`` was asked to keep it.
    public internal(set) var journal: [AccountChange] = []
    var memberTable: TreeDictionary<String, Member>
    var organisationTable: TreeDictionary<String, Organisation>
    var accountTable: TreeDictionary<AccountKey, AccountTotal>
    var governance: Governance
    /// Which claims have something that runs out.
    var dueIndex = DueIndex()
    /// The claims that were there before and that the last block changed: by an event, a
    /// cancellation, or because something ran out.
    ///
    /// One may stand here twice.
    public internal(set) var lastChangedClaims: [ClaimReference] = []

    /// The validators that sign the next checkpoint, ascending by id.
    public var validators: [Validator] { epoch.validators }

    /// The number of blocks after genesis.
    public var height: UInt64 { lastHeader.height }

    /// The time of the last block, POSIX seconds.
    public var blockTime: UInt64 { lastHeader.time }

    /// The size of the log.
    public var size: UInt64 { tree.size }

    /// The index of the proposal that withdrew the last policy; nil while a policy is in force.
    public var withdrawnBy: UInt64? { governance.withdrawnBy }

    /// What a header names: the index of the statement that holds the policy in force, or of the
    /// proposal that withdrew the last one.
    public var policyIndex: UInt64 { withdrawnBy ?? policy.index }

    /// The text of the checkpoint at this state: origin, size and root, a line each.
    public var checkpointText: String {
        Self.checkpointText(origin: origin, size: tree.size, root: tree.root)
    }

    /// The text of a checkpoint of the log `origin`.
    public static func checkpointText(origin: String, size: UInt64, root: Digest) -> String {
        Checkpoint(origin: origin, size: size, root: root).text
    }
}

/// One change of the state map.
public struct StateChange: Hashable, Sendable {
    /// The key.
    public let key: [UInt8]
    /// The new value, or nil if the key is removed.
    public let value: [UInt8]?

    init(_ change: (key: [UInt8], value: [UInt8]?)) {
        key = change.key
        value = change.value
    }
}

/// A document in force with its place in the log.
public struct Adopted<Document: Hashable & Sendable>: Hashable, Sendable {
    /// The document.
    public let document: Document
    /// Its deterministic CBOR, as it was adopted.
    public let bytes: [UInt8]
    /// The index of the statement that adopted it; the first stands in the genesis statement, 0.
    public let index: UInt64

    init(_ document: Document, bytes: [UInt8], index: UInt64) {
        self.document = document
        self.bytes = bytes
        self.index = index
    }
}

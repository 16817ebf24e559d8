public import QuotaCrypto
package import Votes

/// One entry of the replica's durable store: a key with a value, or a key to delete.
///
/// The driver keeps a map from key to value beside the ledger. Writing a key again replaces its
/// value. After a restart it hands back the current entries, in any order.
public struct DurableRecord: Hashable, Sendable {
    /// What the record is about; unique within the store, at most 64 bytes.
    public let key: [UInt8]
    /// The value to store, or nil to delete the key.
    public let value: [UInt8]?

    /// Pairs a key with its value.
    public init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }

    /// The contradicting votes that a store holds, of every epoch.
    package static func evidence(in records: [DurableRecord]) -> [EvidencePair] {
        records.filter { $0.key.starts(with: DurableKey.evidencePrefix) }.compactMap { record in
            record.value.flatMap { try? EvidencePair.decode($0) }
        }
    }
}

/// The last final proposal: what a replica never takes back.
public struct FinalizedTip: Hashable, Sendable {
    /// Its view; 0 for the root of the epoch.
    public let view: UInt64
    /// Its identifier; for the root, the digest of the root block.
    public let proposal: Digest
    /// The block it made final.
    public let block: BlockID
    /// The finalization; nil for the root.
    public let certificate: Certificate?

    /// Gathers the parts.
    public init(view: UInt64, proposal: Digest, block: BlockID, certificate: Certificate?) {
        self.view = view
        self.proposal = proposal
        self.block = block
        self.certificate = certificate
    }

    /// The tip before anything is final: the root of the epoch.
    init(root: BlockID) {
        self.init(view: 0, proposal: root.digest, block: root, certificate: nil)
    }
}

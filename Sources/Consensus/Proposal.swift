internal import CBOR
public import QuotaCrypto

/// What the leader of a view asks the others to accept (section 2.2 of the protocol).
///
/// An *echo* proposal names the block of its parent again: it adds nothing to the ledger and exists
/// only to bring an unfinished tip to finality.
public struct Proposal: Hashable, Sendable {
    /// SHA-256 of the genesis statement.
    public let chainID: Digest
    /// The epoch, which fixes the members and their keys.
    public let epoch: UInt64
    /// The view this proposal was made in, at least 1.
    public let view: UInt64
    /// The view of the parent proposal; 0 is the root of the epoch.
    public let parentView: UInt64
    /// The identifier of the parent proposal; for the root, the digest of its block.
    public let parent: Digest
    /// The digest of the proposed block.
    public let block: Digest
    /// SHA-256 of `"qp1"` followed by `encoded()`: what votes name.
    public let id: Digest

    /// Makes a proposal and its identifier.
    public init(
        chainID: Digest,
        epoch: UInt64,
        view: UInt64,
        parentView: UInt64,
        parent: Digest,
        block: Digest
    ) {
        self.chainID = chainID
        self.epoch = epoch
        self.view = view
        self.parentView = parentView
        self.parent = parent
        self.block = block
        let body = CBORValue.array([
            .digest(chainID), .unsigned(epoch), .unsigned(view), .unsigned(parentView),
            .digest(parent), .digest(block),
        ])
        id = SHA256.hash(Proposal.domain, body.encoded())
    }

    private static let domain = Array("qp1".utf8)
}

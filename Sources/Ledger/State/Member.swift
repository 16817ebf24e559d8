import COSE
public import QuotaCrypto

/// A member as the ledger registered it.
public struct Member: Hashable, Sendable {
    /// The member's card.
    public let card: MemberCard
    /// The index of the statement that holds the card; founders stand in the genesis statement, 0.
    public let index: UInt64
    /// The leaf hash of the card's own statement.
    public let leafHash: Digest
    /// The thumbprint of the member's statement key.
    let kid: Digest

    init(card: MemberCard, index: UInt64, leafHash: Digest) {
        self.card = card
        self.index = index
        self.leafHash = leafHash
        kid = COSEKey.thumbprint(card.statementKey)
    }

    /// The member as a validator, if it is a founder that runs a node.
    var validator: Validator? {
        guard index == 0, let node = card.node else { return nil }
        return Validator(id: card.id, role: card.role, node: node)
    }
}

import CBOR
import COSE
public import QuotaCrypto

/// A member as the ledger registered it.
public struct Member: Hashable, Sendable {
    /// The member's card.
    public let card: MemberCard
    /// The index of the statement by which the member joined; founders stand in the genesis
    /// statement, 0.
    public let index: UInt64
    /// The leaf hash of the member statement by which it joined.
    public let leafHash: Digest
    /// The block time from which the member's present key may sign, POSIX seconds; 0 for founders.
    public let usableFrom: UInt64
    /// The index of the proposal that brought the present card, if it is not the first, or of the
    /// evidence that took the node off it.
    public let changed: UInt64?
    /// The block time at which the membership ended.
    public let ended: UInt64?
    /// The thumbprint of the member's statement key.
    let kid: Digest
    /// The thumbprint of the member's second key.
    let coKid: Digest?

    init(
        card: MemberCard,
        index: UInt64,
        leafHash: Digest,
        usableFrom: UInt64 = 0,
        changed: UInt64? = nil,
        ended: UInt64? = nil
    ) {
        self.card = card
        self.index = index
        self.leafHash = leafHash
        self.usableFrom = usableFrom
        self.changed = changed
        self.ended = ended
        kid = COSEKey.thumbprint(card.statementKey)
        coKid = card.coKey.map { COSEKey.thumbprint($0) }
    }

    /// The member with the card and the times that a registration holds.
    init(_ registration: Registration, _ card: MemberCard) {
        self.init(
            card: card,
            index: registration.index,
            leafHash: registration.leafHash,
            usableFrom: registration.from ?? 0,
            changed: registration.changed,
            ended: registration.ended
        )
    }

    /// The member's key with the given thumbprint, the second one included.
    func key(with kid: Digest) -> Ed25519.PublicKey? {
        if kid == self.kid { return card.statementKey }
        return kid == coKid ? card.coKey : nil
    }

    /// The value under the member's key in the state map.
    var registration: Registration {
        Registration(
            index: index,
            leafHash: leafHash,
            issuer: card.id,
            body: card.cbor.encoded(),
            from: usableFrom == 0 ? nil : usableFrom,
            changed: changed,
            ended: ended
        )
    }

    /// The member as a validator of the next epoch, if it is to run a node.
    var validator: Validator? {
        guard ended == nil, let node = card.node else { return nil }
        return Validator(id: card.id, role: card.role, node: node)
    }
}

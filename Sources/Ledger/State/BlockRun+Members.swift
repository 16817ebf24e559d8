import COSE
import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    private static let cardPath = "$.payload.body.action.card"

    /// Refuses a new member whose card does not stand for itself, or whose id or key is taken.
    func checkAdmission(_ statement: Statement) throws(Refusal) {
        let card = try checkedCard(statement)
        if let member = members[card.id] {
            throw Refusal(
                .conflict,
                "'\(card.id)' is or was a member. Use another id, or the action 'key' for another "
                    + "key.",
                path: "\(Self.cardPath).payload.body.id",
                existing: member.index
            )
        }
        try checkKeys(of: card, besides: nil)
        try checkNode(of: card)
    }

    /// Refuses a key change that is more than that, or whose key is taken.
    func checkRotation(_ statement: Statement) throws(Refusal) {
        let card = try checkedCard(statement)
        let member = try present(card.id, path: "\(Self.cardPath).payload.body.id")
        guard card.role == member.card.role, card.country == member.card.country else {
            throw Refusal(
                .notAuthorised,
                "A key change keeps role and country: \(member.card.role.rawValue) of "
                    + "\(member.card.country).",
                path: "\(Self.cardPath).payload.body"
            )
        }
        guard
            card.statementKey != member.card.statementKey || card.coKey != member.card.coKey
                || card.node != member.card.node
        else {
            throw Refusal(
                .conflict,
                "'\(card.id)' has these keys already.",
                path: "\(Self.cardPath).payload.body.statementKey",
                existing: member.index
            )
        }
        try checkKeys(of: card, besides: card.id)
        try checkNode(of: card)
    }

    /// Refuses a card whose node may not be a validator of the next epoch, or may not cease to be one.
    private func checkNode(of card: MemberCard) throws(Refusal) {
        let path = "\(Self.cardPath).payload.body.node"
        try checkNode(of: card, path: path)
        let validator = card.node.map { Validator(id: card.id, role: card.role, node: $0) }
        try checkValidators(changing: card.id, to: validator, path: path)
    }

    /// Refuses the expulsion of nobody, or of a validator that may not leave now.
    func checkExpulsion(_ id: String) throws(Refusal) {
        let path = "$.payload.body.action.member"
        _ = try present(id, path: path)
        try checkValidators(changing: id, to: nil, path: path)
    }

    /// Refuses a release of a member that no confirmed suspension holds.
    func checkRelease(_ id: String) throws(Refusal) {
        _ = try present(id, path: "$.payload.body.action.member")
        let held = governance.suspended[id].flatMap { governance.suspensions[$0] }
        guard held?.state == .confirmed else {
            throw Refusal(
                .notOpen,
                held == nil
                    ? "'\(id)' is not suspended."
                    : "The suspension of '\(id)' is not confirmed; votes on it end it.",
                path: "$.payload.body.action.member"
            )
        }
    }

    mutating func admitMember(_ statement: Statement) {
        guard case .member(let card) = statement.body else { return }
        set(
            Member(
                card: card,
                index: next,
                leafHash: statement.leafHash,
                usableFrom: coolingOffEnd(days: rules.keyCoolingOffDays)
            )
        )
    }

    mutating func rotateKey(_ statement: Statement, proposal: UInt64) {
        guard case .member(let card) = statement.body, let member = members[card.id] else { return }
        let isNewKey = card.statementKey != member.card.statementKey
        let isNewSecond = card.coKey.map { $0 != member.card.coKey } ?? false
        set(
            Member(
                card: card,
                index: member.index,
                leafHash: member.leafHash,
                usableFrom: isNewKey || isNewSecond
                    ? coolingOffEnd(days: rules.keyCoolingOffDays) : member.usableFrom,
                changed: proposal
            )
        )
        if isNewKey { endSuspension(of: card.id) }
    }

    /// Takes the node off a member's card, which leaves it a member and no validator of the next epoch.
    mutating func removeNode(of member: Member, evidence: UInt64) {
        set(
            Member(
                card: member.card.withoutNode,
                index: member.index,
                leafHash: member.leafHash,
                usableFrom: member.usableFrom,
                changed: evidence,
                ended: member.ended
            )
        )
    }

    mutating func expel(_ id: String, proposal: UInt64) {
        guard let member = members[id] else { return }
        set(
            Member(
                card: member.card,
                index: member.index,
                leafHash: member.leafHash,
                usableFrom: member.usableFrom,
                changed: proposal,
                ended: time
            )
        )
        endSuspension(of: id)
    }

    /// When something new can first be used; 0 if it need not wait.
    func coolingOffEnd(days: UInt64) -> UInt64 { days == 0 ? 0 : time + days * 86_400 }

    private mutating func set(_ member: Member) {
        members[member.card.id] = member
        mustRecount = true
        set(
            .registration(member.registration),
            for: StateKey.registered(.member, id: member.card.id)
        )
        noteValidators()
    }

    private func present(_ id: String, path: String) throws(Refusal) -> Member {
        guard let member = members[id], member.ended == nil else {
            throw Refusal(.unknownMember, "'\(id)' is not a member of this ledger.", path: path)
        }
        return member
    }

    /// The card in a member statement that is for this ledger and by the card's own key.
    private func checkedCard(_ statement: Statement) throws(Refusal) -> MemberCard {
        let path = Self.cardPath
        guard case .member(let card) = statement.body else {
            throw Refusal(.malformed, "expected a member statement", path: path)
        }
        guard statement.identity.issuer == card.id,
            statement.kid == COSEKey.thumbprint(card.statementKey)
        else {
            throw Refusal(
                .wrongKey,
                "a member signs its own card with the key that it brings",
                path: "\(path).protected"
            )
        }
        guard statement.audience == base.origin else {
            throw Refusal(
                .wrongOrigin,
                "the card is for another ledger; this one is \(base.origin)",
                path: "\(path).protected.15.3"
            )
        }
        try statement.checkSecondKey(of: card, known: members[card.id]?.card.coKey, path: path)
        if let organisation = card.organisation, organisations[organisation] == nil {
            throw Refusal(
                .unknownOrganisation,
                "'\(organisation)' is not a registered organisation.",
                path: "\(path).payload.body.organisation"
            )
        }
        return card
    }

    /// Refuses a key that another member or a node has.
    private func checkKeys(of card: MemberCard, besides id: String?) throws(Refusal) {
        let keys = [card.statementKey] + (card.coKey.map { [$0] } ?? [])
        let isTaken = members.contains { other, member in
            other != id && member.card.allKeys.contains(where: keys.contains)
        }
        let isOfNode =
            (card.node?.keys ?? []) + epoch.validators.flatMap(\.node.keys)
        guard !isTaken, !isOfNode.contains(where: keys.contains) else {
            throw Refusal(
                .conflict,
                "A key serves one member and one purpose; make a new one.",
                path: "\(Self.cardPath).payload.body.statementKey"
            )
        }
    }
}

extension MemberCard {
    /// Every public key of the card.
    var allKeys: [Ed25519.PublicKey] {
        [statementKey] + (coKey.map { [$0] } ?? [])
            + (node?.keys ?? [])
    }
}

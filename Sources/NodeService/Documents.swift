import APIModel
import COSE
import Ledger
import LedgerStore
import MerkleLog
import QuotaCrypto
import QuotaRules
import Transparency

// How the ledger's values read in the documents of the HTTP interface.

extension CheckpointSummary {
    init(_ state: LedgerState) {
        self.init(
            size: state.size,
            root: state.tree.root.description,
            time: Timestamp(seconds: state.blockTime)
        )
    }
}

extension QuotaUnit {
    /// An amount in this unit.
    func amount(of value: UInt64) -> Amount {
        switch self {
        case .tpp: .tenths(value)
        case .units: Amount(value, unit: "units")
        case .dollars: Amount(value, unit: "USD")
        }
    }
}

extension LimitDocument {
    init(_ use: LimitUse) {
        self.init(
            limit: use.limitID,
            subject: use.subject,
            period: use.period,
            before: use.unit.amount(of: use.before),
            amount: use.unit.amount(of: use.amount),
            after: use.unit.amount(of: use.after),
            cap: use.cap.map(use.unit.amount(of:)),
            room: use.room.map(use.unit.amount(of:)),
            largestQuantity: use.largestQuantity,
            citation: use.citation
        )
    }
}

extension ReasonDocument {
    init(_ reason: Reason) {
        self.init(
            code: reason.code.rawValue,
            message: reason.message,
            citation: reason.citation,
            field: reason.field
        )
    }
}

extension NoticeDocument {
    init(_ notice: Notice) {
        self.init(
            id: notice.id,
            recipient: notice.recipient,
            message: notice.message,
            isBeforeShipment: notice.isBeforeShipment,
            due: notice.due?.description,
            citation: notice.citation
        )
    }
}

extension AlternativeDocument {
    init(_ alternative: Alternative) {
        self.init(
            authority: alternative.authority,
            outcome: DecisionDocument.Outcome(alternative.outcome),
            review: alternative.review?.rawValue,
            missingEvidence: alternative.missingEvidence,
            largestQuantity: alternative.largestQuantity
        )
    }
}

extension DecisionDocument.Outcome {
    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .admit: .admit
            case .admitWithNotice: .admitWithNotice
            case .needsDecision: .needsDecision
            case .refuse: .refuse
            }
    }
}

extension DecisionDocument {
    init(_ decision: Decision, judgedAt: UInt64?) {
        self.init(
            outcome: Outcome(decision.outcome),
            review: decision.review?.rawValue,
            limits: decision.limits.map(LimitDocument.init),
            notices: decision.notices.map(NoticeDocument.init),
            reasons: decision.reasons.map(ReasonDocument.init),
            alternatives: decision.alternatives.map(AlternativeDocument.init),
            largestQuantity: decision.largestQuantity,
            judgedAt: judgedAt
        )
    }
}

extension RefusalDocument {
    init(_ refusal: Refusal) {
        let decision = refusal.decision
        self.init(
            code: refusal.code.rawValue,
            message: refusal.message,
            field: refusal.path,
            reasons: decision?.reasons.map(ReasonDocument.init) ?? [],
            limits: decision?.limits.map(LimitDocument.init) ?? [],
            alternatives: decision?.alternatives.map(AlternativeDocument.init) ?? [],
            review: decision?.review?.rawValue,
            largestQuantity: refusal.largestQuantity,
            citation: refusal.citation,
            judgedAt: refusal.judgedAt,
            existing: refusal.existing
        )
    }
}

extension AccountDocument {
    /// An account that has a cap; nil for one that only counts.
    init?(_ key: AccountKey, _ total: AccountTotal, policy: Policy) {
        guard let cap = total.cap else { return nil }
        let limit = policy.limits.first { $0.id == key.limit }
        self.init(
            limit: key.limit,
            subject: key.subject,
            country: limit.flatMap { $0.country(in: key.subject) },
            period: key.period,
            cap: total.unit.amount(of: cap),
            consumed: total.unit.amount(of: total.consumed),
            chips: total.consumedChips,
            buckets: Bucket.allCases.filter { total.amounts[$0] > 0 || total.chips[$0] > 0 }.map {
                BucketDocument(
                    bucket: $0.rawValue,
                    amount: total.unit.amount(of: total.amounts[$0]),
                    chips: total.chips[$0]
                )
            },
            released: total.released == 0
                ? nil
                : BucketDocument(
                    bucket: "released",
                    amount: total.unit.amount(of: total.released),
                    chips: total.releasedChips
                ),
            overrides: total.overrides,
            citation: limit?.citation
        )
    }
}

extension Limit {
    /// The country in an account's subject, where the limit counts by country.
    func country(in parts: [String]) -> String? {
        guard let place = subject.firstIndex(of: .destination), parts.indices.contains(place)
        else { return nil }
        return parts[place]
    }
}

extension MemberDocument {
    init(
        _ member: Member,
        suspension: SuspensionRecord?,
        convictions: [Conviction],
        origin: String,
        isValidator: Bool
    ) {
        let card = member.card
        self.init(
            id: card.id,
            name: card.name,
            role: card.role.rawValue,
            country: card.country,
            statementKey: COSEKey.thumbprint(card.statementKey).description,
            coKey: card.coKey.map { COSEKey.thumbprint($0).description },
            organisation: card.organisation,
            usableFrom: member.usableFrom == 0 ? nil : Timestamp(seconds: member.usableFrom),
            ended: member.ended.map { Timestamp(seconds: $0) },
            suspension: suspension.map(SuspensionDocument.init),
            convictedIn: convictions.isEmpty ? nil : convictions.map(\.epoch),
            node: card.node.map {
                NodeDocument($0, member: card.id, origin: origin, isValidator: isValidator)
            }
        )
    }
}

extension NodeDocument {
    init(_ node: NodeCard, member: String, origin: String, isValidator: Bool) {
        self.init(
            isValidator: isValidator,
            logKey: (try? node.logVerifier(origin: origin).vkey) ?? "",
            cosignerKey: (try? node.cosignerVerifier(member: member, origin: origin).vkey) ?? "",
            peer: node.peer,
            api: node.api
        )
    }
}

extension OrganisationDocument {
    init(_ organisation: Organisation) {
        let body = organisation.body
        self.init(
            id: body.id,
            location: body.location,
            headquarters: body.headquarters,
            parent: body.parent?.id ?? body.id,
            parentHeadquarters: body.parent?.headquarters ?? body.headquarters,
            issuer: organisation.issuer
        )
    }
}

extension RoomLimitDocument {
    /// What a limit leaves; nil for one that only counts.
    init?(_ use: LimitUse, namesChip: Bool) {
        guard let cap = use.cap, let room = use.room else { return nil }
        self.init(
            limit: use.limitID,
            subject: use.subject,
            period: use.period,
            cap: use.unit.amount(of: cap),
            consumed: use.unit.amount(of: use.before),
            room: use.unit.amount(of: room),
            largestQuantity: namesChip ? use.largestQuantity : nil,
            citation: use.citation
        )
    }
}

extension CatalogueDocument {
    init(_ catalogue: ChipCatalogue) {
        self.init(
            id: catalogue.id,
            chips: catalogue.items.map {
                ChipDocument(sku: $0.sku, name: $0.name, performance: .tenths($0.tpp.tenths))
            }
        )
    }
}

extension ClaimDocument {
    init(_ claim: StoredClaim, _ body: ClaimBody, entry: Digest) {
        self.init(
            issuer: claim.issuer,
            claim: claim.claim,
            state: claim.state,
            entry: entry.description,
            index: claim.index,
            authority: body.authority,
            destination: body.destination,
            lines: body.lines.map { ClaimLineDocument(sku: $0.sku, quantity: $0.quantity) },
            exported: body.exported.description,
            received: body.received?.description
        )
    }
}

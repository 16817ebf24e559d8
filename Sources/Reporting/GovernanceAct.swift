import Ledger
import QuotaRules

/// A statement about the ledger itself: who belongs to it, and by which rules it decides.
struct GovernanceAct: Sendable {
    let index: UInt64
    let time: UInt64
    let kind: StatementKind
    let issuer: String
    let subject: String
    /// Who approved beside the issuer, ascending.
    let approvers: [String]
    /// What it says, in a few words.
    let words: String

    /// The act that a statement is; nil for claims and what happens to them.
    init?(_ statement: Statement, index: UInt64, time: UInt64) {
        self.index = index
        self.time = time
        kind = statement.identity.kind
        issuer = statement.identity.issuer
        subject = statement.identity.subject
        approvers = statement.approvals.map(\.approver)
        switch statement.body {
        case .genesis(let body): words = "\(body.members.count) founders"
        case .member(let card): words = "\(card.role.rawValue) of \(card.country)"
        case .suspension(let body): words = "of \(body.member)"
        case .proposal(let body): words = body.action.matter.rawValue
        case .vote(let body): words = "\(body.choice.rawValue) \(body.on)"
        case .organisation(let body):
            words = "in \(body.location)" + (body.parent.map { ", parent \($0.id)" } ?? "")
        case .inventory(let body): words = "\(body.lines.count) items on \(body.date)"
        case .facility(let body): words = "in \(body.country)"
        case .ready(let body): words = "for epoch \(body.epoch)"
        case .evidence(let body): words = body.sentence
        case .storage, .claim, .event, .cancel: return nil
        }
    }
}

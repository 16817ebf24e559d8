import Ledger
import QuotaCrypto
import QuotaRules

/// A claim as it stands in a book: what it says, and what that meant when it was admitted.
struct BookedClaim: Sendable {
    /// One line with the figures of the catalogue that was in force.
    struct Line: Sendable {
        let sku: String
        let quantity: UInt64
        /// Tenths of a TPP of one unit.
        let tpp: UInt64
        /// Integrated circuits of one unit.
        let circuits: UInt64
    }

    let index: UInt64
    let reference: ClaimReference
    /// Who ships.
    let exporter: String
    let authority: String
    /// The public reference of the authorisation, if the claim names one.
    let licence: String?
    let destination: String
    let lines: [Line]
    /// The parties as they were registered when the claim was admitted: a later change of parent
    /// restates nothing.
    let parties: [PartyFacts]
    /// The names of the private fields that it holds digests of, ascending.
    let sealed: [String]
    /// The time of its block, POSIX seconds.
    let time: UInt64

    /// A claim that a claim statement makes.
    init(_ body: ClaimBody, _ statement: Statement, index: UInt64, in state: LedgerState) {
        self.index = index
        exporter = statement.identity.issuer
        reference = ClaimReference(issuer: exporter, id: statement.identity.subject)
        authority = body.authority
        licence = body.reference
        destination = body.destination
        sealed = body.details.map(\.field)
        time = state.blockTime
        lines = body.lines.map { Line($0.sku, $0.quantity, in: state) }
        parties = Self.parties(body.parties, in: state)
    }

    /// A claim that a transfer makes of another one.
    init(_ record: ClaimRecord, _ reference: ClaimReference, in state: LedgerState) {
        index = record.index
        self.reference = reference
        exporter = record.exporter ?? reference.issuer
        authority = record.facts.authority
        licence = nil
        destination = record.facts.destination
        sealed = []
        time = state.blockTime
        lines = record.lines.map { Line($0.sku, $0.quantities.sum, in: state) }
        parties = Self.parties(record.facts.parties, in: state)
    }

    private static func parties(
        _ parties: [ClaimBody.Party],
        in state: LedgerState
    ) -> [PartyFacts] {
        parties.compactMap { state.organisation($0.organisation)?.facts(role: $0.role) }
    }

    /// Who receives: the party in the earliest of the policy's roles.
    func recipient(roles: [String]) -> PartyFacts? {
        for role in roles {
            if let party = parties.first(where: { $0.role == role }) { return party }
        }
        return parties.first
    }
}

extension BookedClaim.Line {
    fileprivate init(_ sku: String, _ quantity: UInt64, in state: LedgerState) {
        let item = state.catalogue.document.item(sku)
        self.init(
            sku: sku,
            quantity: quantity,
            tpp: item?.tpp.tenths ?? 0,
            circuits: item?.circuits ?? 1
        )
    }
}

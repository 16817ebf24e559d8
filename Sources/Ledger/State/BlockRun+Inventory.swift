import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Puts on record what a country had before the ledger began.
    mutating func declare(_ body: InventoryBody, _ statement: Statement) throws(Refusal) {
        let issuer = statement.identity.issuer
        guard let card = members[issuer]?.card, card.role == .government,
            card.country == body.country
        else {
            throw Refusal(
                .notAuthorised,
                "The inventory of \(body.country) is declared by a government of \(body.country).",
                path: "$.protected.15.1"
            )
        }
        let others = statement.approvals.filter {
            $0.approver != issuer && members[$0.approver]?.card.role == .government
        }
        guard !others.isEmpty else {
            throw Refusal(
                .approvalsMissing,
                "An inventory needs the approval of another government.",
                path: "$.payload.approvals"
            )
        }
        guard let day = UInt64(exactly: body.date.dayNumber), day <= today else {
            throw Refusal(
                .tooNew,
                "The count is of \(body.date), after the day of the block.",
                path: "$.payload.body.date"
            )
        }
        for (place, line) in body.lines.enumerated()
        where catalogue.document.item(line.sku) == nil {
            throw Refusal(
                .unknownSKU,
                "The catalogue has no item '\(line.sku)'.",
                path: "$.payload.body.lines[\(place)].sku"
            )
        }
        register(statement, body: statement.bodyBytes)
    }
}

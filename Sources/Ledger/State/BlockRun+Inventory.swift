import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Puts on record what a country had before the ledger began, and adds it to the accounts of the
    /// limits that count it.
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
        let movements = try opening(body)
        let lines = body.lines.map { line in
            ClaimRecord.Line(
                sku: line.sku,
                circuits: catalogue.document.item(line.sku)?.circuits ?? 1,
                quantities: BucketValues(line.quantity, in: .delivered)
            )
        }
        try post(movements, of: lines, body.lines.map(\.quantity), to: .delivered)
        let record = InventoryRecord(
            index: next,
            leafHash: statement.leafHash,
            issuer: issuer,
            body: statement.bodyBytes,
            lines: lines,
            postings: movements.map {
                ClaimRecord.Posting(account: $0.account, perUnit: $0.perUnit)
            }
        )
        set(
            .encoded(index: next, leafHash: statement.leafHash, bytes: record.encoded()),
            for: statement.stateKey
        )
    }

    /// What the limits of the policy in force count of an inventory; nothing where none is in force.
    private func opening(_ body: InventoryBody) throws(Refusal) -> [Movement] {
        guard governance.withdrawnBy == nil else { return [] }
        do throws(OpeningError) {
            return try policy.document.opening(
                body.lines,
                of: body.country,
                on: body.date,
                catalogue: catalogue.document,
                standing: standing
            )
        } catch {
            throw Refusal(
                .ruleRefused,
                error.problem,
                path: error.line.map { "$.payload.body.lines[\($0)].sku" }
                    ?? "$.payload.body.country"
            )
        }
    }
}

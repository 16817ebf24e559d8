import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Carries out what a checked statement says, or changes nothing.
    mutating func perform(_ statement: Statement) throws(Refusal) -> Decision? {
        switch statement.body {
        case .genesis:
            throw Refusal(
                .notAuthorised,
                "A ledger has one genesis statement.",
                path: "$.protected.3"
            )
        case .member:
            throw Refusal(
                .notAuthorised,
                "A member joins by a proposal with the action 'member', which carries its card.",
                path: "$.protected.3"
            )
        case .suspension(let body): try suspend(body, statement)
        case .proposal(let body): try propose(body, statement)
        case .vote(let body): try vote(body, statement)
        case .organisation(let body):
            try register(body, statement)
        case .facility(let body): try register(body, statement)
        case .storage(let body): try declare(body, statement)
        case .claim(let body):
            return try admit(body, statement)
        case .inventory(let body):
            try declare(body, statement)
        case .event(let body):
            try happen(body, statement)
        case .cancel(let body):
            try cancel(body, statement)
        case .ready(let body): try declare(body, statement)
        case .evidence(let body): try convict(body, statement)
        }
        return nil
    }

    /// Puts a statement under its key.
    mutating func register(_ statement: Statement, body: [UInt8]?, from: UInt64 = 0) {
        let registration = Registration(
            index: next,
            leafHash: statement.leafHash,
            issuer: body == nil ? nil : statement.identity.issuer,
            body: body,
            from: from == 0 ? nil : from
        )
        set(.registration(registration), for: statement.stateKey)
    }

    private mutating func register(
        _ body: OrganisationBody,
        _ statement: Statement
    ) throws(Refusal) {
        try checkGovernment(statement.identity.issuer, may: "registers organisations")
        try checkRegistrars(of: statement)
        let usableFrom = coolingOffEnd(days: rules.organisationCoolingOffDays)
        register(statement, body: statement.bodyBytes, from: usableFrom)
        organisations[body.id] = Organisation(
            body: body,
            issuer: statement.identity.issuer,
            index: next,
            usableFrom: usableFrom
        )
    }

    /// Refuses an organisation that fewer governments registered than the policy asks for.
    private func checkRegistrars(of statement: Statement) throws(Refusal) {
        let signers = Set([statement.identity.issuer] + statement.approvals.map(\.approver))
        let governments = signers.count { members[$0]?.card.role == .government }
        let needed = electorate(rules.threshold(of: .registration), without: nil).needed
        guard governments < needed else { return }
        throw Refusal(
            .approvalsMissing,
            "\(needed) governments register an organisation, and \(governments) signed.",
            path: "$.payload.approvals"
        )
    }
}

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
        case .member(let card):
            try register(card, statement)
        case .policy(let document):
            register(statement, body: statement.bodyBytes)
            policy = Adopted(document, bytes: statement.bodyBytes, index: next)
        case .catalogue(let document):
            register(statement, body: statement.bodyBytes)
            catalogue = Adopted(document, bytes: statement.bodyBytes, index: next)
        case .organisation(let body):
            try register(body, statement)
        case .claim(let body):
            return try admit(body, statement)
        case .inventory, .event:
            throw Refusal(
                .notAuthorised,
                "This version does not carry out such statements.",
                path: "$.protected.3"
            )
        case .cancel(let body):
            try cancel(body, statement)
        }
        return nil
    }

    mutating func register(_ statement: Statement, body: [UInt8]?) {
        let registration = Registration(
            index: next,
            leafHash: statement.leafHash,
            issuer: body == nil ? nil : statement.identity.issuer,
            body: body
        )
        set(.registration(registration), for: statement.stateKey)
    }

    private mutating func register(
        _ card: MemberCard,
        _ statement: Statement
    ) throws(Refusal) {
        // The validators change at the end of an epoch only; a card that brings a node would make
        // its keys count before that.
        guard card.node == nil else {
            throw Refusal(
                .notAuthorised,
                "A member that joins later is registered without a node; validators are those of "
                    + "the genesis statement.",
                path: "$.payload.body.node"
            )
        }
        register(statement, body: statement.bodyBytes)
        members[card.id] = Member(card: card, index: next, leafHash: statement.leafHash)
    }

    private mutating func register(
        _ body: OrganisationBody,
        _ statement: Statement
    ) throws(Refusal) {
        guard members[statement.identity.issuer]?.card.role == .government else {
            throw Refusal(
                .notAuthorised,
                "Only a government member registers organisations.",
                path: "$.protected.15.1"
            )
        }
        register(statement, body: statement.bodyBytes)
        organisations[body.id] = Organisation(
            body: body,
            issuer: statement.identity.issuer,
            index: next
        )
    }
}

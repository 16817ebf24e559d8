public import CBOR
import QuotaCrypto
import QuotaRules

extension ProposalAction {
    /// Reads an action.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        let kind = try fields.item("kind")
        guard let matter = GovernanceMatter(rawValue: try kind.text(maxLength: 16)) else {
            throw kind.error("not an action")
        }
        switch matter {
        case .member: self = .member(try Self.card(&fields))
        case .key: self = .key(try Self.card(&fields))
        case .expel: self = .expel(member: try fields.text("member", .member))
        case .release: self = .release(member: try fields.text("member", .member))
        case .organisation:
            let body = try fields.item("body")
            self = .organisation(try OrganisationBody(body.value, path: body.path))
        case .facility:
            let body = try fields.item("body")
            self = .facility(try FacilityBody(body.value, path: body.path))
        case .policy: self = .policy(try PolicySuccession(&fields))
        case .withdraw: self = .withdraw(try PolicyWithdrawal(&fields))
        case .catalogue: self = .catalogue(try CatalogueSuccession(&fields))
        case .allocation: self = .allocation(try Allocation(&fields))
        case .agreement: self = .agreement(try Agreement(&fields))
        case .override: self = .override(try ClaimOverride(&fields))
        case .event:
            let body = try fields.item("body")
            self = .event(try EventBody(body.value, path: body.path))
        case .claim, .suspension, .registration: throw kind.error("not an action")
        }
        try fields.finish()
    }

    /// The action as CBOR.
    public var cbor: CBORValue {
        .object([("kind", .text(matter.rawValue))] + pairs)
    }

    private var pairs: [(String, CBORValue?)] {
        switch self {
        case .member(let statement), .key(let statement): [("card", .bytes(statement.bytes))]
        case .expel(let member), .release(let member): [("member", .text(member))]
        case .organisation(let body): [("body", body.cbor)]
        case .facility(let body): [("body", body.cbor)]
        case .event(let body): [("body", body.cbor)]
        case .policy(let succession):
            [
                ("document", .bytes(succession.bytes)),
                ("effective", .text(succession.effective.description)),
                ("allowOver", succession.allowOver ? .boolean(true) : nil),
            ]
        case .withdraw(let withdrawal):
            [
                ("policy", .text(withdrawal.policy)), ("version", .unsigned(withdrawal.version)),
                ("effective", .text(withdrawal.effective.description)),
            ]
        case .catalogue(let succession):
            [
                ("document", .bytes(succession.catalogue.encoded.encoded())),
                ("effective", succession.effective.map { .text($0.description) }),
            ]
        case .allocation(let allocation): allocation.pairs
        case .agreement(let agreement): agreement.pairs
        case .override(let permit):
            [
                ("claim", permit.claim.cbor), ("body", .bytes(permit.body.bytes)),
                ("reason", .bytes(permit.reason.bytes)),
            ]
        }
    }

    /// The member statement inside an action; no other kind is taken apart, so that statements do
    /// not nest.
    private static func card(_ fields: inout CBORFields) throws(CBORFieldError) -> Statement {
        let item = try fields.item("card")
        let bytes = try item.bytes(maxCount: MemberCard.statementBytesMax)
        do throws(StatementError) {
            return try Statement.decode(bytes, only: .member)
        } catch {
            throw CBORFieldError(
                path: "\(item.path)\(error.path.dropFirst())",
                problem: error.problem
            )
        }
    }

    /// A document with the bytes that it came in.
    fileprivate static func document<Document>(
        _ fields: inout CBORFields,
        _ read: (CBORValue) throws(CBORFieldError) -> Document
    ) throws(CBORFieldError) -> (document: Document, bytes: [UInt8]) {
        let item = try fields.item("document")
        let bytes = try item.bytes(maxCount: Statement.maximumBytes)
        do throws(CBORFieldError) {
            return (try read(try CBORValue.mapValue(bytes)), bytes)
        } catch {
            throw CBORFieldError(
                path: "\(item.path)\(error.path.dropFirst())",
                problem: error.problem
            )
        }
    }
}

extension PolicySuccession {
    fileprivate init(_ fields: inout CBORFields) throws(CBORFieldError) {
        let document = try ProposalAction.document(&fields) { value throws(CBORFieldError) in
            try Policy.decode(value)
        }.document
        let effective = try fields.date("effective")
        self.init(document, effective: effective, allowOver: try fields.flag("allowOver"))
    }
}

extension CatalogueSuccession {
    fileprivate init(_ fields: inout CBORFields) throws(CBORFieldError) {
        let document = try ProposalAction.document(&fields) { value throws(CBORFieldError) in
            try ChipCatalogue.decode(value)
        }.document
        self.init(document, effective: try fields.optionalItem("effective")?.calendarDate())
    }
}

extension PolicyWithdrawal {
    fileprivate init(_ fields: inout CBORFields) throws(CBORFieldError) {
        self.init(
            policy: try fields.text("policy", .identifier),
            version: try fields.unsigned("version", max: UInt64(UInt32.max)),
            effective: try fields.date("effective")
        )
    }
}

extension Allocation {
    /// The most parts of a subject.
    static let subjectPartsMax = 8

    init(_ fields: inout CBORFields) throws(CBORFieldError) {
        var subject: [String] = []
        for part in try fields.array("subject", maxCount: Self.subjectPartsMax) {
            subject.append(try part.text(maxLength: 64))
        }
        self.init(
            limit: try fields.text("limit", .identifier),
            subject: subject,
            amount: try fields.unsigned("amount", max: Tpp.totalBound - 1),
            validity: try fields.validity(),
            citation: try fields.text("citation", .sentence)
        )
    }

    var pairs: [(String, CBORValue?)] {
        [
            ("limit", .text(limit)), ("subject", .array(subject.map { .text($0) })),
            ("amount", .unsigned(amount)), ("from", .text(validity.from.description)),
            ("through", validity.through.map { .text($0.description) }),
            ("citation", .text(citation)),
        ]
    }
}

extension Agreement {
    init(_ fields: inout CBORFields) throws(CBORFieldError) {
        self.init(
            limit: try fields.text("limit", .identifier),
            country: try fields.text("country", .country),
            percent: try fields.unsigned("percent", max: 100),
            validity: try fields.validity(),
            evidence: try fields.text("evidence", .sentence),
            citation: try fields.text("citation", .sentence)
        )
    }

    var pairs: [(String, CBORValue?)] {
        [
            ("limit", .text(limit)), ("country", .text(country)), ("percent", .unsigned(percent)),
            ("from", .text(validity.from.description)),
            ("through", validity.through.map { .text($0.description) }),
            ("evidence", .text(evidence)), ("citation", .text(citation)),
        ]
    }
}

extension ClaimOverride {
    fileprivate init(_ fields: inout CBORFields) throws(CBORFieldError) {
        self.init(
            claim: try ClaimReference(try fields.item("claim")),
            body: try fields.digest("body"),
            reason: try fields.digest("reason")
        )
    }
}

extension CBORFields {
    /// The days `from` to `through`, both included.
    fileprivate mutating func validity() throws(CBORFieldError) -> Validity {
        let from = try date("from")
        let last = optionalItem("through")
        let through = try last?.calendarDate()
        if let last, let through, through < from { throw last.error("is before 'from'") }
        return Validity(from: from, through: through)
    }
}

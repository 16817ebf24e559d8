public import CBOR
public import QuotaRules

extension Decision {
    /// The reason that decides: the first that is not the name of the rule, else the first.
    public var decidingReason: Reason? {
        reasons.first { $0.code != .rule } ?? reasons.first
    }

    /// The stable code of a refusal by this decision.
    var refusalCode: RefusalCode {
        switch decidingReason?.code {
        case .limitExceeded?: .limitExceeded
        case .missingEvidence?: .evidenceMissing
        case .unknownItem?: .unknownSKU
        default: outcome == .needsDecision ? .needsDecision : .ruleRefused
        }
    }

    /// The decision as a map with text keys: `{outcome, review?, limits, notices, reasons,
    /// largestQuantity?, alternatives}`, amounts in the smallest unit.
    public var fields: CBORValue { .object(pairs) }

    var pairs: [(String, CBORValue?)] {
        [
            ("outcome", .text(outcome.rawValue)),
            ("review", review.map { .text($0.rawValue) }),
            ("limits", .array(limits.map(\.fields))),
            ("notices", .array(notices.map(\.fields))),
            ("reasons", .array(reasons.map(\.fields))),
            ("largestQuantity", largestQuantity.map { .unsigned($0) }),
            ("alternatives", .array(alternatives.map(\.fields))),
        ]
    }
}

extension LimitUse {
    fileprivate var fields: CBORValue {
        .object([
            ("limit", .text(limitID)), ("subject", .array(subject.map { .text($0) })),
            ("period", .text(period)), ("unit", .text(unit.rawValue)),
            ("before", .unsigned(before)), ("amount", .unsigned(amount)),
            ("after", .unsigned(after)), ("cap", cap.map { .unsigned($0) }),
            ("room", room.map { .unsigned($0) }),
            ("largestQuantity", largestQuantity.map { .unsigned($0) }),
            ("citation", .text(citation)),
        ])
    }
}

extension Notice {
    fileprivate var fields: CBORValue {
        .object([
            ("id", .text(id)), ("recipient", .text(recipient)), ("message", .text(message)),
            ("beforeShipment", .boolean(isBeforeShipment)),
            ("due", due.map { .text($0.description) }), ("citation", .text(citation)),
        ])
    }
}

extension Reason {
    fileprivate var fields: CBORValue {
        .object([
            ("code", .text(code.rawValue)), ("message", .text(message)),
            ("citation", citation.map { .text($0) }), ("source", source.map { .text($0) }),
            ("field", field.map { .text($0) }),
        ])
    }
}

extension Alternative {
    fileprivate var fields: CBORValue {
        .object([
            ("authority", .text(authority)), ("outcome", .text(outcome.rawValue)),
            ("review", review.map { .text($0.rawValue) }),
            ("missingEvidence", .array(missingEvidence.map { .text($0) })),
            ("largestQuantity", largestQuantity.map { .unsigned($0) }),
        ])
    }
}

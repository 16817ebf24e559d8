package import CBOR

/// RFC 9290 concise problem details: `-1` title, `-2` detail, and one custom entry with the code.
extension APIProblem {
    /// The media type of the CBOR form.
    package static let conciseType = "application/concise-problem-details+cbor"
    /// The media type of the JSON form, RFC 9457.
    package static let jsonType = "application/problem+json"
    /// The key of the custom entry; RFC 9290 asks for a URI.
    package static let customKey: CBORValue = "tag:quota-ledger.example,2026:problem"

    /// The problem as deterministic CBOR.
    package var cbor: CBORValue {
        let custom = CBORValue.object([
            ("code", .text(refusal.code)),
            ("field", refusal.field.map(CBORValue.text)),
            ("reasons", Self.list(refusal.reasons.map(\.cbor))),
            ("limits", Self.list(refusal.limits.map(\.cbor))),
            ("alternatives", Self.list(refusal.alternatives.map(\.cbor))),
            ("review", refusal.review.map(CBORValue.text)),
            ("largestQuantity", refusal.largestQuantity.map(CBORValue.unsigned)),
            ("citation", refusal.citation.map(CBORValue.text)),
            ("judgedAt", refusal.judgedAt.map(CBORValue.unsigned)),
            ("existing", refusal.existing.map(CBORValue.unsigned)),
            ("retryAfter", retryAfter.map { .integer(Int64($0)) }),
        ])
        return .sortedMap([
            CBORMapEntry(-1, .text(title)), CBORMapEntry(-2, .text(refusal.message)),
            CBORMapEntry(Self.customKey, custom),
        ])
    }

    /// Reads the CBOR form; `status` is the one of the answer that carried it.
    package init(cbor value: CBORValue, status: Int) throws(CBORFieldError) {
        guard let title = value[-1]?.textValue, let detail = value[-2]?.textValue else {
            throw CBORFieldError(path: "$", problem: "expected problem details with -1 and -2")
        }
        guard let custom = value[Self.customKey] else {
            self.init(
                status: status,
                title: title,
                refusal: RefusalDocument(code: "unknown", message: detail)
            )
            return
        }
        var fields = try CBORFields(custom)
        var refusal = RefusalDocument(
            code: try fields.text("code", maxLength: 128),
            message: detail,
            field: try fields.optionalText("field", maxLength: 1_024),
            review: try fields.optionalText("review", maxLength: 128),
            largestQuantity: try fields.optionalUnsigned("largestQuantity"),
            citation: try fields.optionalText("citation", maxLength: 1_024),
            judgedAt: try fields.optionalUnsigned("judgedAt"),
            existing: try fields.optionalUnsigned("existing")
        )
        for item in try fields.optionalArray("reasons", maxCount: 256) {
            refusal.reasons.append(try ReasonDocument(fields: try item.fields()))
        }
        for item in try fields.optionalArray("limits", maxCount: 256) {
            refusal.limits.append(try LimitDocument(fields: try item.fields()))
        }
        for item in try fields.optionalArray("alternatives", maxCount: 256) {
            refusal.alternatives.append(try AlternativeDocument(fields: try item.fields()))
        }
        let retryAfter = try fields.optionalUnsigned("retryAfter", max: 86_400)
        self.init(
            status: status,
            title: title,
            refusal: refusal,
            retryAfter: retryAfter.map { Int($0) }
        )
    }

    private static func list(_ items: [CBORValue]) -> CBORValue? {
        items.isEmpty ? nil : .array(items)
    }
}

extension ReasonDocument {
    fileprivate var cbor: CBORValue {
        .object([
            ("code", .text(code)), ("message", .text(message)),
            ("citation", citation.map(CBORValue.text)), ("field", field.map(CBORValue.text)),
        ])
    }

    fileprivate init(fields: CBORFields) throws(CBORFieldError) {
        var fields = fields
        self.init(
            code: try fields.text("code", maxLength: 128),
            message: try fields.text("message", maxLength: 4_096),
            citation: try fields.optionalText("citation", maxLength: 1_024),
            field: try fields.optionalText("field", maxLength: 1_024)
        )
    }
}

extension AlternativeDocument {
    fileprivate var cbor: CBORValue {
        .object([
            ("authority", .text(authority)),
            ("outcome", .text(outcome.rawValue)),
            ("review", review.map(CBORValue.text)),
            ("missingEvidence", .array(missingEvidence.map(CBORValue.text))),
            ("largestQuantity", largestQuantity.map(CBORValue.unsigned)),
        ])
    }

    fileprivate init(fields: CBORFields) throws(CBORFieldError) {
        var fields = fields
        let name = try fields.item("outcome")
        guard let outcome = DecisionDocument.Outcome(rawValue: try name.text(maxLength: 32)) else {
            throw name.error("unknown outcome")
        }
        var missingEvidence: [String] = []
        for item in try fields.array("missingEvidence", maxCount: 64) {
            missingEvidence.append(try item.text(maxLength: 256))
        }
        self.init(
            authority: try fields.text("authority", maxLength: 128),
            outcome: outcome,
            review: try fields.optionalText("review", maxLength: 128),
            missingEvidence: missingEvidence,
            largestQuantity: try fields.optionalUnsigned("largestQuantity")
        )
    }
}

extension LimitDocument {
    fileprivate var cbor: CBORValue {
        .object([
            ("limit", .text(limit)),
            ("subject", .array(subject.map(CBORValue.text))),
            ("period", period.isEmpty ? nil : .text(period)),
            ("unit", .text(before.unit)),
            ("before", .unsigned(before.value)),
            ("amount", .unsigned(amount.value)),
            ("after", .unsigned(after.value)),
            ("cap", cap.map { .unsigned($0.value) }),
            ("room", room.map { .unsigned($0.value) }),
            ("largestQuantity", largestQuantity.map(CBORValue.unsigned)),
            ("citation", citation.isEmpty ? nil : .text(citation)),
        ])
    }

    fileprivate init(fields: CBORFields) throws(CBORFieldError) {
        var fields = fields
        let unit = try fields.text("unit", maxLength: 64)
        var subject: [String] = []
        for item in try fields.array("subject", maxCount: 16) {
            subject.append(try item.text(maxLength: 256))
        }
        self.init(
            limit: try fields.text("limit", maxLength: 256),
            subject: subject,
            period: try fields.optionalText("period", maxLength: 64) ?? "",
            before: Amount(try fields.unsigned("before"), unit: unit),
            amount: Amount(try fields.unsigned("amount"), unit: unit),
            after: Amount(try fields.unsigned("after"), unit: unit),
            cap: try fields.optionalUnsigned("cap").map { Amount($0, unit: unit) },
            room: try fields.optionalUnsigned("room").map { Amount($0, unit: unit) },
            largestQuantity: try fields.optionalUnsigned("largestQuantity"),
            citation: try fields.optionalText("citation", maxLength: 1_024) ?? ""
        )
    }
}

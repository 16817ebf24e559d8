public import CBOR
import QuotaCrypto
import QuotaRules

extension ClaimBody {
    /// Reads a claim.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        authority = try fields.text("authority", .identifier)
        reference = try fields.optionalText("reference", .sentence)
        destination = try fields.text("destination", .country)
        parties = try Self.items("parties", of: &fields, minimum: 1, read: Self.party)
        lines = try Self.items("lines", of: &fields, minimum: 1, read: Self.line)
        exported = try fields.date("exported")
        received = try fields.optionalItem("received")?.calendarDate()
        facility = try fields.optionalText("facility", .identifier)
        source =
            if let item = fields.optionalItem("source") { try ClaimReference(item) } else { nil }
        evidence = try Self.items("evidence", of: &fields, minimum: 0, read: Self.evidence)
        details =
            if let item = fields.optionalItem("details") { try Self.details(item) } else { [] }
        try fields.finish()
    }

    /// The claim as CBOR.
    public var cbor: CBORValue {
        .object([
            ("authority", .text(authority)),
            ("reference", reference.map { .text($0) }),
            ("destination", .text(destination)),
            (
                "parties",
                .array(
                    parties.map {
                        .object([
                            ("role", .text($0.role)), ("organisation", .text($0.organisation)),
                        ])
                    }
                )
            ),
            (
                "lines",
                .array(
                    lines.map {
                        .object([("sku", .text($0.sku)), ("quantity", .unsigned($0.quantity))])
                    }
                )
            ),
            ("exported", .text(exported.description)),
            ("received", received.map { .text($0.description) }),
            ("facility", facility.map { .text($0) }), ("source", source?.cbor),
            (
                "evidence",
                .array(
                    evidence.map {
                        .object([
                            ("type", .text($0.type)),
                            ("digest", $0.digest.map { .bytes($0.bytes) }),
                        ])
                    }
                )
            ),
            (
                "details",
                details.isEmpty
                    ? nil : .object(details.map { ($0.field, .bytes($0.digest.bytes)) })
            ),
        ])
    }

    private static func items<Item>(
        _ name: String,
        of fields: inout CBORFields,
        minimum: Int,
        read: (inout CBORFields) throws(CBORFieldError) -> Item
    ) throws(CBORFieldError) -> [Item] {
        let list = try fields.item(name)
        let values = try list.array(maxCount: maximumItems)
        guard values.count >= minimum else { throw list.error("expected at least one item") }
        var items: [Item] = []
        items.reserveCapacity(values.count)
        for value in values {
            var item = try value.fields()
            items.append(try read(&item))
            try item.finish()
        }
        return items
    }

    private static func party(_ fields: inout CBORFields) throws(CBORFieldError) -> Party {
        Party(
            role: try fields.text("role", .identifier),
            organisation: try fields.text("organisation", .identifier)
        )
    }

    private static func line(_ fields: inout CBORFields) throws(CBORFieldError) -> ClaimLine {
        let sku = try fields.text("sku", .identifier)
        let quantity = try fields.item("quantity")
        let count = try quantity.unsigned(max: quantityMax)
        guard count > 0 else { throw quantity.error("expected at least 1") }
        return ClaimLine(sku: sku, quantity: count)
    }

    private static func evidence(_ fields: inout CBORFields) throws(CBORFieldError) -> Evidence {
        Evidence(
            type: try fields.text("type", .identifier),
            digest: try fields.optionalItem("digest")?.digest()
        )
    }

    private static func details(_ item: CBORItem) throws(CBORFieldError) -> [Detail] {
        guard case .map(let entries) = item.value, (1...maximumItems).contains(entries.count)
        else { throw item.error("expected a map of 1 to \(maximumItems) digests") }
        var details: [Detail] = []
        for entry in entries {
            guard case .text(let field) = entry.key, NameRule.identifier.allows(field),
                case .bytes(let bytes) = entry.value, let digest = Digest(bytes)
            else { throw item.error("expected field names with 32 bytes each") }
            details.append(Detail(field: field, digest: digest))
        }
        return details.sorted { $0.field < $1.field }
    }
}

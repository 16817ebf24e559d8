public import CBOR
import QuotaCrypto
import QuotaRules

extension ClaimRecord {
    /// Reads the value of a claim.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> ClaimRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        var record = ClaimRecord(
            index: try fields.unsigned("index"),
            leafHash: try fields.digest("leaf"),
            policyIndex: try fields.unsigned("policy"),
            facts: try Facts(try fields.item("facts")),
            lines: try list(try fields.item("lines"), Line.init),
            postings: try list(try fields.item("movements"), Posting.init)
        )
        guard record.postings.allSatisfy({ $0.perUnit.count == record.lines.count }) else {
            throw CBORFieldError(
                path: "$.movements",
                problem: "expected one amount for each line"
            )
        }
        try record.readFlags(&fields)
        try fields.finish()
        return record
    }

    private mutating func readFlags(_ fields: inout CBORFields) throws(CBORFieldError) {
        if let item = fields.optionalItem("due") { deadlines = try Deadlines(item) }
        for item in try fields.optionalArray("asks", maxCount: 64) {
            asks.append(try item.text(minLength: 0, maxLength: 64))
        }
        tagCount = try fields.count("tags")
        test = try fields.optionalItem("test")?.digest()
        ended = try fields.optionalItem("ended")?.known(Ending.self)
        if let item = fields.optionalItem("consent") { consent = try Consent(item) }
        licence = try fields.optionalItem("licence")?.digest()
        shipped = try fields.count("shipped")
        attested = try fields.count("attested")
        if let item = fields.optionalItem("decision") {
            decision = try item.known(Decision.self)
            guard decision != .notNeeded else { throw item.error("'none' is left out") }
        }
        if let item = fields.optionalItem("disputes") {
            disputes = try Self.list(item, Dispute.init)
        }
        exporter = try fields.optionalText("exporter", .member)
        if let item = fields.optionalItem("overridden") {
            isOverridden = try item.boolean()
            guard isOverridden else { throw item.error("false is left out") }
        }
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        // In encoding order already: this runs for every claim.
        var entries: [CBORMapEntry] = []
        entries.reserveCapacity(8)
        func add(_ key: String, _ value: CBORValue?) {
            if let value { entries.append(CBORMapEntry(.text(key), value)) }
        }
        add("due", deadlines.cbor)
        add("asks", asks.isEmpty ? nil : .array(asks.map { .text($0) }))
        add("leaf", .bytes(leafHash.bytes))
        add("tags", .count(tagCount))
        add("test", test.map { .bytes($0.bytes) })
        add("ended", ended.map { .text($0.rawValue) })
        add("facts", facts.cbor)
        add("index", .unsigned(index))
        add("lines", .array(lines.map(\.cbor)))
        add("policy", .unsigned(policyIndex))
        add("consent", consent?.cbor)
        add("licence", licence.map { .bytes($0.bytes) })
        add("shipped", .count(shipped))
        add("attested", .count(attested))
        add("decision", decision == .notNeeded ? nil : .text(decision.rawValue))
        add("disputes", disputes.isEmpty ? nil : .array(disputes.map(\.cbor)))
        add("exporter", exporter.map { .text($0) })
        add("movements", .array(postings.map(\.cbor)))
        add("overridden", isOverridden ? true : nil)
        return CBORValue.map(entries).encoded()
    }

    static func list<Value>(
        _ item: CBORItem,
        _ read: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> [Value] {
        var values: [Value] = []
        for item in try item.array(maxCount: 4_096) { values.append(try read(item)) }
        return values
    }
}

extension Deadlines {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(maxCount: 2)
        guard let last = items.last, last.value != .unsigned(0) else {
            throw item.error("expected one or two days, the last not 0")
        }
        reserved = try items[0].unsigned(max: Self.dayMax)
        licensed = items.count > 1 ? try items[1].unsigned(max: Self.dayMax) : 0
    }

    /// The last day of the calendar.
    static let dayMax: UInt64 = 2_932_896

    fileprivate var cbor: CBORValue? {
        switch (reserved, licensed) {
        case (0, 0): nil
        case (_, 0): .array([.unsigned(reserved)])
        default: .array([.unsigned(reserved), .unsigned(licensed)])
        }
    }

    /// The first day after which something runs out, from the bytes of a record.
    ///
    /// `due` is the first key of a record, so that a node that starts with millions of claims need
    /// not decode them.
    static func first(inRecord bytes: [UInt8]) -> UInt64? {
        let start: [UInt8] = [0x63] + Array("due".utf8)
        guard bytes.count > 5, bytes[1..<5].elementsEqual(start) else { return nil }
        // An array of one or two integers, of at most five bytes each.
        var days: [UInt64] = []
        var place = 6
        for _ in 0..<Int(bytes[5] & 0x1F) {
            guard place < bytes.count else { return nil }
            let head = bytes[place]
            let length = head < 24 ? 0 : 1 << Int(min(head, 26) - 24)
            let end = place + 1 + length
            guard end <= bytes.count else { return nil }
            days.append(
                length == 0
                    ? UInt64(head)
                    : bytes[(place + 1)..<end].reduce(0) { $0 << 8 | UInt64($1) }
            )
            place = end
        }
        return days.filter { $0 > 0 }.min()
    }
}

extension ClaimRecord.Line {
    init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(maxCount: 4)
        guard parts.count >= 3 else { throw item.error("expected 3 or 4 items") }
        self.init(
            sku: try parts[0].text(.identifier),
            circuits: try parts[1].unsigned(max: Tpp.claimBound),
            quantities: try BucketValues(parts[2], below: Tpp.totalBound)
        )
        guard parts.count == 4 else { return }
        for grade in try parts[3].array(maxCount: Int(EventBody.gradeMax)) {
            grades.append(try grade.unsigned(max: Tpp.claimBound))
        }
        guard let last = grades.last, last > 0 else { throw parts[3].error("ends in zeros") }
    }

    var cbor: CBORValue {
        var parts: [CBORValue] = [.text(sku), .unsigned(circuits), quantities.cbor]
        if !grades.isEmpty { parts.append(.array(grades.map { .unsigned($0) })) }
        return .array(parts)
    }
}

extension ClaimRecord.Posting {
    init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(maxCount: 6)
        guard parts.count == 4 || parts.count == 6 else {
            throw item.error("expected 4 or 6 items")
        }
        var subject: [String] = []
        for part in try parts[1].array(maxCount: 16) {
            subject.append(try part.text(maxLength: 256))
        }
        var perUnit: [UInt64] = []
        for part in try parts[3].array(maxCount: InventoryBody.lineCountMax) {
            perUnit.append(try part.unsigned(max: Tpp.claimBound))
        }
        self.init(
            account: AccountKey(
                limit: try parts[0].text(maxLength: 256),
                subject: subject,
                period: try parts[2].text(maxLength: 256)
            ),
            perUnit: perUnit
        )
        guard parts.count == 6 else { return }
        released = try parts[4].unsigned(max: Tpp.totalBound)
        releasedChips = try parts[5].unsigned(max: Tpp.totalBound)
        guard released > 0 || releasedChips > 0 else { throw item.error("ends in zeros") }
    }

    var cbor: CBORValue {
        var parts: [CBORValue] = [
            .text(account.limit), .array(account.subject.map { .text($0) }),
            .text(account.period), .array(perUnit.map { .unsigned($0) }),
        ]
        if released > 0 || releasedChips > 0 {
            parts.append(.unsigned(released))
            parts.append(.unsigned(releasedChips))
        }
        return .array(parts)
    }
}

extension ClaimRecord.Facts {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 8)
        authority = try parts[0].text(.identifier)
        destination = try parts[1].text(.country)
        exported = try parts[2].day()
        received = parts[3].isNull ? nil : try parts[3].day()
        var parties: [ClaimBody.Party] = []
        for party in try parts[4].array(maxCount: ClaimBody.maximumItems) {
            let names = try party.array(count: 2)
            parties.append(
                ClaimBody.Party(
                    role: try names[0].text(.identifier),
                    organisation: try names[1].text(.identifier)
                )
            )
        }
        self.parties = parties
        var evidence: [String] = []
        for type in try parts[5].array(maxCount: ClaimBody.maximumItems) {
            evidence.append(try type.text(.identifier))
        }
        self.evidence = evidence
        facility = parts[6].isNull ? nil : try parts[6].text(.identifier)
        source = parts[7].isNull ? nil : try ClaimReference(parts[7])
    }

    fileprivate var cbor: CBORValue {
        .array([
            .text(authority), .text(destination), .day(exported),
            received.map { .day($0) } ?? .null,
            .array(parties.map { .array([.text($0.role), .text($0.organisation)]) }),
            .array(evidence.map { .text($0) }), facility.map { .text($0) } ?? .null,
            source?.cbor ?? .null,
        ])
    }
}

extension ClaimRecord.Consent {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 3)
        answer = parts[0].isNull ? nil : try parts[0].boolean()
        isRequired = try parts[1].boolean()
        answerBy = try parts[2].unsigned(max: Deadlines.dayMax)
    }

    fileprivate var cbor: CBORValue {
        .array([
            answer.map { .boolean($0) } ?? .null, .boolean(isRequired), .unsigned(answerBy),
        ])
    }
}

extension ClaimRecord.Dispute {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 2)
        from = try parts[0].known(Bucket.self)
        var quantities: [UInt64] = []
        for part in try parts[1].array(maxCount: ClaimBody.maximumItems) {
            quantities.append(try part.unsigned(max: Tpp.claimBound))
        }
        self.quantities = quantities
    }

    fileprivate var cbor: CBORValue {
        .array([.text(from.rawValue), .array(quantities.map { .unsigned($0) })])
    }
}

extension CBORItem {
    /// One of the words of an enumeration.
    func known<Value: RawRepresentable<String> & CaseIterable>(
        _ type: Value.Type
    ) throws(CBORFieldError) -> Value {
        guard let value = Value(rawValue: try text(maxLength: 32)) else {
            let names = Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw error("expected one of \(names)")
        }
        return value
    }

    /// A day as the number of days since 1970-01-01.
    fileprivate func day() throws(CBORFieldError) -> CalendarDate {
        guard let day = CalendarDate(dayNumber: Int(try integer())) else {
            throw error("expected a day of the calendar")
        }
        return day
    }
}

extension CBORValue {
    fileprivate static func day(_ date: CalendarDate) -> CBORValue {
        .integer(Int64(date.dayNumber))
    }
}

public import CBOR
import QuotaCrypto
import QuotaRules

extension EventBody {
    /// The most grades of evidence, see ``ClaimEvent/presence(grade:quantities:digest:)``.
    public static let gradeMax: UInt64 = 4

    /// Reads an event.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        claim = try ClaimReference(try fields.item("claim"))
        event = try ClaimEvent(&fields)
        try fields.finish()
    }

    /// The event as CBOR.
    public var cbor: CBORValue {
        .object([("claim", claim.cbor)] + event.pairs)
    }
}

extension ClaimEvent {
    fileprivate init(_ fields: inout CBORFields) throws(CBORFieldError) {
        let name = try fields.item("event")
        switch try name.text(maxLength: 16) {
        case "consent":
            self = .consent(
                answer: try fields.boolean("answer"),
                digest: try fields.optionalDigest("digest")
            )
        case "licence":
            self = .licence(
                quantities: try fields.optionalQuantities(),
                expires: try fields.date("expires"),
                digest: try fields.optionalDigest("digest")
            )
        case "test": self = .test(digest: try fields.digest("digest"))
        case "ship":
            self = .ship(
                quantities: try fields.quantities(),
                date: try fields.date("date"),
                tags: try fields.optionalTags(),
                digest: try fields.optionalDigest("digest")
            )
        case "tags": self = .tags(try ChipTag.list(try fields.item("tags")))
        case "accept":
            self = .accept(
                quantities: try fields.quantities(canBeZero: true),
                date: try fields.date("date"),
                isFinal: try fields.flag("final")
            )
        case "presence":
            self = .presence(
                grade: try fields.unsigned("grade", max: EventBody.gradeMax),
                quantities: try fields.optionalQuantities(),
                digest: try fields.optionalDigest("digest")
            )
        default: self = try Self.later(name, &fields)
        }
    }

    private static func later(
        _ name: CBORItem,
        _ fields: inout CBORFields
    ) throws(CBORFieldError) -> ClaimEvent {
        switch try name.text(maxLength: 16) {
        case "transfer":
            return .transfer(
                organisation: try fields.text("organisation", .identifier),
                facility: try fields.optionalText("facility", .identifier),
                quantities: try fields.optionalQuantities(),
                tags: try fields.optionalTags()
            )
        case "return":
            return .turnBack(
                quantities: try fields.quantities(),
                from: try fields.bucket("from", among: [.inTransit, .delivered]),
                tags: try fields.optionalTags()
            )
        case "lost":
            return .lost(
                quantities: try fields.quantities(),
                from: try fields.bucket("from", among: [.inTransit, .delivered])
            )
        case "found":
            return .found(
                quantities: try fields.quantities(),
                to: try fields.bucket("to", among: [.inTransit, .delivered])
            )
        case "retire":
            return .retire(
                quantities: try fields.quantities(),
                tags: try fields.optionalTags(),
                digest: try fields.optionalDigest("digest")
            )
        case "dispute":
            return .dispute(
                quantities: try fields.quantities(),
                from: try fields.bucket("from", among: Bucket.contestable),
                digest: try fields.digest("digest")
            )
        case "disclose":
            return .disclose(
                fields: try fields.fieldNames(),
                digest: try fields.digest("digest")
            )
        case "amend":
            return .amend(
                was: try fields.quantities("was"),
                quantities: try fields.quantities(canBeZero: true)
            )
        default: return try decided(name, &fields)
        }
    }

    /// The events that only k of n governments decide.
    private static func decided(
        _ name: CBORItem,
        _ fields: inout CBORFields
    ) throws(CBORFieldError) -> ClaimEvent {
        switch try name.text(maxLength: 16) {
        case "resolve":
            return .resolve(
                quantities: try fields.quantities(),
                from: try fields.bucket("from", among: Bucket.contestable),
                to: try fields.bucket("to", among: Bucket.resolvable)
            )
        case "write_off":
            return .writeOff(
                quantities: try fields.quantities(),
                from: try fields.bucket("from", among: [.lost, .shortfall])
            )
        case "correct":
            return .correct(
                quantities: try fields.quantities(),
                from: try fields.bucket("from", among: Bucket.contestable),
                to: try fields.bucket("to", among: Bucket.contestable)
            )
        default: throw name.error("expected the name of an event")
        }
    }

    /// `event` and the fields that go with it.
    fileprivate var pairs: [(String, CBORValue?)] {
        switch self {
        case .consent(let answer, let digest):
            [("event", "consent"), ("answer", .boolean(answer)), ("digest", .digest(digest))]
        case .licence(let quantities, let expires, let digest):
            [
                ("event", "licence"), ("quantities", .quantities(quantities)),
                ("expires", .text(expires.description)), ("digest", .digest(digest)),
            ]
        case .test(let digest): [("event", "test"), ("digest", .digest(digest))]
        case .ship(let quantities, let date, let tags, let digest):
            [
                ("event", "ship"), ("quantities", .quantities(quantities)),
                ("date", .text(date.description)), ("tags", ChipTag.cbor(tags)),
                ("digest", .digest(digest)),
            ]
        case .tags(let tags): [("event", "tags"), ("tags", ChipTag.cbor(tags))]
        case .accept(let quantities, let date, let isFinal):
            [
                ("event", "accept"), ("quantities", .quantities(quantities)),
                ("date", .text(date.description)), ("final", isFinal ? true : nil),
            ]
        case .presence(let grade, let quantities, let digest):
            [
                ("event", "presence"), ("grade", .unsigned(grade)),
                ("quantities", .quantities(quantities)), ("digest", .digest(digest)),
            ]
        case .transfer(let organisation, let facility, let quantities, let tags):
            [
                ("event", "transfer"), ("organisation", .text(organisation)),
                ("facility", facility.map { .text($0) }),
                ("quantities", .quantities(quantities)), ("tags", ChipTag.cbor(tags)),
            ]
        default: laterPairs
        }
    }

    private var laterPairs: [(String, CBORValue?)] {
        switch self {
        case .turnBack(let quantities, let from, let tags):
            Self.moving("return", quantities, from: from) + [("tags", ChipTag.cbor(tags))]
        case .lost(let quantities, let from): Self.moving("lost", quantities, from: from)
        case .found(let quantities, let to): Self.moving("found", quantities, to: to)
        case .retire(let quantities, let tags, let digest):
            Self.moving("retire", quantities) + [
                ("tags", ChipTag.cbor(tags)), ("digest", .digest(digest)),
            ]
        case .dispute(let quantities, let from, let digest):
            Self.moving("dispute", quantities, from: from) + [("digest", .digest(digest))]
        case .disclose(let fields, let digest):
            [
                ("event", "disclose"), ("fields", .array(fields.map { .text($0) })),
                ("digest", .digest(digest)),
            ]
        case .amend(let was, let quantities):
            [
                ("event", "amend"), ("was", .quantities(was)),
                ("quantities", .quantities(quantities)),
            ]
        case .resolve(let quantities, let from, let to):
            Self.moving("resolve", quantities, from: from, to: to)
        case .writeOff(let quantities, let from):
            Self.moving("write_off", quantities, from: from)
        case .correct(let quantities, let from, let to):
            Self.moving("correct", quantities, from: from, to: to)
        default: []
        }
    }

    private static func moving(
        _ name: String,
        _ quantities: [UInt64],
        from: Bucket? = nil,
        to: Bucket? = nil
    ) -> [(String, CBORValue?)] {
        [
            ("event", .text(name)), ("quantities", .quantities(quantities)),
            ("from", from.map { .text($0.rawValue) }), ("to", to.map { .text($0.rawValue) }),
        ]
    }
}

extension Bucket {
    /// What can be disputed or corrected: everything that is not final or frozen already.
    static let contestable: [Bucket] = [
        .reserved, .licensed, .inTransit, .delivered, .shortfall, .lost,
    ]
    /// Where the end of a dispute can put a quantity.
    static let resolvable: [Bucket] =
        contestable + [.returned, .retired, .expired]
}

extension CBORFields {
    fileprivate mutating func quantities(
        _ name: String = "quantities",
        canBeZero: Bool = false
    ) throws(CBORFieldError) -> [UInt64] {
        try Self.quantities(try item(name), canBeZero: canBeZero)
    }

    fileprivate mutating func optionalQuantities() throws(CBORFieldError) -> [UInt64]? {
        guard let item = optionalItem("quantities") else { return nil }
        return try Self.quantities(item, canBeZero: false)
    }

    private static func quantities(
        _ item: CBORItem,
        canBeZero: Bool
    ) throws(CBORFieldError) -> [UInt64] {
        var quantities: [UInt64] = []
        for entry in try item.array(maxCount: ClaimBody.maximumItems) {
            quantities.append(try entry.unsigned(max: ClaimBody.quantityMax))
        }
        guard !quantities.isEmpty, canBeZero || quantities.contains(where: { $0 > 0 }) else {
            throw item.error("expected one number for each line, and one above 0")
        }
        return quantities
    }

    fileprivate mutating func fieldNames() throws(CBORFieldError) -> [String] {
        let item = try item("fields")
        var names: [String] = []
        for entry in try item.array(maxCount: ClaimBody.maximumItems) {
            let name = try entry.text(.identifier)
            guard names.last.map({ $0 < name }) ?? true else {
                throw entry.error("names must ascend, each once")
            }
            names.append(name)
        }
        guard !names.isEmpty else { throw item.error("expected at least one name") }
        return names
    }

    fileprivate mutating func optionalTags() throws(CBORFieldError) -> [ChipTag] {
        guard let item = optionalItem("tags") else { return [] }
        return try ChipTag.list(item)
    }

    fileprivate mutating func bucket(
        _ name: String,
        among allowed: [Bucket]
    ) throws(CBORFieldError) -> Bucket {
        let item = try item(name)
        guard let bucket = Bucket(rawValue: try item.text(maxLength: 16)), allowed.contains(bucket)
        else {
            let names = allowed.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw item.error("expected one of \(names)")
        }
        return bucket
    }
}

extension CBORValue {
    fileprivate static func digest(_ digest: Digest?) -> CBORValue? {
        digest.map { .bytes($0.bytes) }
    }

    fileprivate static func quantities(_ quantities: [UInt64]?) -> CBORValue? {
        quantities.map { .array($0.map { .unsigned($0) }) }
    }
}

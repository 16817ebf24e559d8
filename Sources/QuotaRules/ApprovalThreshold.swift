internal import CBOR

/// How many approvals a decision wants.
///
/// Layout: `{share: [2, 3]}`, `{allBut: 1}` or `{count: 2}`.
public enum ApprovalThreshold: Hashable, Sendable {
    /// A part of the electorate, rounded up: `[2, 3]` is two thirds.
    case share(UInt64, of: UInt64)
    /// Everyone but this many.
    case allBut(UInt64)
    /// This many.
    case count(UInt64)

    /// How many approvals an electorate of `size` must give, from 1 to `size`.
    ///
    /// An empty electorate can decide nothing: the answer is then 1, which it cannot reach.
    public func needed(of size: Int) -> Int {
        let size = max(0, min(size, Int(Self.bound)))
        let wanted: Int =
            switch self {
            case .share(let part, let whole):
                (size * Int(part) + Int(whole) - 1) / Int(whole)
            case .allBut(let rest): size - Int(rest)
            case .count(let count): Int(count)
            }
        return max(1, min(wanted, size))
    }

    /// No number in a threshold, and no electorate, is larger.
    private static let bound: UInt64 = 10_000

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        let share = fields.optionalItem("share")
        let allBut = try fields.optionalUnsigned("allBut", max: Self.bound)
        let count = try fields.optionalUnsigned("count", max: Self.bound)
        try fields.finish()
        switch (share, allBut, count) {
        case (let share?, nil, nil):
            let parts = try share.array(count: 2)
            let part = try parts[0].unsigned(max: Self.bound)
            let whole = try parts[1].unsigned(max: Self.bound)
            try share.require(
                part > 0 && part <= whole,
                "expected a part and a whole, such as [2, 3]"
            )
            self = .share(part, of: whole)
        case (nil, let allBut?, nil): self = .allBut(allBut)
        case (nil, nil, let count?):
            try item.require(count > 0, "a decision needs at least one approval")
            self = .count(count)
        default: throw item.error("expected one of 'share', 'allBut', 'count'")
        }
    }

    var cbor: CBORValue {
        switch self {
        case .share(let part, let whole):
            .object([("share", .array([.unsigned(part), .unsigned(whole)]))])
        case .allBut(let rest): .object([("allBut", .unsigned(rest))])
        case .count(let count): .object([("count", .unsigned(count))])
        }
    }
}

/// A decision that governments are asked for, named by rules and limits that want it.
public struct DecisionRule: Hashable, Sendable {
    /// The id.
    public let id: String
    /// What is decided, for people.
    public let title: String
    /// The paragraph.
    public let citation: String
    /// How many approvals it wants; nil for the number that the policy's governance sets for claims.
    public let threshold: ApprovalThreshold?

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        threshold = try fields.ifPresent("threshold") { item throws(CBORFieldError) in
            try ApprovalThreshold(item)
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("citation", .text(citation)),
            ("threshold", threshold?.cbor),
        ])
    }
}

/// A decision that one claim waits for.
public struct DecisionRequest: Hashable, Sendable {
    /// The rule or limit that asks.
    public let source: String
    /// The decision of the policy that it names; nil if it names none.
    public let decision: String?
    /// How many approvals it wants; nil for the number that the policy's governance sets for claims.
    public let threshold: ApprovalThreshold?
    /// The paragraph that asks.
    public let citation: String
}

import CBOR
public import QuotaCrypto
public import QuotaRules

/// A policy or catalogue that was adopted, and how long it held: the value under
/// `["policy" or "catalogue", id, version]` in the state map.
///
/// Layout: `{index, leaf: bstr32, issuer, body: bstr, state, effective?, since?, until?, ended?,
/// withdrawal?: [effective, index]}`.
public struct Adoption<Document: Hashable & Sendable>: Hashable, Sendable {
    /// The document, with the index of the statement that holds it: of its proposal, or 0.
    public let adopted: Adopted<Document>
    /// The leaf hash of that statement; for a founding document, of its own bytes.
    public let leafHash: Digest
    /// The member that proposed it.
    public let issuer: String
    /// The first day on which it holds, if it was announced.
    public let effective: CalendarDate?
    /// Where it stands.
    public internal(set) var state: AdoptionState
    /// The block time from which it held, POSIX seconds.
    public internal(set) var since: UInt64?
    /// The block time from which it no longer held, POSIX seconds.
    public internal(set) var until: UInt64?
    /// The index of the statement that ended it: the proposal of the successor or of the withdrawal.
    public internal(set) var ended: UInt64?
    /// A withdrawal that was decided: its first day, and the index of its proposal.
    public internal(set) var withdrawal: PlannedWithdrawal?

    init(
        _ adopted: Adopted<Document>,
        leafHash: Digest,
        issuer: String,
        effective: CalendarDate? = nil,
        state: AdoptionState,
        since: UInt64? = nil,
        until: UInt64? = nil,
        ended: UInt64? = nil,
        withdrawal: PlannedWithdrawal? = nil
    ) {
        self.adopted = adopted
        self.leafHash = leafHash
        self.issuer = issuer
        self.effective = effective
        self.state = state
        self.since = since
        self.until = until
        self.ended = ended
        self.withdrawal = withdrawal
    }

    /// Brings the document into force.
    mutating func begin(at time: UInt64) {
        state = .inForce
        since = time
    }

    /// Ends it by the statement at `index`.
    mutating func close(_ state: AdoptionState, by index: UInt64, at time: UInt64) {
        self.state = state
        until = time
        ended = index
    }
}

/// Where an adopted document stands.
public enum AdoptionState: String, Hashable, Sendable, CaseIterable {
    /// Decided, not yet in force.
    case scheduled
    /// In force.
    case inForce = "in_force"
    /// Another took its place.
    case superseded
    /// Taken back without a successor, in force or before.
    case withdrawn
}

/// The end of a policy that was decided.
public struct PlannedWithdrawal: Hashable, Sendable {
    /// The first day on which the policy is no longer in force.
    public let effective: CalendarDate
    /// The index of the proposal.
    public let index: UInt64
}

extension Adoption {
    static func decode(
        _ bytes: [UInt8],
        _ read: (CBORValue) throws(CBORFieldError) -> Document
    ) throws(CBORFieldError) -> Adoption {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let state = try fields.item("state")
        guard let known = AdoptionState(rawValue: try state.text(maxLength: 16)) else {
            throw state.error("not a state of a document")
        }
        let body = try fields.bytes("body", maxCount: Statement.maximumBytes)
        var withdrawal: PlannedWithdrawal?
        if let item = fields.optionalItem("withdrawal") {
            let parts = try item.array(count: 2)
            withdrawal = PlannedWithdrawal(
                effective: try parts[0].calendarDate(),
                index: try parts[1].unsigned()
            )
        }
        let record = Adoption(
            Adopted(
                try read(try CBORValue.mapValue(body)),
                bytes: body,
                index: try fields.unsigned("index")
            ),
            leafHash: try fields.digest("leaf"),
            issuer: try fields.text("issuer", .member),
            effective: try fields.optionalItem("effective")?.calendarDate(),
            state: known,
            since: try fields.optionalUnsigned("since"),
            until: try fields.optionalUnsigned("until"),
            ended: try fields.optionalUnsigned("ended"),
            withdrawal: withdrawal
        )
        try fields.finish()
        return record
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("index", .unsigned(adopted.index)), ("leaf", .bytes(leafHash.bytes)),
            ("issuer", .text(issuer)), ("body", .bytes(adopted.bytes)),
            ("state", .text(state.rawValue)),
            ("effective", effective.map { .text($0.description) }),
            ("since", since.map { .unsigned($0) }), ("until", until.map { .unsigned($0) }),
            ("ended", ended.map { .unsigned($0) }),
            (
                "withdrawal",
                withdrawal.map {
                    .array([.text($0.effective.description), .unsigned($0.index)])
                }
            ),
        ]).encoded()
    }
}

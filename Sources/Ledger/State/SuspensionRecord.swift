public import CBOR
public import QuotaCrypto

/// What became of a suspension: the value under `["suspension", issuer, id]` in the state map.
///
/// Layout: `{index, leaf: bstr32, member, state, since, until, votes, closed?, decided?}`.
public struct SuspensionRecord: Hashable, Sendable {
    /// Where a suspension stands.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// It holds until its time runs out.
        case open
        /// Votes confirmed it: it holds until a key change or a release.
        case confirmed
        /// Its time ran out without confirmation.
        case lapsed
        /// Votes, a new key or the end of the membership ended it.
        case released
    }

    /// The index of the suspension's statement.
    public let index: UInt64
    /// The leaf hash of the suspension's statement.
    public let leafHash: Digest
    /// The member that is suspended.
    public let member: String
    /// The block time at which it came, POSIX seconds.
    public let since: UInt64
    /// The block time from which it no longer holds unless it is confirmed, POSIX seconds.
    public let until: UInt64
    /// Where it stands.
    public internal(set) var state: State
    /// The votes, that of the member that suspends first.
    public internal(set) var ballot: Ballot
    /// The block time at which it ended.
    public internal(set) var closed: UInt64?
    /// The index of the statement that confirmed or released it.
    public internal(set) var decided: UInt64?

    init(
        index: UInt64,
        leafHash: Digest,
        member: String,
        since: UInt64,
        until: UInt64,
        state: State = .open,
        ballot: Ballot = Ballot(),
        closed: UInt64? = nil,
        decided: UInt64? = nil
    ) {
        self.index = index
        self.leafHash = leafHash
        self.member = member
        self.since = since
        self.until = until
        self.state = state
        self.ballot = ballot
        self.closed = closed
        self.decided = decided
    }

    /// Whether the member's statements are refused.
    public var holds: Bool { state == .open || state == .confirmed }

    /// Reads the value of a suspension.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> SuspensionRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let state = try fields.item("state")
        guard let known = State(rawValue: try state.text(maxLength: 16)) else {
            throw state.error("not a state of a suspension")
        }
        let record = SuspensionRecord(
            index: try fields.unsigned("index"),
            leafHash: try fields.digest("leaf"),
            member: try fields.text("member", .member),
            since: try fields.unsigned("since"),
            until: try fields.unsigned("until"),
            state: known,
            ballot: try Ballot(try fields.array("votes", maxCount: Ballot.votesMax)),
            closed: try fields.optionalUnsigned("closed"),
            decided: try fields.optionalUnsigned("decided")
        )
        try fields.finish()
        return record
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("index", .unsigned(index)), ("leaf", .bytes(leafHash.bytes)),
            ("member", .text(member)), ("state", .text(state.rawValue)),
            ("since", .unsigned(since)), ("until", .unsigned(until)), ("votes", ballot.cbor),
            ("closed", closed.map { .unsigned($0) }), ("decided", decided.map { .unsigned($0) }),
        ]).encoded()
    }
}

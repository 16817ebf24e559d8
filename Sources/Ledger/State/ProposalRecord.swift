public import CBOR
public import QuotaCrypto

/// What became of a proposal: the value under `["proposal", issuer, id]` in the state map.
///
/// Layout: `{index, leaf: bstr32, state, opened, ends, votes, closed?, decided?, body: bstr}`.
public struct ProposalRecord: Hashable, Sendable {
    /// Where a proposal stands.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Votes are taken.
        case open
        /// Enough members approved; it is done.
        case passed
        /// So many rejected it that it cannot pass.
        case rejected
        /// Its time ran out.
        case lapsed
    }

    /// The index of the proposal's statement.
    public let index: UInt64
    /// The leaf hash of the proposal's statement.
    public let leafHash: Digest
    /// What is proposed.
    public let body: ProposalBody
    /// The block time at which it came, POSIX seconds.
    public let opened: UInt64
    /// The block time from which no vote is taken, POSIX seconds.
    public let ends: UInt64
    /// Where it stands.
    public internal(set) var state: State
    /// The votes, the proposer's own approval first.
    public internal(set) var ballot: Ballot
    /// The block time at which it was closed.
    public internal(set) var closed: UInt64?
    /// The index of the statement that decided it, if votes did: the last vote, or what changed who
    /// may vote; where time did that, of the first statement after.
    public internal(set) var decided: UInt64?

    init(
        index: UInt64,
        leafHash: Digest,
        body: ProposalBody,
        opened: UInt64,
        ends: UInt64,
        state: State = .open,
        ballot: Ballot = Ballot(),
        closed: UInt64? = nil,
        decided: UInt64? = nil
    ) {
        self.index = index
        self.leafHash = leafHash
        self.body = body
        self.opened = opened
        self.ends = ends
        self.state = state
        self.ballot = ballot
        self.closed = closed
        self.decided = decided
    }

    /// Reads the value of a proposal.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> ProposalRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let state = try fields.item("state")
        guard let known = State(rawValue: try state.text(maxLength: 16)) else {
            throw state.error("not a state of a proposal")
        }
        let body = try fields.bytes("body", maxCount: Statement.maximumBytes)
        let record = ProposalRecord(
            index: try fields.unsigned("index"),
            leafHash: try fields.digest("leaf"),
            body: try ProposalBody(try CBORValue.mapValue(body)),
            opened: try fields.unsigned("opened"),
            ends: try fields.unsigned("ends"),
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
            ("state", .text(state.rawValue)), ("opened", .unsigned(opened)),
            ("ends", .unsigned(ends)), ("votes", ballot.cbor),
            ("closed", closed.map { .unsigned($0) }), ("decided", decided.map { .unsigned($0) }),
            ("body", .bytes(body.cbor.encoded())),
        ]).encoded()
    }
}

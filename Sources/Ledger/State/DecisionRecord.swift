public import CBOR
import QuotaCrypto

/// The votes on a claim that waits for a decision: the value under `["decision", issuer, id]` in the
/// state map, with issuer and id of the claim.
///
/// Layout: `{state: "open", "approved", "rejected" or "lapsed", votes, decided?}`. Absent before the first
/// vote.
public struct DecisionRecord: Hashable, Sendable {
    /// Where a decision stands.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Votes are taken.
        case open
        /// The claim goes on.
        case approved
        /// The claim ends.
        case rejected
        /// The claim ended in another way before enough members had voted.
        case lapsed
    }

    /// Where it stands.
    public internal(set) var state: State
    /// The votes.
    public internal(set) var ballot: Ballot
    /// The index of the vote that decided.
    public internal(set) var decided: UInt64?

    init(state: State = .open, ballot: Ballot = Ballot(), decided: UInt64? = nil) {
        self.state = state
        self.ballot = ballot
        self.decided = decided
    }

    /// Reads the value of a decision.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> DecisionRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let state = try fields.item("state")
        guard let known = State(rawValue: try state.text(maxLength: 16)) else {
            throw state.error("not a state of a decision")
        }
        let record = DecisionRecord(
            state: known,
            ballot: try Ballot(try fields.array("votes", maxCount: Ballot.votesMax)),
            decided: try fields.optionalUnsigned("decided")
        )
        try fields.finish()
        return record
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("state", .text(state.rawValue)), ("votes", ballot.cbor),
            ("decided", decided.map { .unsigned($0) }),
        ]).encoded()
    }
}

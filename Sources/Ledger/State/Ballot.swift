import CBOR

/// The votes on one matter, in the order in which they came.
///
/// Layout: `[[member, approves, index], ...]`.
public struct Ballot: Hashable, Sendable {
    /// What one member said.
    public struct Vote: Hashable, Sendable {
        /// The member.
        public let member: String
        /// Whether it said yes.
        public let approves: Bool
        /// The index of the vote's statement; of the proposal for the approval that it counts as.
        public let index: UInt64

        /// A vote.
        public init(member: String, approves: Bool, index: UInt64) {
            self.member = member
            self.approves = approves
            self.index = index
        }
    }

    /// The most votes of one ballot: a ledger has fewer members.
    static let votesMax = 1_024

    /// The votes.
    public private(set) var votes: [Vote]

    /// A ballot with the given votes.
    init(_ votes: [Vote] = []) {
        self.votes = votes
    }

    /// Takes a vote; a member's later vote takes the place of its earlier one, which happens only
    /// where a proposer takes its proposal back.
    mutating func add(_ vote: Vote) {
        votes.removeAll { $0.member == vote.member }
        votes.append(vote)
    }

    /// The members who said yes, or no.
    public func members(approving: Bool) -> [String] {
        votes.filter { $0.approves == approving }.map(\.member)
    }
}

extension Ballot {
    init(_ items: [CBORItem]) throws(CBORFieldError) {
        var votes: [Vote] = []
        for item in items {
            let parts = try item.array(count: 3)
            votes.append(
                Vote(
                    member: try parts[0].text(.member),
                    approves: try parts[1].boolean(),
                    index: try parts[2].unsigned()
                )
            )
        }
        self.init(votes)
    }

    var cbor: CBORValue {
        .array(
            votes.map { .array([.text($0.member), .boolean($0.approves), .unsigned($0.index)]) }
        )
    }
}

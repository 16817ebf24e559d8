import HashTreeCollections
import QuotaRules

/// The governments that decide a matter, and how many of them must agree.
///
/// Counted are the governments whose key is out of its cooling-off, without the member that the
/// matter is about and without those whose suspension is confirmed. A suspension that nobody has
/// confirmed takes a member's vote but not its place in the count: else one government could suspend
/// the others and decide alone.
struct Electorate {
    /// What the votes amount to.
    enum Outcome {
        case open
        case passed
        case rejected
    }

    /// How many are counted.
    let size: Int
    /// Those who may vote now.
    let electors: Set<String>
    /// How many must approve.
    let needed: Int
    /// Whether there is one government at all, which then decides alone.
    let isSole: Bool

    /// What the votes of those who may vote amount to.
    ///
    /// Beside the number, somebody else than the proposer must approve.
    func outcome(of ballot: Ballot, proposer: String?) -> Outcome {
        let approving = ballot.members(approving: true).filter(electors.contains)
        let rejecting = ballot.members(approving: false)
        if let proposer, rejecting.contains(proposer) { return .rejected }
        let hasOther = isSole || approving.contains { $0 != proposer }
        if approving.count >= needed, hasOther { return .passed }
        return size - rejecting.count(where: electors.contains) < needed ? .rejected : .open
    }
}

extension BlockRun {
    /// The governments that decide a matter now.
    ///
    /// - Parameters:
    ///   - threshold: How many must agree.
    ///   - interested: The member that the matter is about.
    /// - Returns: Who may vote, and how many must approve.
    func electorate(_ threshold: ApprovalThreshold, without interested: String?) -> Electorate {
        var all = 0
        var size = 0
        var electors: Set<String> = []
        for (id, member) in members
        where member.card.role == .government && member.ended == nil && member.usableFrom <= time {
            let suspension = governance.suspended[id].flatMap { governance.suspensions[$0] }
            guard suspension?.state != .confirmed else { continue }
            all += 1
            guard id != interested else { continue }
            size += 1
            if suspension == nil { electors.insert(id) }
        }
        return Electorate(
            size: size,
            electors: electors,
            needed: threshold.needed(of: size),
            isSole: all == 1
        )
    }

    /// How the members govern the ledger now; what a withdrawn policy set holds on.
    var rules: PolicyGovernance { policy.document.governance }

    /// Refuses a member that is not a government.
    func checkGovernment(_ member: String, may what: String) throws(Refusal) {
        guard members[member]?.card.role == .government else {
            throw Refusal(
                .notAuthorised,
                "Only a government member \(what).",
                path: "$.protected.15.1"
            )
        }
    }

    /// Refuses a member that may not sign now: expelled, in cooling-off, or suspended.
    func checkStanding(of member: Member, path: String) throws(Refusal) {
        if member.ended != nil {
            throw Refusal(
                .expelled,
                "'\(member.card.id)' is no longer a member. It can join again under another id.",
                path: path
            )
        }
        guard member.usableFrom <= time else {
            throw Refusal(
                .coolingOff,
                "The key of '\(member.card.id)' is new; its statements pass from block time "
                    + "\(member.usableFrom) on.",
                path: path
            )
        }
        guard let key = governance.suspended[member.card.id],
            let suspension = governance.suspensions[key]
        else { return }
        throw Refusal(
            .suspended,
            suspension.state == .confirmed
                ? "'\(member.card.id)' is suspended. A proposal 'key' or 'release' ends that."
                : "'\(member.card.id)' is suspended until block time \(suspension.until), unless "
                    + "votes on \(key) confirm it or end it before.",
            path: path,
            existing: suspension.index
        )
    }
}

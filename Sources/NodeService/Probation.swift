import Consensus
import Ledger

/// Whether a founder whose home has never voted may begin to.
///
/// An empty home may be that of a founder that starts for the first time, or of one that lost everything.
/// If nobody has a block above the genesis, there is nothing that it could have voted for and forgotten;
/// if somebody has, only a recovery is safe (consensus.md 2.9). It waits for as many answers as a block
/// needs votes, so that waiting costs nothing; more than f must say that they are ahead, so that a
/// liar alone cannot keep a founder out.
struct Probation {
    /// What the founder may do.
    enum Verdict: Hashable {
        case wait
        case begin
        case recover
    }

    private let count: Int
    private var isAhead: [Int: Bool] = [:]

    /// A founder among `count` validators.
    init(count: Int) {
        self.count = count
    }

    /// What another validator said last of where it stands.
    mutating func note(_ status: Status, from position: Int) {
        guard position < count else { return }
        isAhead[position] = status.epoch > 1 || status.height > 0
    }

    /// What follows from what was said.
    var verdict: Verdict {
        let quorum = Validator.threshold(of: count)
        let ahead = isAhead.values.count { $0 }
        if ahead > count - quorum { return .recover }
        return isAhead.count - ahead + 1 >= quorum ? .begin : .wait
    }
}

import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Counts what is open again after a change of who decides, or of how many must agree: a member
    /// joined, left, changed its key, was suspended, confirmed so or released, a cooling-off ended, or
    /// another policy came into force.
    ///
    /// Votes count by who may vote when the matter is decided, not when they were cast, and by the
    /// thresholds of the policy in force then. Without this the same votes would decide or not,
    /// depending on whether somebody votes once more. What passes may change who decides again, so it
    /// goes on until nothing changes; each round but the last closes something.
    mutating func recount() {
        while mustRecount {
            mustRecount = false
            for key in openByIndex() { recount(key) }
        }
    }

    /// Whether the cooling-off of a government ended after the last block.
    var hasNewElector: Bool {
        guard time > base.blockTime, governance.hasOpenBallots else { return false }
        return members.values.contains { member in
            member.card.role == .government && member.usableFrom > base.blockTime
                && member.usableFrom <= time
        }
    }

    /// What is open: suspensions, proposals in the order of the log, then claims that wait, by name.
    ///
    /// Suspensions come first, as they do in a block.
    private func openByIndex() -> [BallotSubject] {
        let open = governance.openBallots
        let suspensions = open.filter { $0.kind == .suspension }
        let proposals = open.compactMap { key in
            governance.proposals[key].map { (key: key, index: $0.index) }
        }
        return suspensions + proposals.sorted { $0.index < $1.index }.map(\.key)
            + governance.waitingClaims
    }

    /// A proposal that cannot be carried out now stays open: another vote, or time, ends it.
    private mutating func recount(_ key: BallotSubject) {
        switch key.kind {
        case .proposal:
            guard let record = governance.proposals[key], record.state == .open else { return }
            try? settle(record, key, isRecount: true)
        case .suspension:
            guard let record = governance.suspensions[key], record.state == .open else { return }
            settle(record, key, isRecount: true)
        case .claim:
            let claim = ClaimReference(issuer: key.issuer, id: key.id)
            guard let record = decision(on: claim), record.state == .open else { return }
            try? settle(record, key, isRecount: true)
        }
    }
}

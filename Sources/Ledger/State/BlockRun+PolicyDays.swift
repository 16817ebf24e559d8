import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// What falls due by block time before the first statement of a block: catalogues that begin,
    /// policies that begin or end, then suspensions and proposals whose time is up.
    mutating func runDeadlines() {
        guard governance.isDue(at: time) else { return }
        for adoption in governance.scheduledCatalogues {
            guard let effective = adoption.effective, effective <= date else { break }
            begin(adoption)
        }
        for adoption in governance.policies(dueBy: date) {
            if adoption.state == .scheduled { begin(adoption) } else { end(adoption) }
        }
        for key in governance.openBallots {
            switch key.kind {
            case .proposal:
                guard var record = governance.proposals[key], record.ends <= time else { continue }
                record.close(.lapsed, at: time, decided: nil)
                set(record, for: key)
            case .suspension:
                guard var record = governance.suspensions[key], record.until <= time else {
                    continue
                }
                record.close(.lapsed, at: time, decided: nil)
                set(record, for: key)
            case .claim: continue
            }
        }
    }

    /// Brings a policy into force in the place of the one before.
    mutating func begin(_ adoption: Adoption<Policy>) {
        if var before = governance.policies[policy.index], before.state == .inForce {
            before.close(.superseded, by: adoption.adopted.index, at: time)
            set(before)
        }
        var adoption = adoption
        adoption.begin(at: time)
        set(adoption)
        policy = adoption.adopted
        governance.withdrawnBy = nil
        mustRecount = true
    }

    /// Ends the policy in force without a successor; one that another has superseded already is left
    /// as it is.
    mutating func end(_ adoption: Adoption<Policy>) {
        guard var adoption = governance.policies[adoption.adopted.index],
            let withdrawal = adoption.plannedEnd
        else { return }
        adoption.close(.withdrawn, by: withdrawal.index, at: time)
        set(adoption)
        governance.withdrawnBy = withdrawal.index
    }

    /// Stores a policy in memory and in the state map.
    mutating func set(_ adoption: Adoption<Policy>) {
        governance.set(adoption)
        let document = adoption.adopted.document
        set(
            .encoded(
                index: adoption.adopted.index,
                leafHash: adoption.leafHash,
                bytes: adoption.encoded()
            ),
            for: StateKey.document(.policy, id: document.id, version: document.version)
        )
    }
}

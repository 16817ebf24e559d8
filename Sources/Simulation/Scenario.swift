/// What kind of world a run draws its faults for.
///
/// Random search over everything finds what happens in one run of a hundred. What needs a rarer
/// constellation gets a scenario that makes it common.
package enum Scenario: String, CaseIterable, Sendable {
    /// Each run draws which kinds of fault exist at all.
    case swarm
    /// No fault.
    case calm
    /// f members are dead and the power of all others fails again and again.
    case powerCuts = "power-cuts"
    /// Every message takes about as long as a leader is given, for ever; clients never pause.
    case slowNetwork = "slow-network"
    /// Votes reach one member that is needed at once, blocks later than any leader is given; clients
    /// never pause.
    case slowMember = "slow-member"
    /// Members lose their disks, or parts of them, one after another.
    case amnesia
    /// The same members lose their disks again and again, and answers to older questions come late.
    case repeatedAmnesia = "repeated-amnesia"
    /// A slow member that was cut off catches up, leaders fail, it crashes, and another one that lost
    /// its votes asks it where it stands.
    case laggards
    /// Members lose their disks while nobody has anything to say.
    case idleAmnesia = "idle-amnesia"
    /// f members answer everything and propose nothing.
    case frozenLeader = "frozen-leader"
    /// f members leave the others' statements out.
    case censors
    /// Views end for some by one certificate and for the others by the other one.
    case splitViews = "split-views"
    /// Members catch up, and f liars boast and answer wrongly.
    case liars
    /// f leaders send bytes that are not the block they propose; what was lost is fetched from others.
    case falseBytes = "false-bytes"
    /// Leaders propose twice, and networks are good.
    case equivocators
    /// f + 1 members lead double lives: the chain forks, and guilt must be provable.
    case traitors
    /// The same about where an epoch ends, so that the halves go on in two different next ones.
    case traitorsAtSeal = "traitors-at-seal"
    /// Members join, leave and change keys under the swarm's faults; who lies does so in every epoch,
    /// and with old keys after it left.
    case epochs
    /// Whoever is the first to see the end of an epoch votes in the next, and finds its disk as it was before;
    /// members lose their votes again and again.
    case sealAmnesia = "seal-amnesia"
    /// Epochs, in which whoever joins late or lost its disk takes over the state by a snapshot while
    /// others forget theirs.
    case snapshots

    /// Whether runs of it have more than one epoch.
    var hasEpochs: Bool {
        hasJoiners || self == .sealAmnesia || self == .traitorsAtSeal
    }

    /// Whether members join and leave.
    var hasJoiners: Bool { self == .epochs || hasSnapshots }

    /// Whether states are handed over.
    var hasSnapshots: Bool { self == .snapshots }

    /// Whether a change of the set needs approvals, where liars may ask for one, and deadlines count.
    var asksForApprovals: Bool { self == .epochs }

    /// Whether more than f members are faulty, and the chain may fork.
    var isFork: Bool { self == .traitors || self == .traitorsAtSeal }
}

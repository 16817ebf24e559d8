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
    /// Every message takes about as long as a leader is given, for ever.
    case slowNetwork = "slow-network"
    /// One member needs longer for a block than the others for a view.
    case slowMember = "slow-member"
    /// Members lose their disks, or parts of them, one after another.
    case amnesia
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
    /// Leaders propose twice, and networks are good.
    case equivocators
    /// f + 1 members lead double lives: the chain forks, and guilt must be provable.
    case traitors
}

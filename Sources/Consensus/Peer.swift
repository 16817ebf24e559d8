/// What a replica remembers of another member.
struct Peer: Sendable {
    /// What it said last of where it stands.
    var status: Status?
    /// The highest view it voted in.
    var highestVotedView: UInt64 = 0
    /// When it last signed something, on the clock that runs while a view timer does.
    var lastSigned: UInt64 = 0
    /// When the next bundle may go to it.
    var nextBundle: UInt64 = 0
    /// A finalization of the epoch before that it showed, until it is judged.
    var dispute: Certificate?
    /// When the next one is looked at.
    var nextDispute: UInt64 = 0
    /// When its next question where this node stands is answered.
    var nextStanding: UInt64 = 0
    /// The last view in which it does not vote after a loss, as far as this node walks on for it.
    var walkUpTo: UInt64 = 0
    /// When this node gives up walking on for it.
    var walkEnd: UInt64 = 0
    /// When this node would walk on for it again.
    var nextWalk: UInt64 = 0
    /// How many of its questions the driver is reading answers for.
    var loadCount = 0
    /// The view in which it was last reminded of a vote of this node, and how often.
    var remindedView: UInt64 = 0
    var reminderCount = 0
}

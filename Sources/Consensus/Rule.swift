/// Rules that the simulator may switch off to prove that breaking them is noticed.
///
/// Each is a line of the protocol that some implementation got wrong. A node follows all of them.
package enum Rule: String, Hashable, Sendable, CaseIterable {
    // Voting.

    /// I1: at most one notarize vote a view.
    case oneNotarizePerView = "one-notarize-per-view"
    /// I2: no finalize vote in a view that was nullified.
    case noFinalizeAfterNullify = "no-finalize-after-nullify"
    /// I5: every view between a proposal and its parent must be nullified.
    case skipProofs = "skip-proofs"
    /// I6: a finalization that does not extend the final chain stops this member.
    case finalityIsFinal = "finality-is-final"
    /// I6: what became final elsewhere, and stands on what cannot be final here, is a fork.
    case deadEndsAreJudged = "dead-ends-are-judged"
    /// I6: whoever stops at a fork shows it to the others.
    case alarmIsTold = "alarm-is-told"
    /// I6: what ended the epoch before, and at rest the last finalization, is shown to others.
    case endsAreShown = "ends-are-shown"
    /// I6: whether an early finalization of the epoch before belongs to its chain, the own store tells.
    case ownChainJudges = "own-chain-judges"
    /// Votes certify a proposal only if they all name it.
    case votesCountPerProposal = "votes-count-per-proposal"
    /// 2.14 lesson 5: late notarize votes are cast in older open views.
    case lateNotarize = "late-notarize"

    // What a crash leaves.

    /// I4: a leader's proposal is durable before it is sent.
    case proposalDurableFirst = "proposal-durable-first"
    /// A finalize vote is durable together with the notarization it rests on.
    case notarizationDurableWithFinalize = "notarization-durable-with-finalize"
    /// A vote is durable together with the nullifications that led into its view.
    case nullificationsDurableWithVote = "nullifications-durable-with-vote"
    /// 2.5 restart: own votes count again after a restart.
    case ownVotesCountAgain = "own-votes-count-again"
    /// 2.5 restart: votes of every kind bind again after a restart.
    case allVotesRestored = "all-votes-restored"
    /// 2.5 restart: votes bind again from the first view above the last final one on.
    case votesRestoredFromFirstOpenView = "votes-restored-from-first-open-view"
    /// 2.5 `commit`: forgets votes of final views only.
    case openVotesSurviveCommit = "open-votes-survive-commit"
    /// Records of views that are final, left over by a late deletion, do not stop the start.
    case staleRecordsIgnored = "stale-records-ignored"

    // Going on.

    /// 2.3: a certificate of a view that was left by the other one still counts.
    case certificatesHealSplits = "certificates-heal-splits"
    /// A leader that is alive and proposes nothing is given up like one that is dead.
    case leaderMustPropose = "leader-must-propose"
    /// 2.5 `arm`: time-outs grow with the distance to the last final view.
    case timeoutsMeasureFinality = "timeouts-measure-finality"
    /// 2.14 lesson 1: an echo waits.
    case echoWaits = "echo-waits"
    /// An echo of an echo waits longer than that one did.
    case echoesSlowDown = "echoes-slow-down"
    /// 2.14 lesson 2: timers ask again whether there is work.
    case timersAskForWork = "timers-ask-for-work"
    /// 2.13: the votes of others keep a node going for a while only, its own not at all.
    case helpEnds = "help-ends"
    /// 2.14 lesson 3: at most one bundle a second and member.
    case bundlesArePaced = "bundles-are-paced"
    /// 2.14 lesson 8: what is missing is fetched even when idle.
    case fetchWhenIdle = "fetch-when-idle"
    /// What votes alone name, and nobody has, is not asked for for ever.
    case idleQuestionsEnd = "idle-questions-end"
    /// A member that does not answer is not asked for ever, however far it says it is.
    case fetchAsksAround = "fetch-asks-around"
    /// Only bytes that were found to be the block are passed on.
    case servesCheckedBytes = "serves-checked-bytes"

    // Recovery (2.9).

    /// A member that recovers casts no vote, nullify included.
    case recoveringIsMute = "recovering-is-mute"
    /// Answers to an earlier question do not count.
    case recoveryAnswersAreFresh = "recovery-answers-are-fresh"
    /// A quorum answers before anything is concluded.
    case recoveryAsksQuorum = "recovery-asks-quorum"
    /// Nobody answers from below its own highest vote.
    case answersReachOwnVotes = "answers-reach-own-votes"
    /// Nobody answers while it abstains itself.
    case abstainersDoNotAnswer = "abstainers-do-not-answer"
    /// The first vote is two views above the highest proven one.
    case recoverySkipsView = "recovery-skips-view"
    /// The certificates that led past the abstention are durable at once.
    case recoveryKeepsWayOut = "recovery-keeps-way-out"
    /// An idle network walks on until the member may vote again.
    case recoveryIsWork = "recovery-is-work"

    // Where an epoch ends (2.10).

    /// Votes count in the epoch that they name, and in no other.
    case votesOfOneEpoch = "votes-of-one-epoch"
    /// Certificates count in the epoch that they name, and in no other.
    case certificatesOfOneEpoch = "certificates-of-one-epoch"
    /// Who stands in another epoch says nothing to a member that lost votes of this one.
    case standingsOfOneEpoch = "standings-of-one-epoch"
    /// Whoever answers with a proposal of an epoch that is over is not to blame: a liar had it asked for.
    case oldProposalsBlameNobody = "old-proposals-blame-nobody"
    /// Records of an epoch that is over do not bind in the next.
    case oldRecordsEnd = "old-records-end"
    /// Who lags by an epoch gets its end from whoever is ahead.
    case sealIsHandedOver = "seal-is-handed-over"
    /// A recovery that is open at the seal goes on behind it.
    case recoveryOutlivesSeal = "recovery-outlives-seal"
    /// Who lost votes shortly before the seal abstains in the first view behind it.
    case abstentionOutlivesSeal = "abstention-outlives-seal"
    /// That abstention forbids to accept a proposal, not to give the view up.
    case carriedAbstentionYields = "carried-abstention-yields"
}

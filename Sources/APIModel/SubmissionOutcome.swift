/// What became of one submitted statement.
package enum SubmissionOutcome: Hashable, Sendable {
    /// It is in the log and nothing can undo it.
    case final(FinalEntry)
    /// It was taken and waits for a block.
    case pending(PendingEntry)
    /// It does not pass, and nothing was stored.
    case refused(RefusalDocument)
    /// There is no room for it now; try again after `retryAfter` seconds.
    case poolFull(retryAfter: Int)
}

/// A statement that is in the log.
package struct FinalEntry: Hashable, Sendable {
    /// The leaf hash, lower-case hex: the id of the entry.
    package var entry: String
    /// The leaf index.
    package var index: UInt64
    /// The tree size of the receipt.
    package var size: UInt64
    /// This node's receipt, a tagged COSE_Sign1; nil if the caller asked to leave it out.
    package var receipt: [UInt8]?
    /// True if the same bytes were in the log before this submission.
    package var isDuplicate: Bool
    /// How the claim was judged, for claims.
    package var decision: DecisionDocument?

    /// Makes a report.
    package init(
        entry: String,
        index: UInt64,
        size: UInt64,
        receipt: [UInt8]?,
        isDuplicate: Bool = false,
        decision: DecisionDocument? = nil
    ) {
        self.entry = entry
        self.index = index
        self.size = size
        self.receipt = receipt
        self.isDuplicate = isDuplicate
        self.decision = decision
    }
}

/// A statement that was taken and is not final yet.
package struct PendingEntry: Hashable, Sendable {
    /// The leaf hash, lower-case hex: the id that the entry will have.
    package var entry: String
    /// Seconds after which asking again makes sense.
    package var retryAfter: Int
    /// Why it takes long, if the node knows, such as that no quorum is reachable.
    package var notice: String?
    /// The node's signed word that it took the statement, a tagged COSE_Sign1; nil if the caller did not ask
    /// for receipts, or the node is no validator.
    package var intake: [UInt8]?

    /// Makes a report.
    package init(
        entry: String,
        retryAfter: Int = 1,
        notice: String? = nil,
        intake: [UInt8]? = nil
    ) {
        self.entry = entry
        self.retryAfter = retryAfter
        self.notice = notice
        self.intake = intake
    }
}

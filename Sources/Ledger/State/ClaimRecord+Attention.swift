public import QuotaRules

extension ClaimRecord {
    /// Why somebody must do something about a claim.
    public enum Attention: String, CaseIterable, Hashable, Sendable {
        /// Governments have to decide.
        case decision = "waits for a decision"
        /// The receiving government has let the time for its answer pass.
        case consent = "consent not answered"
        /// It has been on its way for longer than the policy gives it.
        case delivery = "delivery overdue"
        /// Nobody has told for longer than the policy gives that the goods are where they were.
        case presence = "presence overdue"
    }

    /// What somebody must do something about on a day, with the items that it is about, and since when it
    /// waits; days since 1970-01-01.
    ///
    /// Follows from the record and the policy alone, so whoever has a proof of the record can tell.
    public func attention(
        on today: UInt64,
        by lifecycle: PolicyLifecycle
    ) -> [(why: Attention, items: UInt64, since: UInt64?)] {
        var found: [(why: Attention, items: UInt64, since: UInt64?)] = []
        func add(_ why: Attention, _ bucket: Bucket, since: UInt64? = nil) {
            let items = count(in: bucket)
            if items > 0 { found.append((why, items, since)) }
        }
        /// Whether more days than the policy gives have passed since a day; 0 is no day.
        func isPast(_ day: UInt64, _ given: UInt64) -> Bool {
            day > 0 && day < today && today - day > given
        }
        if decision == .awaiting { add(.decision, .reserved) }
        if let consent, consent.answer == nil, consent.answerBy < today {
            add(.consent, .reserved, since: consent.answerBy)
        }
        if isPast(shipped, lifecycle.deliveryDays) { add(.delivery, .inTransit, since: shipped) }
        if isPast(attested, lifecycle.presenceDays) { add(.presence, .delivered, since: attested) }
        return found
    }
}

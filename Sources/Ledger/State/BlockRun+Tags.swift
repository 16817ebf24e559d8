import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Counts tags as live in a record, or refuses them; ``begin(_:of:)`` then sets them.
    ///
    /// A tag that is live in the claim whose goods these were moves over; one that is live anywhere
    /// else is refused with the claim that has it, and one that ended in the same claim too: a chip
    /// that came back leaves the country again under a new claim.
    ///
    /// - Parameters:
    ///   - tags: The tags.
    ///   - record: The record of the claim that they come into.
    ///   - claim: That claim.
    ///   - source: The record of the claim that its goods come from, if there is one.
    /// - Throws: ``Refusal`` with `tag-in-use`, `unknown-tag`, or `quantity-exceeds` for more tags than chips.
    func attach(
        _ tags: [ChipTag],
        to record: inout ClaimRecord,
        _ claim: ClaimReference,
        from source: inout ClaimRecord?
    ) throws(Refusal) {
        guard !tags.isEmpty else { return }
        guard record.physicalCount > 0 else { throw nothing(.inTransit, of: record) }
        for tag in tags {
            guard let holder = self.tag(tag) else { continue }
            guard holder.isLive else {
                guard holder.claim != claim else {
                    throw Refusal(
                        .unknownTag,
                        "The chip of this tag came back or was destroyed under this claim; it may "
                            + "enter a new one: tag \(tag).",
                        path: "$.payload.body.tags"
                    )
                }
                continue
            }
            guard holder.claim == record.facts.source, let count = source?.tagCount, count > 0
            else {
                throw Refusal(
                    .tagInUse,
                    "A chip of this tag is live in the claim \(holder.claim): tag \(tag).",
                    path: "$.payload.body.tags"
                )
            }
            source?.tagCount = count - 1
        }
        record.tagCount += UInt64(tags.count)
        try checkTags(of: record)
    }

    /// Makes tags live in a claim.
    mutating func begin(_ tags: [ChipTag], of claim: ClaimReference) {
        for tag in tags { set(TagRecord(claim: claim, isLive: true), for: tag) }
    }

    /// Counts tags as gone from a record, or refuses those that are not live in it; ``end(_:of:)``
    /// then ends them.
    func detach(
        _ tags: [ChipTag],
        from record: inout ClaimRecord,
        _ claim: ClaimReference
    ) throws(Refusal) {
        for tag in tags {
            guard let holder = self.tag(tag), holder.isLive, holder.claim == claim else {
                throw Refusal(
                    .unknownTag,
                    "A tag is not live in this claim: \(tag).",
                    path: "$.payload.body.tags"
                )
            }
        }
        record.tagCount -= min(record.tagCount, UInt64(tags.count))
    }

    /// Ends tags of chips that left a claim.
    mutating func end(_ tags: [ChipTag], of claim: ClaimReference) {
        for tag in tags { set(TagRecord(claim: claim, isLive: false), for: tag) }
    }

    /// Refuses more live tags than there are chips.
    func checkTags(of record: ClaimRecord) throws(Refusal) {
        let chips = record.physicalCount
        guard record.tagCount > chips else { return }
        throw Refusal(
            .quantityExceeds,
            "\(record.tagCount) chips are tagged, and the claim would have \(chips); name the tags "
                + "of at least \(record.tagCount - chips) that leave it, or no more than there are.",
            path: "$.payload.body.tags"
        )
    }
}

extension ClaimRecord {
    /// The integrated circuits that were shipped and have not left the claim.
    public var physicalCount: UInt64 {
        lines.reduce(0) { sum, line in
            let items =
                line.quantities[.inTransit] + line.quantities[.delivered]
                + line.quantities[.shortfall] + line.quantities[.disputed] + line.quantities[.lost]
            return sum + items * line.circuits
        }
    }
}

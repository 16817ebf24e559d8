/// Whether signatures are new enough.
enum Freshness {
    /// Refuses a time that lies more than `maxAge` seconds before `now`; one after `now` passes,
    /// since clocks differ.
    static func check(
        _ time: UInt64,
        at now: UInt64,
        maxAge: UInt64
    ) throws(VerificationFailure) {
        let age = now > time ? now - time : 0
        guard age <= maxAge else {
            throw VerificationFailure(
                .stale,
                "the quorum signed \(age) seconds ago, at most \(maxAge) were asked for"
            )
        }
    }
}

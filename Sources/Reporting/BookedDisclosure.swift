import Ledger

/// That private values of a claim were shown to somebody, as whoever showed them recorded it.
struct BookedDisclosure: Sendable {
    /// Who showed them.
    let issuer: String
    let claim: ClaimReference
    /// The names of the values.
    let fields: [String]
    /// The time of its block, POSIX seconds.
    let time: UInt64

    /// The disclosure that a statement records; nil for any other.
    init?(_ statement: Statement, time: UInt64) {
        guard case .event(let body) = statement.body,
            case .disclose(let fields, _) = body.event
        else { return nil }
        issuer = statement.identity.issuer
        claim = body.claim
        self.fields = fields
        self.time = time
    }
}

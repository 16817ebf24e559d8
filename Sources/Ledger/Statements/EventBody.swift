public import QuotaCrypto
public import QuotaRules

/// One thing that happened to a consignment after it was claimed: the body of an event statement.
///
/// Layout: `{claim: [issuer, id], event: text, ...}` with the fields of ``ClaimEvent``. The
/// statement's subject is the id of the event, chosen by its issuer; its payload is
/// `{body, approvals}`, where the approvals are the other signatures that the event needs.
public struct EventBody: Hashable, Sendable {
    /// The claim that it happened to.
    public let claim: ClaimReference
    /// What happened.
    public let event: ClaimEvent

    /// `event` happened to `claim`.
    public init(claim: ClaimReference, event: ClaimEvent) {
        self.claim = claim
        self.event = event
    }
}

/// What can happen to a consignment.
///
/// `quantities` has one number for each line of the claim, in items; at least one is above 0. In the
/// table, `?` marks what may be left out.
///
/// | event | fields | quantities move |
/// |---|---|---|
/// | `consent` | answer, digest? | |
/// | `licence` | quantities?, expires, digest? | reserved to licensed |
/// | `test` | digest | |
/// | `ship` | quantities, date, tags?, digest? | licensed to in transit |
/// | `tags` | tags | |
/// | `accept` | quantities, date, final? | in transit to delivered; if final, the rest to shortfall |
/// | `presence` | grade, quantities?, digest? | raises the grade of what is delivered |
/// | `transfer` | organisation, facility?, quantities?, tags? | delivered to passed on, into a new claim |
/// | `return` | quantities, from, tags? | in transit or delivered to returned |
/// | `lost` | quantities, from | in transit or delivered to lost |
/// | `found` | quantities, to | lost to in transit or delivered |
/// | `retire` | quantities, tags?, digest? | delivered to retired |
/// | `dispute` | quantities, from, digest | any that is not final to disputed |
/// | `disclose` | fields, digest | |
/// | `amend` | was, quantities | reserved down to expired, or up from outside |
/// | `resolve` | quantities, from, to | disputed to any |
/// | `write_off` | quantities, from | lost or shortfall to retired |
/// | `correct` | quantities, from, to | between two that are not final |
///
/// The last three happen by a decision of k of n governments only.
public enum ClaimEvent: Hashable, Sendable {
    /// The receiving government's answer to the question whether the goods may come.
    case consent(answer: Bool, digest: Digest?)
    /// The authorisation to ship; everything that is reserved, if no quantities are given.
    case licence(quantities: [UInt64]?, expires: CalendarDate, digest: Digest?)
    /// A laboratory has tested the goods.
    case test(digest: Digest)
    /// A part or all left; the digest is of the carrier's or customs' reference.
    case ship(quantities: [UInt64], date: CalendarDate, tags: [ChipTag], digest: Digest?)
    /// More tags of what was shipped.
    case tags([ChipTag])
    /// A part or all arrived; if final, what is still in transit is missing.
    case accept(quantities: [UInt64], date: CalendarDate, isFinal: Bool)
    /// The goods were seen, with evidence of a grade from 0 to 4; all that is delivered, if no
    /// quantities are given.
    case presence(grade: UInt64, quantities: [UInt64]?, digest: Digest?)
    /// Delivered goods go to another organisation of the same country, as a claim whose id is that of
    /// the event; all of them, if no quantities are given.
    case transfer(
        organisation: String,
        facility: String?,
        quantities: [UInt64]?,
        tags: [ChipTag]
    )
    /// Goods came back to the exporter.
    case turnBack(quantities: [UInt64], from: Bucket, tags: [ChipTag])
    /// Goods are missing.
    case lost(quantities: [UInt64], from: Bucket)
    /// Lost goods were found.
    case found(quantities: [UInt64], to: Bucket)
    /// Goods were destroyed.
    case retire(quantities: [UInt64], tags: [ChipTag], digest: Digest?)
    /// Somebody contests where goods are; the digest is of the reason.
    case dispute(quantities: [UInt64], from: Bucket, digest: Digest)
    /// Whoever signs has shown somebody the private values with these names, ascending; the digest is
    /// of who that is.
    case disclose(fields: [String], digest: Digest)
    /// The claimed quantities change from `was` to `quantities`.
    case amend(was: [UInt64], quantities: [UInt64])
    /// A dispute about goods that stood in `from` ends; they now stand in `to`.
    case resolve(quantities: [UInt64], from: Bucket, to: Bucket)
    /// Lost or missing goods will not turn up.
    case writeOff(quantities: [UInt64], from: Bucket)
    /// The books were wrong.
    case correct(quantities: [UInt64], from: Bucket, to: Bucket)

    /// The name of an event in the formats and in a policy.
    public var kind: EventKind {
        switch self {
        case .consent: .consent
        case .licence: .licence
        case .test: .test
        case .ship: .ship
        case .tags: .tags
        case .accept: .accept
        case .presence: .presence
        case .transfer: .transfer
        case .turnBack: .turnBack
        case .lost: .lost
        case .found: .found
        case .retire: .retire
        case .dispute: .dispute
        case .disclose: .disclose
        case .amend(let was, let quantities):
            zip(was, quantities).contains { $0 < $1 } ? .amendUp : .amendDown
        case .resolve: .resolve
        case .writeOff: .writeOff
        case .correct: .correct
        }
    }
}

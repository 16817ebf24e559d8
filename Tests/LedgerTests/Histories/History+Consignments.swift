import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import StateMap
import TestSupport
import Testing

/// Claims and what happens to them.
extension History {
    mutating func claimStatement(
        quantity: UInt64? = nil,
        to organisation: String? = nil,
        at issued: UInt64? = nil
    ) throws -> Statement {
        let receiver = registered()
        let source = pick(0..<12) == 0 ? deliveredClaim() : nil
        let issuer = source?.0.issuer ?? member(pick(0..<6) == 0 ? nil : .exporter)
        let twoLines = pick(0..<4) == 0 && source == nil
        let most: UInt64 = source?.1.lines[0].quantities[.delivered] ?? 40
        let first = ClaimLine(
            sku: source?.1.lines[0].sku ?? (pick(0..<30) == 0 ? "chip-z" : "chip-a"),
            quantity: quantity ?? pick(1..<(max(1, most) + 1))
        )
        let body = ClaimBody(
            authority: pick(["LICENSE", "LICENSE", "LPP", "GRANT", "DECIDE"]) ?? "LICENSE",
            destination: pick(0..<15) == 0 ? "CN" : receiver?.location ?? "KE",
            parties: [
                .init(
                    role: "ultimate_consignee",
                    organisation: organisation ?? receiver?.id ?? "uni-ke"
                )
            ],
            lines: [first]
                + (twoLines ? [ClaimLine(sku: "chip-b", quantity: pick(1..<100))] : []),
            exported: try date(0..<60),
            received: pick(0..<3) == 0 ? try date(60..<120) : nil,
            source: source?.0
        )
        return try sign(.claim(body), id: name("c"), by: issuer, at: issued)
    }

    private mutating func deliveredClaim() -> (ClaimReference, ClaimRecord)? {
        guard let found = claim(), found.1.lines[0].quantities[.delivered] > 0,
            state.member(found.0.issuer)?.ended == nil
        else { return nil }
        return found
    }

    mutating func cancelStatement() throws -> Statement {
        let reference = claim()?.0 ?? ClaimReference(issuer: "chipco", id: "none")
        return try sign(
            .cancel(CancelBody(claim: reference.id, reason: "not shipped")),
            by: reference.issuer
        )
    }

    /// An event of some claim, by its usual signers unless others are given.
    mutating func eventStatement(
        by others: [String] = [],
        beyond extra: UInt64 = 0
    ) throws -> Statement {
        guard let (reference, record) = claim(),
            let (event, usual) = try event(of: reference, record, beyond: extra)
        else { return try claimStatement() }
        let signers = others.isEmpty ? usual : others
        return try sign(
            .event(EventBody(claim: reference, event: event)),
            id: name("e"),
            by: signers[0],
            and: signers.dropFirst().filter { $0 != signers[0] }
        )
    }

    /// A part of what stands in a bucket, of each line; never nothing.
    mutating func part(
        _ record: ClaimRecord,
        _ bucket: Bucket,
        beyond extra: UInt64 = 0
    ) -> [UInt64]? {
        guard record.count(in: bucket) > 0 else { return nil }
        let all = record.lines.map { $0.quantities[bucket] }
        let some = all.map { pick(0..<($0 + 1)) + extra }
        return pick(0..<2) == 0 || some.allSatisfy { $0 == 0 } ? all.map { $0 + extra } : some
    }

    /// An event that fits where the claim stands, with who usually signs it.
    private mutating func event(
        of claim: ClaimReference,
        _ record: ClaimRecord,
        beyond extra: UInt64
    ) throws -> (ClaimEvent, [String])? {
        let exporter = record.exporter ?? claim.issuer
        let government = member(.government)
        let open = Bucket.allCases.filter { !$0.isFinal && record.count(in: $0) > 0 }
        guard let bucket = pick(open), let part = part(record, bucket, beyond: extra) else {
            return nil
        }
        if pick(0..<20) == 0, bucket != .disputed {
            return (.dispute(quantities: part, from: bucket, digest: .zero), [government])
        }
        if pick(0..<40) == 0 {
            return (.disclose(fields: ["site"], digest: .zero), [exporter])
        }
        switch bucket {
        case .reserved, .licensed:
            return try waiting(claim, record, bucket, part, exporter, government)
        case .inTransit: return try travelling(claim, record, part, exporter, government)
        case .delivered: return try standing(claim, record, part, exporter, government)
        case .lost:
            return (
                .found(quantities: part, to: pick([.inTransit, .delivered]) ?? .delivered),
                [government]
            )
        case .shortfall, .disputed, .returned, .retired, .expired, .passedOn: return nil
        }
    }

    private mutating func waiting(
        _ claim: ClaimReference,
        _ record: ClaimRecord,
        _ bucket: Bucket,
        _ part: [UInt64],
        _ exporter: String,
        _ government: String
    ) throws -> (ClaimEvent, [String]) {
        switch pick(0..<12) {
        case 0 where record.consent != nil:
            return (.consent(answer: pick(0..<4) > 0, digest: nil), ["ke-ict"])
        case 1: return (.test(digest: SHA256.hash([1])), ["lab-nl"])
        case 2:
            let was = record.claimed
            let less = was.map { pick(0..<($0 + 1)) }
            return (.amend(was: was, quantities: less), [exporter, government])
        case 3:
            let was = record.claimed
            return (.amend(was: was, quantities: was.map { $0 + pick(0..<9) }), [exporter])
        default:
            guard bucket == .licensed || record.facts.authority == "LPP" else {
                return (
                    .licence(
                        quantities: pick(0..<2) == 0 ? nil : part,
                        expires: try date(-1..<30),
                        digest: nil
                    ), [government]
                )
            }
            return (
                .ship(
                    quantities: part,
                    date: try date(-3..<2),
                    tags: newTags(claim, record),
                    digest: nil
                ), [exporter]
            )
        }
    }

    private mutating func travelling(
        _ claim: ClaimReference,
        _ record: ClaimRecord,
        _ part: [UInt64],
        _ exporter: String,
        _ government: String
    ) throws -> (ClaimEvent, [String]) {
        switch pick(0..<10) {
        case 0: return (.lost(quantities: part, from: .inTransit), [exporter])
        case 1:
            return (
                .turnBack(quantities: part, from: .inTransit, tags: oldTags(claim)),
                [exporter, government]
            )
        case 2:
            let tags = newTags(claim, record)
            guard !tags.isEmpty else { fallthrough }
            return (.tags(tags), [exporter])
        default:
            return (
                .accept(quantities: part, date: try date(-2..<2), isFinal: pick(0..<3) == 0),
                [government]
            )
        }
    }

    private mutating func standing(
        _ claim: ClaimReference,
        _ record: ClaimRecord,
        _ part: [UInt64],
        _ exporter: String,
        _ government: String
    ) throws -> (ClaimEvent, [String]) {
        switch pick(0..<8) {
        case 0: return (.lost(quantities: part, from: .delivered), [government])
        case 1, 2:
            return (
                .turnBack(quantities: part, from: .delivered, tags: oldTags(claim)),
                [exporter, government]
            )
        case 3, 4:
            return (
                .retire(quantities: part, tags: oldTags(claim), digest: nil),
                [government, "lab-nl"]
            )
        case 5, 6:
            let to = pick(organisationIDs) ?? "uni-ke"
            return (
                .transfer(
                    organisation: to,
                    facility: nil,
                    quantities: pick(0..<2) == 0 ? nil : part,
                    tags: oldTags(claim)
                ), [exporter, government]
            )
        default:
            return (
                .presence(grade: pick(0..<5), quantities: part, digest: nil),
                [government, "lab-nl"]
            )
        }
    }

    /// Some tags: mostly of new chips, now and then of chips that somebody has already.
    private mutating func newTags(_ claim: ClaimReference, _ record: ClaimRecord) -> [ChipTag] {
        guard pick(0..<3) == 0 else { return [] }
        if pick(0..<6) == 0 {
            let source = record.facts.source ?? claims[pick(0..<claims.count)]
            return Array((tags[source] ?? []).prefix(2))
        }
        let drawn = (0..<pick(1..<3)).compactMap { _ in ChipTag(random.bytes(16)) }.sorted()
        tags[claim, default: []] += drawn
        return drawn
    }

    /// Some of the tags that the claim has or had.
    private mutating func oldTags(_ claim: ClaimReference) -> [ChipTag] {
        let known = (tags[claim] ?? []).filter { tag in
            state.map[StateKey.tag(tag)].flatMap { try? TagRecord.decode($0) }
                .map { $0.isLive && $0.claim == claim } ?? false
        }
        return Array(known.prefix(pick(0..<4))).sorted()
    }
}

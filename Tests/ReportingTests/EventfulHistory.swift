import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules

@testable import Reporting

/// A ledger on which everything happened to consignments that can: shipped in parts, short, lost,
/// returned, handed on, retired, contested, and one let in beyond a cap.
///
/// Where the goods stand at the end, in units of `chip-a` for Kenya:
///
/// | claim | of | reserved | licensed | in transit | delivered | short | disputed | lost | returned | retired | passed on |
/// |---|---|---|---|---|---|---|---|---|---|---|---|
/// | `c-1` | 100 | | | | 66 | 4 | | | 10 | | 20 |
/// | `t-1` | 20 | | | | 20 | | | | | | |
/// | `c-2` | 200 | | 50 | 50 | 85 | | 7 | 5 | | 3 | |
/// | `c-9` | 800 | 800 | | | | | | | | | |
///
/// `c-3`, 90 for Malaysia on the other route, lapsed: its limit gives nothing back.
enum EventfulHistory {
    static func sample() throws -> SmallHistory {
        var history = try SmallHistory()
        try registers(&history)
        try moves(&history)
        try override(&history)
        try history.add([try history.fixture.organisation("late", in: "NL")], at: "2026-06-30")
        return history
    }

    private static func registers(_ history: inout SmallHistory) throws {
        let fixture = history.fixture
        let group = OrganisationBody.Parent(id: "grp", headquarters: "KE")
        try history.add(
            [
                try fixture.organisation("lab-ke", in: "KE", parent: group),
                try fixture.organisation("uni-ke", in: "KE"),
                try fixture.organisation("lab-my", in: "MY"),
                try facility("hall-1", fixture), try facility("hall-2", fixture),
            ],
            at: "2026-03-01"
        )
        // A block each: inside one the order is drawn.
        for claim in [
            try claim("c-1", 100, to: "lab-ke", facility: "hall-1", fixture),
            try claim("c-2", 200, to: "uni-ke", facility: "hall-2", fixture),
            try fixture.claim("c-3", to: "lab-my", in: "MY", quantity: 90, route: "LPP"),
        ] {
            try history.add([claim], at: "2026-03-02")
        }
    }

    /// Two halls of one address.
    private static func facility(_ id: String, _ fixture: LedgerFixture) throws -> Statement {
        try fixture.statement(
            .facility(
                FacilityBody(
                    id: id,
                    country: "KE",
                    operatorID: "lab-ke",
                    owner: "lab-ke",
                    address: SHA256.hash([1])
                )
            ),
            by: fixture.government
        )
    }

    private static func claim(
        _ id: String,
        _ quantity: UInt64,
        to organisation: String,
        facility: String,
        _ fixture: LedgerFixture
    ) throws -> Statement {
        let body = try fixture.claimBody(to: organisation, in: "KE", quantity: quantity)
        return try fixture.statement(
            .claim(
                ClaimBody(
                    authority: body.authority,
                    reference: "D123",
                    destination: body.destination,
                    parties: body.parties,
                    lines: body.lines,
                    exported: body.exported,
                    facility: facility,
                    details: [.init(field: "serials", digest: .zero)]
                )
            ),
            id: id
        )
    }

    private static func moves(_ history: inout SmallHistory) throws {
        let fixture = history.fixture
        let (us, nl) = (fixture.government, fixture.founders[2])
        func day(_ text: String) throws -> CalendarDate {
            guard let day = CalendarDate(text) else { throw NoDay() }
            return day
        }
        func event(
            _ event: ClaimEvent,
            on claim: String,
            id: String,
            by signer: Founder,
            and others: [Founder] = []
        ) throws -> Statement {
            let reference = ClaimReference(issuer: "chipco", id: claim)
            let body = EventBody(claim: reference, event: event)
            return try fixture.statement(.event(body), id: id, by: signer, approvers: others)
        }
        let end = try day("2026-12-31")
        for (claim, quantity) in [("c-1", 100), ("c-2", 200)] {
            let licence = ClaimEvent.licence(
                quantities: [UInt64(quantity)],
                expires: end,
                digest: nil
            )
            try history.add(
                [try event(licence, on: claim, id: "l-\(claim)", by: us)],
                at: "2026-03-03"
            )
        }
        for (claim, quantity) in [("c-1", 100), ("c-2", 150)] {
            let ship = ClaimEvent.ship(
                quantities: [UInt64(quantity)],
                date: try day("2026-03-05"),
                tags: [],
                digest: nil
            )
            let statement = try event(ship, on: claim, id: "s-\(claim)", by: fixture.exporter)
            try history.add([statement], at: "2026-03-05")
        }
        let march = try day("2026-03-20")
        let steps: [(String, ClaimEvent, String, Founder, [Founder])] = [
            ("2026-03-20", .accept(quantities: [96], date: march, isFinal: true), "c-1", us, []),
            ("2026-03-20", .accept(quantities: [100], date: march, isFinal: false), "c-2", us, []),
            (
                "2026-03-25", .turnBack(quantities: [10], from: .delivered, tags: []), "c-1",
                fixture.exporter, [us]
            ),
            ("2026-03-26", .lost(quantities: [5], from: .delivered), "c-2", us, []),
            (
                "2026-03-27", .dispute(quantities: [7], from: .delivered, digest: .zero), "c-2", nl,
                []
            ),
            ("2026-03-29", .presence(grade: 2, quantities: [30], digest: .zero), "c-1", us, []),
            ("2026-04-01", .retire(quantities: [3], tags: [], digest: nil), "c-2", us, [nl]),
            (
                "2026-04-01", .disclose(fields: ["serials", "site"], digest: .zero), "c-1",
                fixture.exporter, []
            ),
            (
                "2026-04-01", .disclose(fields: ["serials"], digest: .zero), "c-2",
                fixture.exporter, []
            ),
            (
                "2026-04-02", .disclose(fields: ["serials"], digest: .zero), "c-1",
                fixture.exporter, []
            ),
            ("2026-04-02", .disclose(fields: ["serials"], digest: .zero), "c-1", us, []),
        ]
        for (place, (date, what, claim, signer, others)) in steps.enumerated() {
            let statement = try event(what, on: claim, id: "e-\(place)", by: signer, and: others)
            try history.add([statement], at: date)
        }
        let transfer = ClaimEvent.transfer(
            organisation: "uni-ke",
            facility: "hall-2",
            quantities: [20],
            tags: []
        )
        try history.add(
            [try event(transfer, on: "c-1", id: "t-1", by: fixture.exporter, and: [us])],
            at: "2026-04-02"
        )
    }

    private static func override(_ history: inout SmallHistory) throws {
        let fixture = history.fixture
        let nl = fixture.founders[2]
        let claim = try fixture.claim("c-9", to: "lab-ke", in: "KE", quantity: 800)
        guard case .claim(let body) = claim.body else { throw NoDay() }
        let permit = ClaimOverride(
            claim: ClaimReference(issuer: "chipco", id: "c-9"),
            body: SHA256.hash(body.cbor.encoded()),
            reason: .zero
        )
        try history.add([try fixture.proposal("ov", .override(permit))], at: "2026-06-20")
        // Of three governments all but one are two: the proposer and another.
        try history.add([try fixture.vote(on: "ov", by: nl)], at: "2026-06-20")
        try history.add([claim], at: "2026-06-20")
    }

    private struct NoDay: Error {}
}

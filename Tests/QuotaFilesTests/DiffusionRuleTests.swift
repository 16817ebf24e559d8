import CBOR
import QuotaFiles
import QuotaRules
import Testing

/// The policy `us-ai-diffusion-2025` on its edges.
@Suite struct DiffusionRuleTests {
    private func outcome(_ facts: ClaimFacts) throws -> Outcome {
        var book = try Book()
        return book.decide(facts).outcome
    }

    @Test func `the policy and the catalogue come back as they were read`() throws {
        let policy = try NodeFiles.policyDocument()
        #expect(try Policy.decode(policy).encoded.encoded() == policy.encoded())
        #expect(policy.encoded().count < 60_000)
        let catalogue = try NodeFiles.catalogueDocument()
        #expect(try ChipCatalogue.decode(catalogue).encoded.encoded() == catalogue.encoded())
        #expect(catalogue.encoded().count < 60_000)
    }

    @Test(arguments: [
        ("KH", "2025-01-13", "group-3"), ("KH", "2026-02-02", "group-3"),
        ("KH", "2026-02-03", "group-2"), ("MO", "2026-03-01", "group-3"),
        ("HK", "2026-03-01", "group-3"), ("CN", "2026-03-01", "group-3"),
        ("TW", "2026-03-01", "group-1"), ("US", "2026-03-01", "group-1"),
        ("KE", "2026-03-01", "group-2"), ("IN", "2026-03-01", "group-2"),
    ])
    func `a country is in exactly one of the three groups`(
        code: String,
        on date: String,
        group: String
    ) throws {
        let policy = try NodeFiles.policy()
        for other in ["group-1", "group-2", "group-3"] {
            #expect(policy.isMember(code, of: other, on: try day(date)) == (other == group))
        }
    }

    @Test func `Cambodia can be licensed from the day it leaves D5`() throws {
        #expect(try outcome(claim("LICENSE", 1, to: "KH", on: "2026-02-02")) == .refuse)
        #expect(try outcome(claim("LICENSE", 1, to: "KH", on: "2026-02-03")) == .admit)
        // It stays in D:1, where LPP is not among the exceptions.
        #expect(try outcome(claim("LPP", 1, to: "KH", on: "2026-02-03")) == .refuse)
    }

    @Test(arguments: ["CN", "HK", "MO", "RU"])
    func `any party of Group 3 is refused on every route`(code: String) throws {
        for authority in ["LICENSE", "LPP", "AIA", "NVEU", "ACM"] {
            #expect(try outcome(claim(authority, 1, to: code)) == .refuse)
            #expect(try outcome(claim(authority, 1, to: "DE", hq: code)) == .refuse)
            #expect(
                try outcome(claim(authority, 1, to: "DE", parent: (id: "p", hq: code))) == .refuse
            )
        }
        let base = try claim("LICENSE", 1, to: "DE")
        let facts = ClaimFacts(
            authority: "LICENSE",
            destination: "DE",
            parties: base.parties + [
                PartyFacts(
                    role: "intermediate_consignee",
                    organisation: "forwarder",
                    location: "SG",
                    headquarters: "SG",
                    parentID: "p",
                    parentHeadquarters: code
                )
            ],
            lines: base.lines,
            exported: base.exported
        )
        var book = try Book()
        let decision = book.decide(facts)
        #expect(decision.outcome == .refuse)
        #expect(decision.review == .presumptionOfDenial)
        #expect(decision.reasons[0].message.contains("intermediate_consignee 'forwarder'"))
    }

    @Test func `a Group 2 company in Group 1 debits its headquarters' country`() throws {
        var book = try Book()
        let decision = book.decide(
            try claim("LICENSE", 10, to: "FR", parent: (id: "emirati", hq: "AE"))
        )
        #expect(decision.outcome == .admit)
        #expect(decision.movements.map(\.account.subject) == [["AE"]])
    }

    @Test(arguments: [
        ("destination", "FR", [String]()), ("hq", "FR", ["AE"]), ("both", "FR", ["AE"]),
        ("destination", "MY", ["MY"]), ("hq", "MY", ["MY"]), ("both", "MY", ["MY", "AE"]),
    ])
    func `attribution decides which country is debited`(
        attribution: String,
        destination: String,
        debited: [String]
    ) throws {
        let document = try NodeFiles.policyDocument()
            .replacing(["parameters", 2, "value"], with: .text(attribution))
        var book = try Book(policy: Policy.decode(document))
        let decision = book.decide(
            try claim("LICENSE", 10, to: destination, parent: (id: "emirati", hq: "AE"))
        )
        #expect(decision.outcome == .admit)
        #expect(decision.movements.flatMap(\.account.subject) == debited)
    }

    @Test func `a US company in Group 2 debits the destination unless the reading exempts it`()
        throws
    {
        let facts = try claim("LICENSE", 10, to: "KE", parent: (id: "us", hq: "US"))
        let american = ClaimFacts(
            authority: "LICENSE",
            destination: "KE",
            parties: [
                PartyFacts(
                    role: "ultimate_consignee",
                    organisation: "arm",
                    location: "KE",
                    headquarters: "US",
                    parentID: "us",
                    parentHeadquarters: "US"
                )
            ],
            lines: facts.lines,
            exported: facts.exported
        )
        var book = try Book()
        #expect(book.decide(american).movements.map(\.account.subject) == [["KE"]])
        let document = try NodeFiles.policyDocument()
            .replacing(["parameters", 1, "value"], with: true)
        book = try Book(policy: Policy.decode(document))
        let decision = book.decide(american)
        #expect(decision.outcome == .admit)
        #expect(decision.movements.isEmpty)
    }

    @Test func `LPP to D1 and D4 follows the letter unless the reading allows it`() throws {
        let facts = try claim("LPP", 1, to: "VN")
        #expect(try outcome(facts) == .refuse)
        let document = try NodeFiles.policyDocument()
            .replacing(["parameters", 0, "value"], with: true)
        var book = try Book(policy: Policy.decode(document))
        #expect(book.decide(facts).outcome == .admitWithNotice)
    }

    @Test func `AIA files its certification from 253 M TPP on, or always if so read`() throws {
        let few = try claim("AIA", 1, to: "DE")
        let many = try claim("AIA", 15_981, to: "DE")
        var book = try Book()
        #expect(book.decide(few).notices.isEmpty)
        #expect(book.decide(many).notices.map(\.id) == ["aia-certification-filing"])
        let document = try NodeFiles.policyDocument()
            .replacing(["parameters", 4, "value"], with: true)
        book = try Book(policy: Policy.decode(document))
        for facts in [few, many] {
            #expect(book.decide(facts).notices.map(\.id) == ["aia-certification-filing-always"])
        }
    }

    @Test func `missing evidence is named with its cure`() throws {
        let facts = try claim("AIA", 1, to: "DE")
        let bare = ClaimFacts(
            authority: "AIA",
            destination: "DE",
            parties: facts.parties,
            lines: facts.lines,
            exported: facts.exported
        )
        var book = try Book()
        let decision = book.decide(bare)
        #expect(decision.outcome == .refuse)
        #expect(decision.reasons[0].code == .missingEvidence)
        #expect(decision.reasons[0].field == "evidence")
        #expect(decision.reasons[0].message.contains("'aia_certification'"))
        #expect(decision.movements.isEmpty)
    }

    @Test func `the quarter's ceiling changes on its first day`() throws {
        let policy = try NodeFiles.policy()
        let catalogue = try NodeFiles.catalogue()
        let account = AccountKey(
            limit: "nveu-installed",
            subject: ["c", "AE"],
            period: "2025-2027"
        )
        for (date, cap) in [
            ("2024-12-31", nil), ("2025-01-01", 633_000_000), ("2025-03-31", 633_000_000),
            ("2025-04-01", 949_500_000), ("2026-12-31", 4_272_750_000),
            ("2027-01-01", 5_064_000_000), ("2027-12-31", 5_064_000_000),
        ] as [(String, UInt64?)] {
            #expect(
                policy.cap(of: account, on: try day(date), catalogue: catalogue)
                    == cap.map { $0 * 10 }
            )
        }
        var book = try Book()
        let late = book.decide(try claim("NVEU", 1, to: "AE", on: "2028-01-01"))
        #expect(late.outcome == .refuse)
        #expect(late.reasons[0].code == .outsideWindow)
    }

    @Test func `an export on the first day is decided, the day before is not`() throws {
        #expect(try outcome(claim("LICENSE", 1, to: "KE", on: "2025-01-12")) == .refuse)
        #expect(try outcome(claim("LICENSE", 1, to: "KE", on: "2025-01-13")) == .admit)
        #expect(try outcome(claim("LICENSE", 1, to: "KE", on: "2027-12-31")) == .admit)
        #expect(try outcome(claim("LICENSE", 1, to: "KE", on: "2028-01-01")) == .refuse)
    }

    @Test func `a receipt before the export is refused`() throws {
        var book = try Book()
        let decision = book.decide(
            try claim("LPP", 1, to: "KE", on: "2026-01-02", received: "2025-12-31")
        )
        #expect(decision.reasons.map(\.code) == [.receivedBeforeExport])
        #expect(try outcome(claim("LPP", 1, to: "KE", received: "2026-03-01")) == .admitWithNotice)
    }

    @Test func `what no class names moves no quota, even to Group 3`() throws {
        var book = try Book()
        let decision = book.decide(try claim("LICENSE", 10_000, "h20", to: "CN"))
        #expect(decision.outcome == .admit)
        #expect(decision.reasons.map(\.code) == [.notRegulated])
        #expect(decision.limits.isEmpty)
    }

    @Test func `room says what is left and for whom`() throws {
        var book = try Book()
        book.set("country-allocation", ["MY"], "2025-2027", tpp: 780_000_000)
        let facts = try claim("LICENSE", 1, to: "MY")
        let report = room(
            for: "h100-sxm",
            facts,
            policy: book.policy,
            catalogue: book.catalogue,
            standing: book.standing
        )
        #expect(report.largestQuantity == 631)
        #expect(report.decision.outcome == .admit)
        #expect(report.decision.limits.first?.room == 100_000_000)
        #expect(report.evidence.isEmpty)
        let open = room(
            for: "h100-sxm",
            try claim("AIA", 1, to: "DE"),
            policy: book.policy,
            catalogue: book.catalogue,
            standing: EmptyStanding()
        )
        #expect(open.largestQuantity == nil)
        #expect(open.evidence == ["aia_certification"])
        let closed = room(
            for: "h100-sxm",
            try claim("LPP", 1, to: "CN"),
            policy: book.policy,
            catalogue: book.catalogue,
            standing: EmptyStanding()
        )
        #expect(closed.largestQuantity == 0)
        #expect(closed.decision.outcome == .refuse)
    }

    @Test func `every quantity up to the largest passes and the next does not`() throws {
        for item in try NodeFiles.catalogue().items where item.sku != "h20" && item.sku != "l20" {
            var book = try Book()
            let largest = book.decide(try claim("LPP", 1, item.sku, to: "KE")).largestQuantity
            guard let largest else { continue }
            #expect(largest == 269_000_000 / item.tpp.tenths)
            for (quantity, passes) in [(largest, largest > 0), (largest + 1, false)]
            where quantity > 0 {
                var book = try Book()
                let facts = try claim("LPP", quantity, item.sku, to: "KE")
                #expect(book.decide(facts).outcome.passes == passes)
            }
        }
    }
}

import CBOR
import QuotaFiles
import QuotaRules
import Testing

@Suite struct WorkedCaseTests {
    /// The policy of the package, with an uplift for Malaysia if the case has one.
    private static func policy(uplift: UInt64?) throws -> Policy {
        let document = try NodeFiles.policyDocument()
        guard let uplift else { return try Policy.decode(document) }
        return try Policy.decode(
            document.replacing(
                ["limits", 0, "uplift", "entries", 0],
                with: [
                    "country": "MY", "percent": .unsigned(uplift), "from": "2025-06-01",
                    "evidence": "Exchange of letters", "citation": "Supp. No. 5(b) to part 740",
                ]
            )
        )
    }

    @Test func `case 11: an uplift of 101 percent is an invalid entry of the policy`() throws {
        _ = try Self.policy(uplift: 100)
        let error = #expect(throws: CBORFieldError.self) { try Self.policy(uplift: 101) }
        #expect(error?.path == "$.limits[0].uplift.entries[0].percent")
        #expect(error?.problem == "an uplift is from 1 to 100 percent, found 101")
    }

    @Test func `case 15: chips that are certified as destroyed make room for new ones`() throws {
        var book = try Book()
        book.set("nveu-installed", ["consignee", "AE"], "2025-2027", tpp: 1_899_000_000)
        let lost = try claim("NVEU", 1_000, to: "AE", on: "2026-02-15")
        #expect(book.decide(lost).outcome == .refuse)
        #expect(book.release(lost, on: .attrition) == 1)
        #expect(
            book.balance("nveu-installed", ["consignee", "AE"], "2025-2027") == 18_831_680_000
        )
        let decision = book.decide(lost)
        #expect(decision.outcome == .admit)
        #expect(decision.limits.first?.after == 18_990_000_000)
        print("case 15\n" + book.journal.joined(separator: "\n"))
    }

    @Test func `nothing under LPP or a licence comes back by loss`() throws {
        let book = try Book()
        for (authority, limit) in [
            ("LPP", "lpp-consignee-year"), ("LICENSE", "country-allocation"),
        ] {
            let (releases, reasons) = releases(
                for: try claim(authority, 10, to: "KE"),
                on: .attrition,
                policy: book.policy,
                catalogue: book.catalogue
            )
            #expect(reasons.isEmpty)
            #expect(releases.map(\.account.limit) == [limit])
            #expect(releases.allSatisfy { !$0.isReleased })
        }
    }

    @Test func `a cancelled licence gives its room back, a cancelled LPP claim does not`() throws {
        var book = try Book()
        for (authority, isReleased) in [("LICENSE", true), ("LPP", false)] {
            let movements = book.decide(try claim(authority, 10, to: "KE")).movements
            #expect(movements.count == 1)
            let back = releases(of: movements, on: .cancellation, policy: book.policy)
            #expect(back.map(\.isReleased) == [isReleased])
            #expect(back.map(\.amount) == [1_583_200])
        }
    }
}

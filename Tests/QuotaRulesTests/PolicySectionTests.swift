import CBOR
import Foundation
import QuotaRules
import TestSupport
import Testing

/// The sections `lifecycle` and `weights`, by the 2025 rule.
@Suite struct PolicySectionTests {
    private func rule() throws -> Policy { try RuleFiles.policy("us-ai-diffusion-2025") }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    @Test func `the 2025 rule has licences of a year, and ships its exceptions without`() throws {
        let lifecycle = try rule().lifecycle
        #expect(lifecycle.licenceDays == 365)
        #expect(lifecycle.presenceDays == 184)
        #expect(lifecycle.licenceFree == ["LPP", "AIA", "NVEU", "ACM", "UVEU"])
        // The rule says nothing about these.
        #expect(lifecycle.reservationDays == 30)
        #expect(lifecycle.tolerancePercent == 0)
        #expect(lifecycle.signatures(of: .ship) == [[.exporter]])
    }

    @Test func `lifecycle names routes that exist`() throws {
        let text = try JSONText.text(RuleFiles.document("us-ai-diffusion-2025"))
        let spoiled = text.replacingOccurrences(
            of: #""ACM","UVEU"]"#,
            with: #""ACM","XVEU"]"#
        )
        let error = #expect(throws: CBORFieldError.self) {
            try Policy.decode(try JSONText.cbor(spoiled))
        }
        #expect(error?.path == "$.lifecycle.licenceFree[4]")
    }

    private static let floor = "1" + String(repeating: "0", count: 26)
    private static let below = String(repeating: "9", count: 26)

    private func judge(
        operations: String = floor,
        on day: String = "2026-02-01",
        in location: String = "NL",
        facility: String = "US",
        owner: String = "US",
        attested: [String: String] = [:]
    ) throws -> StorageDecision {
        try rule().judge(
            StorageFacts(
                operations: try #require(OperationCount(operations)),
                date: try date(day),
                location: location,
                facilityOwner: .init(headquarters: facility, parentHeadquarters: facility),
                facilityOperator: .init(headquarters: facility, parentHeadquarters: facility),
                owner: .init(headquarters: owner, parentHeadquarters: owner),
                attested: try attested.mapValues(date)
            )
        )
    }

    @Test func `weights below the floor of the day are not regulated`() throws {
        guard case .belowFloor(let floor?) = try judge(operations: Self.below, in: "CN") else {
            Issue.record("expected less than the floor")
            return
        }
        #expect(floor.operations.text == Self.floor)
        guard case .refuse = try judge(in: "CN") else {
            Issue.record("expected a refusal at the floor")
            return
        }
        guard case .belowFloor(nil) = try judge(on: "2025-01-12", in: "CN") else {
            Issue.record("expected nothing before the rule")
            return
        }
    }

    @Test func `an owner of the first group keeps them at home without more`() throws {
        guard case .admit(let place) = try judge() else {
            Issue.record("expected the first place")
            return
        }
        #expect(place.id == "group-1-at-home")
        for owner in ["KE", "CN"] {
            guard case .refuse = try judge(owner: owner) else {
                Issue.record("expected a refusal of an owner in \(owner)")
                continue
            }
        }
    }

    @Test func `abroad they need a facility that has attested paragraphs 14, 15 and 18`() throws {
        let all = ["14": "2026-01-15", "15": "2026-01-15", "18": "2026-01-15"]
        guard case .admit(let place) = try judge(in: "KE", attested: all) else {
            Issue.record("expected the second place")
            return
        }
        #expect(place.id == "group-1-abroad")
        for paragraph in all.keys.sorted() {
            var some = all
            some[paragraph] = nil
            guard case .evidenceMissing(_, let missing) = try judge(in: "KE", attested: some)
            else {
                Issue.record("expected \(paragraph) to be missing")
                continue
            }
            #expect(missing == [paragraph])
        }
        let old = all.merging(["14": "2025-01-31"]) { $1 }
        guard case .evidenceMissing(_, ["14"]) = try judge(in: "KE", attested: old) else {
            Issue.record("expected an attestation that is too old")
            return
        }
        for (location, facility) in [("CN", "US"), ("MO", "US"), ("KE", "KE")] {
            guard case .refuse = try judge(in: location, facility: facility, attested: all)
            else {
                Issue.record("expected a refusal in \(location) by \(facility)")
                continue
            }
        }
    }
}

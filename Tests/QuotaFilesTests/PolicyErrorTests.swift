import CBOR
import QuotaFiles
import QuotaRules
import Testing

/// A policy that contradicts itself is refused with the place.
@Suite struct PolicyErrorTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let at: [PathStep]
        let value: CBORValue?
        let path: String
        let problem: String
        var testDescription: String { path }
    }

    private static func uplift(of country: String, percent: UInt64) -> CBORValue {
        [
            "country": .text(country), "percent": .unsigned(percent), "from": "2025-06-01",
            "evidence": "Letters", "citation": "Supp. No. 5(b)",
        ]
    }

    private static let faults: [Fault] = [
        Fault(
            at: ["limits", 0, "colour"],
            value: "red",
            path: "$.limits[0].colour",
            problem: "unknown field"
        ),
        Fault(
            at: ["limits", 0, "citation"],
            value: nil,
            path: "$.limits[0].citation",
            problem: "missing"
        ),
        Fault(
            at: ["format"],
            value: 2,
            path: "$.format",
            problem: "this program reads format 1"
        ),
        Fault(
            at: ["status"],
            value: "law",
            path: "$.status",
            problem:
                "expected one of: in_force, not_enforced, draft, withdrawn, bill, deal"
        ),
        Fault(
            at: ["limits", 0, "holders"],
            value: "group-9",
            path: "$.limits[0].holders",
            problem: "there is no group 'group-9'"
        ),
        Fault(
            at: ["routes", 0, "rules", 3, "limits", 0],
            value: "x",
            path: "$.routes[0].rules[3].limits[0]",
            problem: "there is no limit 'x'"
        ),
        Fault(
            at: ["limits", 1, "id"],
            value: "country-allocation",
            path: "$.limits[1].id",
            problem: "'country-allocation' stands here twice"
        ),
        Fault(
            at: ["limits", 0, "cap"],
            value: "0790000000",
            path: "$.limits[0].cap",
            problem: "expected a decimal number in quotes with at most 1 digits after the point "
                + "and none that is needless"
        ),
        Fault(
            at: ["limits", 0, "cap"],
            value: 790_000_000,
            path: "$.limits[0].cap",
            problem: "expected text"
        ),
        Fault(
            at: ["limits", 0, "cap"],
            value: "99999999999999999",
            path: "$.limits[0].cap",
            problem: "too large"
        ),
        Fault(
            at: ["limits", 0, "cap"],
            value: nil,
            path: "$.limits[0].exceeded",
            problem: "not allowed: the limit has no cap"
        ),
        Fault(
            at: ["limits", 0, "attribution"],
            value: nil,
            path: "$.limits[0].attribution",
            problem: "missing: the subject has a destination"
        ),
        Fault(
            at: ["limits", 2, "window", "steps", 1, "from"],
            value: "2025-01-01",
            path: "$.limits[2].window.steps[1].from",
            problem: "must be later than the step before, 2025-01-01"
        ),
        Fault(
            at: ["limits", 0, "window", "through"],
            value: "2024-12-31",
            path: "$.limits[0].window.through",
            problem: "is before 'from'"
        ),
        Fault(
            at: ["limits", 0, "window"],
            value: ["kind": "reporting_dates", "dates": ["02-01", "08-01"]],
            path: "$.limits[0].window.from",
            problem: "missing"
        ),
        Fault(
            at: ["limits", 0, "subShares"],
            value: [
                [
                    "id": "g42", "title": "G42", "share": "120",
                    "when": [["match": "any", "of": ["destination"], "in": ["group-2"]]],
                ]
            ],
            path: "$.limits[0].subShares[0].share",
            problem: "a share is more than 0 and at most 100 percent"
        ),
        Fault(
            at: ["limits", 0, "uplift", "percentMax"],
            value: 101,
            path: "$.limits[0].uplift.percentMax",
            problem: "expected at most 100, found 101"
        ),
        Fault(
            at: ["limits", 0, "uplift", "entries"],
            value: [uplift(of: "MY", percent: 101)],
            path: "$.limits[0].uplift.entries[0].percent",
            problem: "an uplift is from 1 to 100 percent, found 101"
        ),
        Fault(
            at: ["limits", 0, "uplift", "entries"],
            value: [uplift(of: "UK", percent: 10)],
            path: "$.limits[0].uplift.entries[0].country",
            problem: "'UK' is not among 'countries'"
        ),
        Fault(
            at: ["limits", 3, "metric", "kind"],
            value: "share",
            path: "$.limits[3].metric.of",
            problem: "missing"
        ),
        Fault(
            at: ["limits", 3, "metric", "kind"],
            value: "usd",
            path: "$.limits[3].metric.perCircuit",
            problem: "missing"
        ),
        Fault(
            at: ["groups", 2, "members", 3],
            value: ["countries": ["KH"], "from": "2026-02-02"],
            path: "$.groups[2].members[3].countries[0]",
            problem: "'KH' is in this group twice on one day"
        ),
        Fault(
            at: ["groups", 0, "members", 0, "countries", 0],
            value: "HK",
            path: "$.groups[0].members[0].countries[0]",
            problem: "'HK' is read as 'CN'; name that instead"
        ),
        Fault(
            at: ["groups", 0, "members", 0, "countries", 0],
            value: "UK",
            path: "$.groups[0].members[0].countries[0]",
            problem: "'UK' is not among 'countries'"
        ),
        Fault(
            at: ["groups", 1, "complementOf", 0],
            value: "group-2",
            path: "$.groups[1].complementOf[0]",
            problem: "'group-2' is itself a complement"
        ),
        Fault(
            at: ["routes", 0, "requiredRoles", 0],
            value: "captain",
            path: "$.routes[0].requiredRoles[0]",
            problem: "there is no role 'captain'"
        ),
        Fault(
            at: ["parameters", 0, "id"],
            value: "other",
            path: "$.routes[1].rules[1].parameter.id",
            problem: "there is no parameter 'lpp_allowed_in_d1_d4'"
        ),
        Fault(
            at: ["routes", 1, "notices", 0, "threshold", "atLeast"],
            value: "3,200,000",
            path: "$.routes[1].notices[0].threshold.atLeast",
            problem: "expected an amount in quotes, such as \"3200000\""
        ),
        Fault(
            at: ["items", 0, "any", 0, "tpp", "below"],
            value: "4800",
            path: "$.items[0].any[0].tpp",
            problem: "no number is in this band"
        ),
        Fault(
            at: ["routes", 0, "rules", 0, "when", 0, "roles"],
            value: [],
            path: "$.routes[0].rules[0].when[0].roles",
            problem: "expected at least one item; leave the field out instead"
        ),
    ]

    @Test(arguments: faults)
    func `names the place`(_ fault: Fault) throws {
        let document = try NodeFiles.policyDocument().replacing(fault.at, with: fault.value)
        let error = #expect(throws: CBORFieldError.self) { try Policy.decode(document) }
        #expect(error?.path == fault.path)
        #expect(error?.problem == fault.problem)
        #expect(Policy.problems(in: document).first == error)
    }

    @Test func `two uplifts of one country may not overlap`() throws {
        func entry(_ from: String, through: String?) -> CBORValue {
            .object([
                ("country", "MY"), ("percent", 10), ("from", .text(from)),
                ("through", through.map { .text($0) }), ("evidence", "Letters"),
                ("citation", "Supp. No. 5(b)"),
            ])
        }
        let document = try NodeFiles.policyDocument()
        let place: [PathStep] = ["limits", 0, "uplift", "entries"]
        _ = try Policy.decode(
            document.replacing(
                place,
                with: .array([
                    entry("2025-06-01", through: "2025-12-31"), entry("2026-01-01", through: nil),
                ])
            )
        )
        let error = #expect(throws: CBORFieldError.self) {
            try Policy.decode(
                document.replacing(
                    place,
                    with: .array([
                        entry("2025-06-01", through: nil), entry("2026-01-01", through: nil),
                    ])
                )
            )
        }
        #expect(error?.path == "$.limits[0].uplift.entries[1].from")
    }

    @Test func `a document cut short or bent at random is refused or stays a policy`() throws {
        let document = try NodeFiles.policyDocument()
        // Taking any one field away is refused, or leaves out an optional field.
        guard case .map(let entries) = document else { return }
        for entry in entries {
            let name = entry.key.textValue ?? ""
            let rest = CBORValue.map(entries.filter { $0.key != entry.key })
            let isOptional = [
                "statusNote", "adoption", "countries", "aliases", "groups", "limits", "parameters",
                "decisions", "governance", "lifecycle", "weights",
            ].contains(name)
            do throws(CBORFieldError) {
                _ = try Policy.decode(rest)
                #expect(isOptional, "\(name)")
            } catch {
                #expect(isOptional || error.path == "$.\(name)", "\(name): \(error)")
            }
        }
    }
}

import CBOR
import QuotaFiles
import QuotaRules
import TestSupport
import Testing

/// Everything that is wrong with a policy is named at once.
@Suite struct PolicyProblemsTests {
    private static let shipped = [
        "us-ai-diffusion-2025", "us-china-case-by-case-2026", "us-draft-licensing-2026",
        "us-uae-deal-2025", "example-refrigerants",
    ]

    private func document(_ changes: [([PathStep], CBORValue?)]) throws -> CBORValue {
        try changes.reduce(NodeFiles.policyDocument()) { $0.replacing($1.0, with: $1.1) }
    }

    private func words(_ problems: [CBORFieldError]) -> [String] { problems.map(\.description) }

    @Test(arguments: shipped)
    func `nothing is wrong with the policies that are shipped`(_ id: String) throws {
        #expect(Policy.problems(in: try NodeFiles.policyDocument(id)).isEmpty)
    }

    @Test func `values of the wrong form are named together, in every part`() throws {
        let spoiled = try document([
            (["title"], 7), (["version"], "1"), (["validity", "from"], "yesterday"),
            (["groups", 0, "citation"], nil), (["groups", 2, "colour"], "red"),
            (["items", 0, "any", 0, "tpp"], ["atLeast": "4800", "below": "4800"]),
            (["limits", 0, "cap"], "0790000000"), (["limits", 0, "title"], ""),
            (["limits", 0, "uplift", "percentMax"], 101),
            (["routes", 0, "rules", 0, "when", 0, "roles"], []),
            (["routes", 0, "rules", 1, "then", "text"], nil),
        ])
        #expect(
            words(Policy.problems(in: spoiled)) == [
                "$.version: expected an integer of at least 0", "$.title: expected text",
                "$.validity.from: expected a date such as 2025-01-13",
                "$.groups[0].citation: missing", "$.groups[2].colour: unknown field",
                "$.items[0].any[0].tpp: no number is in this band",
                "$.limits[0].title: expected 1 to 2000 bytes of text",
                "$.limits[0].cap: expected a decimal number in quotes with at most 1 digits after "
                    + "the point and none that is needless",
                "$.limits[0].uplift.percentMax: expected at most 100, found 101",
                "$.routes[0].rules[0].when[0].roles: expected at least one item; leave the field "
                    + "out instead",
                "$.routes[0].rules[1].then.text: missing",
            ]
        )
    }

    @Test func `names that lead nowhere are named together`() throws {
        let spoiled = try document([
            (["regulatedItems"], "none"), (["limits", 0, "holders"], "group-9"),
            (["limits", 2, "items"], "toys"), (["routes", 0, "requiredRoles", 0], "captain"),
            (["routes", 0, "rules", 3, "limits", 0], "x"),
            (["groups", 0, "members", 0, "countries", 0], "UK"),
        ])
        let found = Set(Policy.problems(in: spoiled).map(\.path))
        let expected = [
            "$.groups[0].members[0].countries[0]", "$.regulatedItems", "$.limits[0].holders",
            "$.limits[2].items", "$.routes[0].requiredRoles[0]", "$.routes[0].rules[3].limits[0]",
        ]
        #expect(found.isSuperset(of: expected))
    }

    @Test func `names are looked up beside values of the wrong form`() throws {
        let spoiled = try document([
            (["limits", 0, "cap"], 5), (["limits", 0, "holders"], "group-9"),
        ])
        #expect(
            Policy.problems(in: spoiled).map(\.path) == ["$.limits[0].cap", "$.limits[0].holders"]
        )
    }

    @Test func `what cannot be read is no name that is missing`() throws {
        let spoiled = try document([
            (["limits", 0, "metric", "kind"], "weight"), (["limits", 0, "holders"], "group-9"),
            (["title"], 7),
        ])
        #expect(
            Policy.problems(in: spoiled).map(\.path) == ["$.title", "$.limits[0].metric.kind"]
        )
    }

    @Test func `so many are named and no more`() throws {
        let one: CBORValue = ["id": 1, "value": true, "title": "T", "citation": "C"]
        let many = CBORValue.array(Array(repeating: one, count: 60))
        let spoiled = try document([
            (["parameters"], many), (["decisions"], many),
        ])
        #expect(Policy.problems(in: spoiled).count == Policy.problemsMax)
    }

    @Test(arguments: UInt64(0)..<8)
    func `the first is the one that decoding names, whatever is bent`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let id = Self.shipped[Int(seed) % Self.shipped.count]
        let good = try NodeFiles.policyDocument(id)
        let places = good.places()
        let values: [CBORValue?] = [
            nil, 0, 1_000_000, "", "x", [], .object([]), true, .null, ["x"],
        ]
        for _ in 0..<40 {
            var bent = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = places[Int.random(in: 0..<places.count, using: &random)]
                guard bent.has(place) else { continue }
                let value = values[Int.random(in: 0..<values.count, using: &random)]
                bent = bent.replacing(place, with: value)
            }
            let problems = Policy.problems(in: bent)
            #expect(Set(problems).count == problems.count)
            do throws(CBORFieldError) {
                _ = try Policy.decode(bent)
                #expect(problems.isEmpty)
            } catch {
                #expect(problems.first == error)
            }
        }
    }
}

extension CBORValue {
    /// The paths of everything inside.
    fileprivate func places() -> [[PathStep]] {
        let inner: [(PathStep, CBORValue)] =
            switch self {
            case .map(let entries):
                entries.map { (.name($0.key.textValue ?? ""), $0.value) }
            case .array(let items): items.enumerated().map { (.index($0), $1) }
            default: []
            }
        return inner.flatMap { step, value in [[step]] + value.places().map { [step] + $0 } }
    }

    /// Whether a path leads to something.
    fileprivate func has(_ path: [PathStep]) -> Bool {
        guard let step = path.first else { return true }
        let rest = Array(path.dropFirst())
        switch (self, step) {
        case (.map, .name(let name)): return self[.text(name)]?.has(rest) ?? false
        case (.array(let items), .index(let index)):
            return items.indices.contains(index) && items[index].has(rest)
        default: return false
        }
    }
}

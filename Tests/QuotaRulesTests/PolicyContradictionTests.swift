import CBOR
import QuotaRules
import TestSupport
import Testing

/// A policy that contradicts itself is refused with the place and the reason.
@Suite struct PolicyContradictionTests {
    /// What stands in the text of a good policy, what takes its place, and where it is refused.
    struct Fault: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let path: String
        let problem: String
        var testDescription: String { "\(path): \(new)" }

        init(_ old: String, _ new: String, _ path: String, _ problem: String) {
            self.old = old
            self.new = new
            self.path = path
            self.problem = problem
        }
    }

    private static let refuse = #"{"outcome": "refuse", "text": "t", "citation": "c"}"#
    private static let release = #""release": {"on": [], "citation": "c"}"#
    private static let limits = """
        {"id": "total", "title": "t", "citation": "c", "metric": {"kind": "tpp"}, "subject": ["consignee.parent"],
         "window": {"kind": "cumulative", "from": "2025-01-01"}, "countBasis": "exported", \(release)},
        {"id": "part", "title": "t", "citation": "c", "metric": {"kind": "share", "of": "tpp"}, "subject": ["consignee.parent"],
         "window": {"kind": "cumulative", "from": "2025-01-01", "through": "2026-12-31"}, "countBasis": "exported", "cap": "25",
         "denominator": {"kind": "own_total", "limit": "total"}, "exceeded": \(refuse), \(release)},
        {"id": "steps", "title": "t", "citation": "c", "metric": {"kind": "units"}, "subject": [],
         "window": {"kind": "steps", "steps": [{"from": "2025-01-01", "cap": "1"}, {"from": "2026-01-01", "cap": "2"}]},
         "countBasis": "exported", "exceeded": \(refuse), \(release)},
        {"id": "deal", "title": "t", "citation": "c", "metric": {"kind": "units"}, "subject": ["destination"],
         "attribution": "destination", "window": {"kind": "year", "anchor": "07-01", "from": "2025-07-01"},
         "countBasis": "exported", "cap": "100", "subShares": [
           {"id": "a", "title": "A", "share": "60", "when": [{"match": "every", "of": ["parent"], "organisations": ["a"]}]},
           {"id": "b", "title": "B", "share": "40", "when": [{"match": "every", "of": ["location"], "in": ["home"]}]}],
         "exceeded": \(refuse), \(release)},
        {"id": "site", "title": "t", "citation": "c", "metric": {"kind": "units"}, "subject": ["facility"],
         "window": {"kind": "cumulative", "from": "2025-01-01"}, "countBasis": "exported", "tiers": [
           {"cap": "10", "exceeded": {"outcome": "needs_decision", "decision": "cluster", "text": "t", "citation": "c"}},
           {"cap": "20", "exceeded": \(refuse)}], \(release)},
        {"id": "dates", "title": "t", "citation": "c", "metric": {"kind": "units"}, "subject": [],
         "window": {"kind": "reporting_dates", "dates": ["02-01", "08-01"], "from": "2025-01-01"}, "countBasis": "exported",
         "cap": "9", "exceeded": {"outcome": "admit_with_notice", "text": "t", "citation": "c"}, \(release)}
        """
    private static let decisions =
        #""decisions": [{"id": "cluster", "title": "t", "citation": "c", "threshold": {"share": [2, 3]}}],"#

    private static func text() throws -> String {
        try RuleFiles.json(limits, extra: decisions)
    }

    @Test func `the policy that is spoiled below is good`() throws {
        let document = try JSONText.cbor(Self.text())
        let policy = try Policy.decode(document)
        #expect(policy.encoded.encoded() == document.encoded())
        #expect(policy.limits.count == 6)
    }

    static let faults: [Fault] = [
        Fault(
            #""cap": "25""#,
            #""cap": "100.01""#,
            "$.limits[1].cap",
            "a share is at most 100 percent"
        ),
        Fault(
            #"{"kind": "share", "of": "tpp"}"#,
            #"{"kind": "share", "of": "usd"}"#,
            "$.limits[1].metric.of",
            "expected tpp or units"
        ),
        Fault(
            #"{"kind": "share", "of": "tpp"}"#,
            #"{"kind": "share", "of": "units"}"#,
            "$.limits[1].denominator.limit",
            "'total' does not count in units"
        ),
        Fault(
            #""denominator": {"kind": "own_total", "limit": "total"}, "#,
            "",
            "$.limits[1].denominator",
            "missing: a share is a share of something"
        ),
        Fault(
            #""limit": "total"}"#,
            #""limit": "none"}"#,
            "$.limits[1].denominator.limit",
            "there is no limit 'none'"
        ),
        Fault(
            #""limit": "total"}"#,
            #""limit": "steps"}"#,
            "$.limits[1].denominator.limit",
            "'steps' must stand before this limit"
        ),
        Fault(
            #""limit": "total"}"#,
            #""limit": "part"}"#,
            "$.limits[1].denominator.limit",
            "'part' must stand before this limit"
        ),
        Fault(
            #"of": "tpp"}, "subject": ["consignee.parent"]"#,
            #"of": "tpp"}, "subject": ["consignee.id"]"#,
            "$.limits[1].denominator.limit",
            "'total' is kept by consignee.parent, and this limit is not"
        ),
        Fault(
            #""limits": ["total", "part","#,
            #""limits": ["part","#,
            "$.limits[1].denominator.limit",
            "rule 'all' counts in this limit and not in its total"
        ),
        Fault(
            #""limits": ["total", "part", "steps","#,
            #""limits": ["total", "part","#,
            "$.limits[2].id",
            "no rule counts against this limit"
        ),
        Fault(
            #"{"from": "2026-01-01", "cap": "2"}"#,
            #"{"from": "2025-01-01", "cap": "2"}"#,
            "$.limits[2].window.steps[1].from",
            "must be later than the step before, 2025-01-01"
        ),
        Fault(
            #""through": "2026-12-31"}, "countBasis""#,
            #""through": "2024-12-31"}, "countBasis""#,
            "$.limits[1].window.through",
            "is before 'from'"
        ),
        Fault(
            #""cumulative", "from": "2025-01-01", "through": "2026-12-31""#,
            #""cumulative", "from": "2023-01-01", "through": "2024-12-31""#,
            "$.limits[1].window.through",
            "is before the policy's first day, 2025-01-01"
        ),
        Fault(
            #""anchor": "07-01""#,
            #""anchor": "02-29""#,
            "$.limits[3].window.anchor",
            "expected a day that every year has, such as 02-01"
        ),
        Fault(
            #""share": "40""#,
            #""share": "40.01""#,
            "$.limits[3].subShares[1].share",
            "together the sub-shares are 100.01 %, more than 100 percent"
        ),
        Fault(
            #""share": "40""#,
            #""share": "0""#,
            "$.limits[3].subShares[1].share",
            "a share is more than 0 and at most 100 percent"
        ),
        Fault(
            #""id": "b", "title""#,
            #""id": "a", "title""#,
            "$.limits[3].subShares[1].id",
            "'a' stands here twice"
        ),
        Fault(
            #""id": "b", "title""#,
            #""id": "rest", "title""#,
            "$.limits[3].subShares[1].id",
            "'rest' is what the sub-shares leave"
        ),
        Fault(
            #""of": ["parent"], "organisations""#,
            #""of": ["parent", "location"], "organisations""#,
            "$.limits[3].subShares[0].when[0].of",
            "a test looks at countries or at organisations, not at both"
        ),
        Fault(
            #""cap": "20", "exceeded""#,
            #""cap": "10", "exceeded""#,
            "$.limits[4].tiers[1].cap",
            "must be more than the tier before"
        ),
        Fault(
            #""outcome": "needs_decision", "decision": "cluster","#,
            #""outcome": "refuse","#,
            "$.limits[4].tiers[1]",
            "is never reached: the tier before refuses"
        ),
        Fault(
            #""outcome": "needs_decision", "decision": "cluster","#,
            #""outcome": "refuse", "waivedBy": ["x"],"#,
            "$.decisions[0].id",
            "no rule or limit asks for this decision"
        ),
        Fault(
            #""outcome": "needs_decision", "decision": "cluster","#,
            #""outcome": "refuse", "decision": "cluster","#,
            "$.limits[4].tiers[0].exceeded.decision",
            "not allowed: the outcome is refuse"
        ),
        Fault(
            #""decision": "cluster","#,
            #""decision": "x","#,
            "$.limits[4].tiers[0].exceeded.decision",
            "there is no decision 'x'"
        ),
        Fault(
            #"{"share": [2, 3]}"#,
            #"{"share": [3, 2]}"#,
            "$.decisions[0].threshold.share",
            "expected a part and a whole, such as [2, 3]"
        ),
        Fault(
            #"{"share": [2, 3]}"#,
            #"{"count": 0}"#,
            "$.decisions[0].threshold",
            "a decision needs at least one approval"
        ),
        Fault(
            #"{"share": [2, 3]}"#,
            #"{"count": 2, "allBut": 1}"#,
            "$.decisions[0].threshold",
            "expected one of 'share', 'allBut', 'count'"
        ),
        Fault(
            #"["02-01", "08-01"]"#,
            #"["02-01", "02-01"]"#,
            "$.limits[5].window.dates[1]",
            "'02-01' stands here twice"
        ),
        Fault(
            #""outcome": "admit_with_notice""#,
            #""outcome": "refuse""#,
            "$.limits[5].exceeded.outcome",
            "what is measured at reporting dates only warns before them: expected admit_with_notice"
        ),
        Fault(
            #""status": "in_force","#,
            #""status": "in_force", "adoption": {"status": "in_force", "reason": "r"},"#,
            "$.adoption",
            "not allowed: a policy in force is adopted without it"
        ),
        Fault(
            #""status": "in_force","#,
            #""status": "draft", "adoption": {"status": "bill", "reason": "r"},"#,
            "$.adoption.status",
            "the policy's status is draft"
        ),
        Fault(
            #""rules": [{"id": "all""#,
            #""rules": [{"id": "early", "then": {"outcome": "admit", "text": "t", "citation": "c"}}, {"id": "all""#,
            "$.routes[0].rules[1]",
            "can never apply: 'early' comes before it and decides every claim that it would"
        ),
        Fault(
            #""rules": [{"id": "all","#,
            #""rules": [{"id": "all", "validity": {"from": "2029-01-01"},"#,
            "$.routes[0].rules[0].validity",
            "no day of it is from 2025-01-01 through 2028-12-31"
        ),
        Fault(
            #"{"id": "all","#,
            #"{"id": "all", "when": [{"match": "any", "of": ["location"], "in": ["home"]}, {"match": "none", "of": ["location"], "in": ["home"]}],"#,
            "$.routes[0].rules[0].when[1].match",
            "can never hold: an earlier test asks for the opposite"
        ),
        Fault(
            #"{"tpp": {"atLeast": "1"}}"#,
            #"{"tpp": {"atLeast": "2", "below": "2"}}"#,
            "$.items[0].any[0].tpp",
            "no number is in this band"
        ),
        Fault(
            #""countBasis": "exported", "cap": "25""#,
            #""countBasis": {"parameter": "p"}, "cap": "25""#,
            "$.limits[1].countBasis.parameter",
            "there is no parameter 'p'"
        ),
    ]

    @Test(arguments: faults)
    func `names the place and the reason`(_ fault: Fault) throws {
        let good = try Self.text()
        #expect(good.contains(fault.old), "the text to spoil is there")
        let range = try #require(good.firstRange(of: fault.old))
        let spoiled = String(good[..<range.lowerBound] + fault.new + good[range.upperBound...])
        let document = try JSONText.cbor(spoiled)
        let error = #expect(throws: CBORFieldError.self) { try Policy.decode(document) }
        #expect(error?.path == fault.path)
        #expect(error?.problem == fault.problem)
        #expect(Policy.problems(in: document).first == error)
    }

    @Test func `a policy that is not in force is adopted only by an act that says so`() throws {
        let catalogue = try RuleFiles.catalogue(for: "")
        let rule = try RuleFiles.document("us-ai-diffusion-2025")
        let policy = try Policy.decode(rule)
        let error = #expect(throws: CBORFieldError.self) {
            try policy.checkAdoption(with: catalogue)
        }
        #expect(error?.path == "$.status")
        #expect(policy.statusWords == "not_enforced")
        let entries = (rule.mapValue ?? []).map { ($0.key.textValue ?? "", Optional($0.value)) }
        let act: CBORValue = ["status": "not_enforced", "reason": "Our own act."]
        let adopted = try Policy.decode(.object(entries + [("adoption", act)]))
        try adopted.checkAdoption(with: catalogue)
        #expect(
            adopted.statusWords == "not_enforced, adopted by the members' own act: Our own act."
        )
        try RuleFiles.policy("us-china-case-by-case-2026").checkAdoption(with: catalogue)
    }

    @Test func `what a policy names must be in the catalogue that it is adopted with`() throws {
        let catalogue = try RuleFiles.catalogue(for: "")
        let cases = [
            (
                #"{"designers": ["AMD"]}"#, #"{"designers": ["Nobody"]}"#,
                "$.items[2].any[0].designers[0]"
            ),
            (#"{"designers": ["AMD"]}"#, #"{"skus": ["h999"]}"#, "$.items[2].any[0].skus[0]"),
            (
                #"{"designers": ["AMD"]}"#, #"{"skus": ["l4"], "tpp": {"atLeast": "5000"}}"#,
                "$.items[2].any[0]"
            ),
            (
                #""metric": {"kind": "tpp"}"#, #""metric": {"kind": "equivalents", "sku": "h999"}"#,
                "$.limits[0].metric.sku"
            ),
        ]
        for (old, new, path) in cases {
            let good = try Self.text()
            let range = try #require(good.firstRange(of: old))
            let policy = try Policy.decode(
                JSONText.cbor(String(good[..<range.lowerBound] + new + good[range.upperBound...]))
            )
            let error = #expect(throws: CBORFieldError.self) {
                try policy.checkAdoption(with: catalogue)
            }
            #expect(error?.path == path)
        }
    }

    @Test func `accounts that a cap puts over are named with their excess`() throws {
        let policy = try RuleFiles.policy("us-ai-diffusion-2025")
        let catalogue = try RuleFiles.catalogue(for: "")
        let standing = try WrittenStanding(
            [
                "country-allocation|KE|2025-2027=790000000.1",
                "country-allocation|MY|2025-2027=790000000", "uveu-total|g|since-2025-01-13=100",
                "uveu-country|g,IN|since-2025-01-13=7.1", "lpp-consignee-year|u|2025=27000000",
            ],
            policy: policy
        )
        let accounts = [
            ("country-allocation", ["KE"], "2025-2027"),
            ("country-allocation", ["MY"], "2025-2027"),
            ("uveu-country", ["g", "IN"], "since-2025-01-13"),
            ("lpp-consignee-year", ["u"], "2025"),
        ].map { AccountKey(limit: $0.0, subject: $0.1, period: $0.2) }
        let over = policy.accountsOverCap(
            accounts,
            on: try #require(CalendarDate("2026-03-01")),
            catalogue: catalogue,
            standing: standing
        )
        #expect(over.map(\.subject) == [["KE"], ["g", "IN"]])
        #expect(over.map(\.excess) == [1, 1])
    }

    @Test func `thresholds are rounded up and never empty`() throws {
        let cases: [(ApprovalThreshold, [Int])] = [
            (.share(2, of: 3), [1, 1, 2, 2, 3, 4]), (.allBut(1), [1, 1, 1, 2, 3, 4]),
            (.count(3), [1, 1, 2, 3, 3, 3]),
        ]
        for (threshold, needed) in cases {
            #expect((0..<6).map(threshold.needed) == needed)
        }
    }
}

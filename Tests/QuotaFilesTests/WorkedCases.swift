import CBOR
import QuotaRules
import Testing

/// One claim of a worked case and what must come of it.
///
/// Amounts are in TPP.
struct WorkedStep: Sendable {
    let facts: ClaimFacts
    let outcome: Outcome
    /// Before, added, after, cap of the one limit that is touched; nil if none is.
    var sums: (before: UInt64, amount: UInt64, after: UInt64, cap: UInt64?)?
    /// The largest quantity that would pass; nil if no limit binds.
    var largest: UInt64?
    var notices: [String] = []
    /// The paragraph of the deciding rule or limit.
    var citation = ""
    var review: Review?
    /// Words that the messages contain.
    var says: [String] = []
}

/// One worked case of the rule, in the order of its steps.
struct WorkedCase: Sendable, CustomTestStringConvertible {
    let number: Int
    let title: String
    /// Balances to start from: limit, subject, period, TPP.
    var balances: [(String, [String], String, UInt64)] = []
    /// The uplift of Malaysia, if the case has one.
    var uplift: UInt64?
    let steps: [WorkedStep]

    var testDescription: String { "\(number): \(title)" }
}

private let lppNotices = ["lpp-pre-shipment", "lpp-certification-copy"]

extension WorkedCase {
    static func all() throws -> [WorkedCase] {
        try lowPerformance() + authorization() + allocation() + endUsers()
    }

    private static func lowPerformance() throws -> [WorkedCase] {
        let group = (id: "group-ae", hq: "AE")
        return [
            WorkedCase(
                number: 1,
                title: "LPP just below the limit of the year",
                steps: [
                    WorkedStep(
                        facts: try claim("LPP", 1_699, to: "KE"),
                        outcome: .admitWithNotice,
                        sums: (0, 26_898_568, 26_898_568, 26_900_000),
                        largest: 1_699,
                        notices: lppNotices,
                        citation: "740.29(a), (d)"
                    )
                ]
            ),
            WorkedCase(
                number: 2,
                title: "LPP one chip above the limit",
                steps: [
                    WorkedStep(
                        facts: try claim("LPP", 1_700, to: "KE"),
                        outcome: .refuse,
                        sums: (0, 26_914_400, 26_914_400, 26_900_000),
                        largest: 1_699,
                        citation: "740.29(d)",
                        says: ["14,400 TPP above", "LICENSE (presumption of approval)"]
                    )
                ]
            ),
            WorkedCase(
                number: 3,
                title: "LPP across two exporters and two arms of one parent",
                steps: [
                    WorkedStep(
                        facts: try claim(
                            "LPP",
                            900,
                            to: "MY",
                            parent: group,
                            id: "arm-my",
                            exporter: "exporter-x"
                        ),
                        outcome: .admitWithNotice,
                        sums: (0, 14_248_800, 14_248_800, 26_900_000),
                        largest: 1_699,
                        notices: lppNotices,
                        citation: "740.29(a), (d)"
                    ),
                    WorkedStep(
                        facts: try claim(
                            "LPP",
                            800,
                            to: "SG",
                            parent: group,
                            id: "arm-sg",
                            exporter: "exporter-y"
                        ),
                        outcome: .refuse,
                        sums: (14_248_800, 12_665_600, 26_914_400, 26_900_000),
                        largest: 799,
                        citation: "740.29(d)",
                        says: ["Room: 12,651,200 TPP", "at most 799"]
                    ),
                    WorkedStep(
                        facts: try claim(
                            "LPP",
                            799,
                            to: "SG",
                            parent: group,
                            id: "arm-sg",
                            exporter: "exporter-y"
                        ),
                        outcome: .admitWithNotice,
                        sums: (14_248_800, 12_649_768, 26_898_568, 26_900_000),
                        largest: 799,
                        notices: lppNotices,
                        citation: "740.29(a), (d)"
                    ),
                ]
            ),
            WorkedCase(
                number: 4,
                title: "LPP counts in the year of receipt",
                steps: [
                    WorkedStep(
                        facts: try claim(
                            "LPP",
                            1_699,
                            to: "KE",
                            on: "2025-12-20",
                            received: "2025-12-31"
                        ),
                        outcome: .admitWithNotice,
                        sums: (0, 26_898_568, 26_898_568, 26_900_000),
                        largest: 1_699,
                        notices: lppNotices,
                        citation: "740.29(a), (d)"
                    ),
                    WorkedStep(
                        facts: try claim(
                            "LPP",
                            1_699,
                            to: "KE",
                            on: "2025-12-30",
                            received: "2026-01-03"
                        ),
                        outcome: .admitWithNotice,
                        sums: (0, 26_898_568, 26_898_568, 26_900_000),
                        largest: 1_699,
                        notices: lppNotices,
                        citation: "740.29(a), (d)"
                    ),
                ]
            ),
            WorkedCase(
                number: 5,
                title: "LPP to a subsidiary of a parent in Group 3",
                steps: [
                    WorkedStep(
                        facts: try claim(
                            "LPP",
                            10,
                            to: "SG",
                            parent: (id: "parent-cn", hq: "CN")
                        ),
                        outcome: .refuse,
                        largest: 0,
                        citation: "740.29(c)(2)",
                        says: [
                            "ultimate parent with headquarters in CN",
                            "LICENSE (presumption of denial)",
                        ]
                    )
                ]
            ),
        ]
    }

    private static func authorization() throws -> [WorkedCase] {
        let german = (id: "parent-us", hq: "US")
        let emirati = (id: "parent-ae", hq: "AE")
        return [
            WorkedCase(
                number: 6,
                title: "AIA to Germany, past the filing threshold",
                steps: [
                    WorkedStep(
                        facts: try claim("AIA", 20_000, to: "DE", parent: german),
                        outcome: .admitWithNotice,
                        sums: (0, 316_640_000, 316_640_000, nil),
                        notices: ["aia-certification-filing"],
                        citation: "740.27(a)"
                    )
                ]
            ),
            WorkedCase(
                number: 7,
                title: "AIA one chip below the filing threshold, then one more",
                steps: [
                    WorkedStep(
                        facts: try claim("AIA", 15_980, to: "DE", parent: german),
                        outcome: .admit,
                        sums: (0, 252_995_360, 252_995_360, nil),
                        citation: "740.27(a)"
                    ),
                    WorkedStep(
                        facts: try claim("AIA", 1, to: "DE", parent: german),
                        outcome: .admitWithNotice,
                        sums: (252_995_360, 15_832, 253_011_192, nil),
                        notices: ["aia-certification-filing"],
                        citation: "740.27(a)"
                    ),
                ]
            ),
            WorkedCase(
                number: 8,
                title: "A German company with a parent in the Emirates",
                steps: [
                    WorkedStep(
                        facts: try claim("AIA", 500, to: "DE", parent: emirati),
                        outcome: .refuse,
                        largest: 0,
                        citation: "740.27(a)",
                        says: [
                            "ultimate parent with headquarters in AE",
                            "LPP (with lpp_certification)",
                        ]
                    ),
                    WorkedStep(
                        facts: try claim("LPP", 500, to: "DE", parent: emirati),
                        outcome: .admitWithNotice,
                        sums: (0, 7_916_000, 7_916_000, 26_900_000),
                        largest: 1_699,
                        notices: lppNotices,
                        citation: "740.29(a), (d)"
                    ),
                ]
            ),
        ]
    }
}

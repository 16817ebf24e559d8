import QuotaRules

private let malaysia = ("country-allocation", ["MY"], "2025-2027")

extension WorkedCase {
    static func allocation() throws -> [WorkedCase] {
        let at = { (tpp: UInt64) in (malaysia.0, malaysia.1, malaysia.2, tpp) }
        let cap: UInt64 = 790_000_000
        let refused = "742.6(b)(10)(iii)(B)(2)"
        let approved = "742.6(b)(10)(iii)(B)(1)"
        return [
            WorkedCase(
                number: 9,
                title: "A licence that just fits the allocation",
                balances: [at(780_000_000)],
                steps: [
                    WorkedStep(
                        facts: try claim("LICENSE", 631, to: "MY"),
                        outcome: .admit,
                        sums: (780_000_000, 9_989_992, 789_989_992, cap),
                        largest: 631,
                        citation: approved,
                        review: .presumptionOfApproval
                    )
                ]
            ),
            WorkedCase(
                number: 10,
                title: "A licence one chip above the allocation",
                balances: [at(780_000_000)],
                steps: [
                    WorkedStep(
                        facts: try claim("LICENSE", 632, to: "MY"),
                        outcome: .refuse,
                        sums: (780_000_000, 10_005_824, 790_005_824, cap),
                        largest: 631,
                        citation: refused,
                        review: .policyOfDenial
                    )
                ]
            ),
            WorkedCase(
                number: 11,
                title: "The same with an uplift of 25 percent",
                balances: [at(780_000_000)],
                uplift: 25,
                steps: [
                    WorkedStep(
                        facts: try claim("LICENSE", 632, to: "MY"),
                        outcome: .admit,
                        sums: (780_000_000, 10_005_824, 790_005_824, 987_500_000),
                        largest: 13_106,
                        citation: approved,
                        review: .presumptionOfApproval
                    )
                ]
            ),
            WorkedCase(
                number: 12,
                title: "No new allocation with the new year",
                balances: [at(790_000_000)],
                steps: [
                    WorkedStep(
                        facts: try claim("LICENSE", 1, to: "MY", on: "2026-01-02"),
                        outcome: .refuse,
                        sums: (cap, 15_832, 790_015_832, cap),
                        largest: 0,
                        citation: refused,
                        review: .policyOfDenial
                    )
                ]
            ),
            WorkedCase(
                number: 13,
                title: "What was shipped before 2025 does not count",
                steps: [
                    WorkedStep(
                        facts: try claim("LICENSE", 18_949, to: "MY", on: "2024-06-01"),
                        outcome: .refuse,
                        largest: 0,
                        citation: "90 FR 4544",
                        says: ["decides exports from 2025-01-13"]
                    ),
                    // 19,750 x 40,000 is the allocation exactly.
                    WorkedStep(
                        facts: try claim(
                            "LICENSE",
                            19_750,
                            "gb200",
                            to: "MY",
                            on: "2025-06-01"
                        ),
                        outcome: .admit,
                        sums: (0, cap, cap, cap),
                        largest: 19_750,
                        citation: approved,
                        review: .presumptionOfApproval
                    ),
                ]
            ),
            WorkedCase(
                number: 18,
                title: "Classes decide what counts",
                steps: [
                    WorkedStep(
                        facts: try claim(
                            "LICENSE",
                            0,
                            to: "KE",
                            lines: [
                                ClaimLine(sku: "l4", quantity: 1_000),
                                ClaimLine(sku: "h20", quantity: 10_000),
                            ]
                        ),
                        outcome: .admit,
                        sums: (0, 1_940_000, 1_940_000, cap),
                        citation: approved,
                        review: .presumptionOfApproval
                    )
                ]
            ),
        ]
    }

    static func endUsers() throws -> [WorkedCase] {
        let company = (limit: "nveu-installed", subject: ["consignee", "AE"], "2025-2027")
        let cap: UInt64 = 1_899_000_000
        let base = (company.limit, company.subject, company.2, UInt64(1_582_500_000))
        return [
            WorkedCase(
                number: 14,
                title: "The ceiling of the quarter",
                balances: [base],
                steps: [
                    WorkedStep(
                        facts: try claim("NVEU", 20_000, to: "AE", on: "2026-03-31"),
                        outcome: .refuse,
                        sums: (1_582_500_000, 316_640_000, 1_899_140_000, cap),
                        largest: 19_991,
                        citation: "748.15(a)(2)(iii)(B)",
                        says: ["140,000 TPP above"]
                    )
                ]
            ),
            WorkedCase(
                number: 14,
                title: "The largest quantity of the quarter",
                balances: [base],
                steps: [
                    WorkedStep(
                        facts: try claim("NVEU", 19_991, to: "AE", on: "2026-01-01"),
                        outcome: .admit,
                        sums: (1_582_500_000, 316_497_512, 1_898_997_512, cap),
                        largest: 19_991,
                        citation: "748.15(a)(2)(iii)(B)"
                    )
                ]
            ),
            WorkedCase(
                number: 14,
                title: "The same in the next quarter",
                balances: [base],
                steps: [
                    WorkedStep(
                        facts: try claim("NVEU", 20_000, to: "AE", on: "2026-04-01"),
                        outcome: .admit,
                        sums: (1_582_500_000, 316_640_000, 1_899_140_000, 2_690_250_000),
                        largest: 69_969,
                        citation: "748.15(a)(2)(iii)(B)"
                    )
                ]
            ),
        ]
    }
}

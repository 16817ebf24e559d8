/// The worked cases of the rule of 2025, each with the arithmetic of its text.
extension RuleCase {
    private static let rule = "us-ai-diffusion-2025"
    private static let university = "ultimate_consignee:uni@KE"
    private static let kenya = "LPP KE 2026-03-01"
    private static let lppNotices =
        "notices lpp-pre-shipment,lpp-certification-copy by 2026-03-31"

    static let worked: [RuleCase] = [
        RuleCase(
            "1: LPP, 1,699 H100 to a university",
            rule,
            "\(kenya) 1699*h100-sxm \(university) +lpp_certification",
            "admit_with_notice; lpp-consignee-year uni 2026: 0 + 26,898,568 = 26,898,568 "
                + "<= 26,900,000; \(lppNotices); largest 1699"
        ),
        RuleCase(
            "2: one more",
            rule,
            "\(kenya) 1700*h100-sxm \(university) +lpp_certification",
            "refuse; lpp-consignee-year uni 2026: 0 + 26,914,400 = 26,914,400 > 26,900,000 "
                + "by 14,400; largest 1699"
        ),
        RuleCase(
            "3: two exporters, two subsidiaries, one parent",
            rule,
            "LPP SG 2026-03-01 800*h100-sxm ultimate_consignee:arm-sg@SG/SG^group@MY "
                + "+lpp_certification !exporter-y",
            ["lpp-consignee-year|group|2026=14248800"],
            "refuse; lpp-consignee-year group 2026: 14,248,800 + 12,665,600 = 26,914,400 "
                + "> 26,900,000 by 14,400; largest 799"
        ),
        RuleCase(
            "4: exported in December, received in January",
            rule,
            "LPP KE 2025-12-30>2026-01-03 1699*h100-sxm \(university) +lpp_certification",
            ["lpp-consignee-year|uni|2025=26898568"],
            "admit_with_notice; lpp-consignee-year uni 2026: 0 + 26,898,568 = 26,898,568 "
                + "<= 26,900,000; notices lpp-pre-shipment,lpp-certification-copy by 2026-01-29; "
                + "largest 1699"
        ),
        RuleCase(
            "5: a subsidiary whose parent is in group 3",
            rule,
            "LPP SG 2026-03-01 10*h100-sxm ultimate_consignee:arm@SG/SG^parent@CN +lpp_certification",
            "refuse; largest 0"
        ),
        RuleCase(
            "6: AIA, 20,000 H100 to Germany",
            rule,
            "AIA DE 2026-03-01 20000*h100-sxm ultimate_consignee:lab@DE/DE^group@US "
                + "+aia_certification",
            "admit_with_notice; aia-consignee lab since-2025-01-13: 0 + 316,640,000 = "
                + "316,640,000, no cap; notices aia-certification-filing"
        ),
        RuleCase(
            "7: AIA, the last H100 without a filing",
            rule,
            "AIA DE 2026-03-01 15980*h100-sxm ultimate_consignee:lab@DE +aia_certification",
            "admit; aia-consignee lab since-2025-01-13: 0 + 252,995,360 = 252,995,360, no cap"
        ),
        RuleCase(
            "7: and the first with one",
            rule,
            "AIA DE 2026-03-01 1*h100-sxm ultimate_consignee:lab@DE +aia_certification",
            ["aia-consignee|lab|since-2025-01-13=252995360"],
            "admit_with_notice; aia-consignee lab since-2025-01-13: 252,995,360 + 15,832 = "
                + "253,011,192, no cap; notices aia-certification-filing"
        ),
        RuleCase(
            "8: AIA to a company with a parent outside group 1",
            rule,
            "AIA DE 2026-03-01 500*h100-sxm ultimate_consignee:arm@DE/DE^group@AE "
                + "+aia_certification",
            "refuse; largest 0"
        ),
        RuleCase(
            "8: LPP takes it, 7,916,000 TPP",
            rule,
            "LPP DE 2026-03-01 500*h100-sxm ultimate_consignee:arm@DE/DE^group@AE "
                + "+lpp_certification",
            "admit_with_notice; lpp-consignee-year group 2026: 0 + 7,916,000 = 7,916,000 "
                + "<= 26,900,000; \(lppNotices); largest 1699"
        ),
        malaysia(
            "9: the last that fits",
            631,
            "admit (presumption of approval)",
            "9,989,992 = 789,989,992 <= 790,000,000"
        ),
        malaysia(
            "10: one more",
            632,
            "refuse (policy of denial)",
            "10,005,824 = 790,005,824 > 790,000,000 by 5,824"
        ),
        RuleCase(
            "11: with 25 percent by agreement",
            rule,
            "LICENSE MY 2026-03-01 632*h100-sxm ultimate_consignee:dc@MY",
            ["country-allocation|MY|2025-2027=780000000", "agree country-allocation|MY=25"],
            "admit (presumption of approval); country-allocation MY 2025-2027: 780,000,000 + "
                + "10,005,824 = 790,005,824 <= 987,500,000; largest 13106"
        ),
        RuleCase(
            "11: an agreement counts up to the 100 percent of the rule",
            rule,
            "LICENSE MY 2026-03-01 1*h100-sxm ultimate_consignee:dc@MY",
            ["agree country-allocation|MY=101"],
            "admit (presumption of approval); country-allocation MY 2025-2027: 0 + 15,832 = "
                + "15,832 <= 1,580,000,000; largest 99797"
        ),
        RuleCase(
            "12: no new sum in January",
            rule,
            "LICENSE MY 2026-01-02 1*h100-sxm ultimate_consignee:dc@MY",
            ["country-allocation|MY|2025-2027=790000000"],
            "refuse (policy of denial); country-allocation MY 2025-2027: 790,000,000 + 15,832 = "
                + "790,015,832 > 790,000,000 by 15,832; largest 0"
        ),
        RuleCase(
            "13: what went before 2025 does not count (49,898 H100 of 2025)",
            rule,
            "LICENSE MY 2025-02-01 49898*h100-sxm ultimate_consignee:dc@MY",
            ["country-allocation|MY|2024=300000000"],
            "admit (presumption of approval); country-allocation MY 2025-2027: 0 + 789,985,136 = "
                + "789,985,136 <= 790,000,000; largest 49898"
        ),
        nveu(
            "14: above the ceiling of the quarter",
            "2026-03-31",
            20_000,
            "1582500000",
            "refuse",
            "1,582,500,000 + 316,640,000 = 1,899,140,000 > 1,899,000,000 by 140,000; largest 19991"
        ),
        nveu(
            "14: the largest that fits",
            "2026-03-31",
            19_991,
            "1582500000",
            "admit",
            "1,582,500,000 + 316,497,512 = 1,898,997,512 <= 1,899,000,000; largest 19991"
        ),
        nveu(
            "14: a day later the ceiling is the next",
            "2026-04-01",
            20_000,
            "1582500000",
            "admit",
            "1,582,500,000 + 316,640,000 = 1,899,140,000 <= 2,690,250,000; largest 69969"
        ),
        nveu(
            "15: 1,000 destroyed make room for 1,000",
            "2026-02-15",
            1_000,
            "1883168000",
            "admit",
            "1,883,168,000 + 15,832,000 = 1,899,000,000 <= 1,899,000,000; largest 1000"
        ),
        uveu(
            "16: 30,000,000 TPP to India",
            "500*gb300",
            "refuse",
            "120,000,000 + 30,000,000 = 150,000,000 of 2,030,000,000 > 142,100,000 by 7,900,000",
            outside: "440,000,000 + 30,000,000 = 470,000,000 of 2,030,000,000 <= 507,500,000",
            largest: 358
        ),
        uveu(
            "16: the largest in H100",
            "1358*h100-sxm",
            "admit",
            "120,000,000 + 21,499,856 = 141,499,856 of 2,021,499,856 <= 141,504,989.9",
            outside: "440,000,000 + 21,499,856 = 461,499,856 of 2,021,499,856 <= 505,374,964",
            largest: 1_358
        ),
        uveu(
            "16: one more",
            "1359*h100-sxm",
            "refuse",
            "120,000,000 + 21,515,688 = 141,515,688 of 2,021,515,688 > 141,506,098.1 by 9,589.9",
            outside: "440,000,000 + 21,515,688 = 461,515,688 of 2,021,515,688 <= 505,378,922",
            largest: 1_358
        ),
        american(
            "17: 530 of 1,050 outside the United States",
            "gb200",
            1_250,
            "admit_with_notice",
            "480,000,000 + 50,000,000 = 530,000,000 of 1,050,000,000 > 525,000,000 by 5,000,000; notices uveu-outside-us by 2026-08-01"
        ),
        american(
            "17: half is half",
            "gb200",
            1_000,
            "admit",
            "480,000,000 + 40,000,000 = 520,000,000 of 1,040,000,000 <= 520,000,000"
        ),
        RuleCase(
            "18: L4 counts, H20 does not",
            rule,
            "LICENSE KE 2026-03-01 1000*l4 10000*h20 ultimate_consignee:dc@KE",
            "admit (presumption of approval); country-allocation KE 2025-2027: 0 + 1,940,000 = "
                + "1,940,000 <= 790,000,000"
        ),
    ]

    private static func malaysia(
        _ title: String,
        _ quantity: Int,
        _ outcome: String,
        _ sums: String
    ) -> RuleCase {
        RuleCase(
            title,
            rule,
            "LICENSE MY 2026-03-01 \(quantity)*h100-sxm ultimate_consignee:dc@MY",
            ["country-allocation|MY|2025-2027=780000000"],
            "\(outcome); country-allocation MY 2025-2027: 780,000,000 + \(sums); largest 631"
        )
    }

    private static func nveu(
        _ title: String,
        _ date: String,
        _ quantity: Int,
        _ base: String,
        _ outcome: String,
        _ sums: String
    ) -> RuleCase {
        RuleCase(
            title,
            rule,
            "NVEU AE \(date) \(quantity)*h100-sxm ultimate_consignee:dc@AE +nveu_authorization",
            [
                "nveu-installed|dc,AE|2025-2027=\(base)",
                "country-allocation|AE|2025-2027=790000000",
            ],
            "\(outcome); nveu-installed dc,AE 2025-2027: \(sums)"
        )
    }

    private static func uveu(
        _ title: String,
        _ goods: String,
        _ outcome: String,
        _ india: String,
        outside: String,
        largest: Int
    ) -> RuleCase {
        let added = outside.split(separator: " ")[2]
        let total = outside.split(separator: " ")[6]
        return RuleCase(
            title,
            rule,
            "UVEU IN 2026-03-01 \(goods) ultimate_consignee:arm@IN/IN^group@JP +uveu_authorization",
            [
                "uveu-total|group|since-2025-01-13=2000000000",
                "uveu-outside-group-1|group|since-2025-01-13=440000000",
                "uveu-country|group,IN|since-2025-01-13=120000000",
            ],
            "\(outcome); uveu-total group since-2025-01-13: 2,000,000,000 + \(added) = \(total), "
                + "no cap; uveu-outside-group-1 group since-2025-01-13: \(outside); "
                + "uveu-country group,IN since-2025-01-13: \(india); largest \(largest)"
        )
    }

    private static func american(
        _ title: String,
        _ sku: String,
        _ quantity: Int,
        _ outcome: String,
        _ sums: String
    ) -> RuleCase {
        let words = sums.split(separator: " ")
        return RuleCase(
            title,
            rule,
            "UVEU DE 2026-03-01 \(quantity)*\(sku) ultimate_consignee:dc@DE/DE^group@US "
                + "+uveu_authorization",
            [
                "uveu-total|group|since-2025-01-13=1000000000",
                "uveu-outside-us|group|since-2025-01-13=480000000",
            ],
            "\(outcome); uveu-total group since-2025-01-13: 1,000,000,000 + \(words[2]) = "
                + "\(words[6].hasSuffix(";") ? String(words[6].dropLast()) : String(words[6])), "
                + "no cap; uveu-outside-us group since-2025-01-13: \(sums)"
        )
    }
}

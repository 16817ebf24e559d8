/// The policy files of the package beside the rule of 2025.
extension RuleCase {
    private static let china = "us-china-case-by-case-2026"
    private static let draft = "us-draft-licensing-2026"
    private static let deal = "us-uae-deal-2025"
    private static let gas = "example-refrigerants"
    private static let proofs =
        "+export_from_us +available_in_us +us_supply_certification +us_lab_test "
        + "+customer_screening +not_military"
    private static let buyers = "ultimate_consignee:cloud@CN end_user:cloud@CN"

    static let files: [RuleCase] = chinese + drafted + emirati + gases

    private static let chinese: [RuleCase] = [
        RuleCase(
            "half of 2,001 is 1,000",
            china,
            "LICENSE CN 2026-02-01 1000*h200-sxm \(buyers) \(proofs)",
            ["us-end-use|h200-sxm|since-2026-01-15=2001"],
            "needs_decision (case by case); china-half h200-sxm since-2026-01-15: 0 + 1,000 = 1,000 of 2,001 <= 1,000; asks cn-licence; largest 1000"
        ),
        RuleCase(
            "one more than half",
            china,
            "LICENSE MO 2026-02-01 1*h200-sxm \(buyers) \(proofs)",
            [
                "us-end-use|h200-sxm|since-2026-01-15=2001",
                "china-half|h200-sxm|since-2026-01-15=1000",
            ],
            "refuse (policy of denial); china-half h200-sxm since-2026-01-15: 1,000 + 1 = 1,001 of 2,001 > 1,000 by 1; largest 0"
        ),
        RuleCase(
            "at 21,000 TPP or 6,500 GB/s it ends",
            china,
            "LICENSE CN 2026-02-01 1*b200 \(buyers) \(proofs)",
            "refuse (policy of denial); china-half b200 since-2026-01-15: 0 + 1 = 1 of 0 > 0 by 1; ineligible-item; largest 0"
        ),
        RuleCase(
            "every shipment is tested",
            china,
            "LICENSE CN 2026-02-01 1*h200-sxm \(buyers) +export_from_us +available_in_us +us_supply_certification +customer_screening +not_military",
            ["us-end-use|h200-sxm|since-2026-01-15=2"],
            "refuse (case by case); china-half h200-sxm since-2026-01-15: 0 + 1 = 1 of 2 <= 1; missing-evidence; largest 0"
        ),
        RuleCase(
            "a shipment at home makes room",
            china,
            "US_END_USE US 2026-02-01 10*mi325x ultimate_consignee:lab@US",
            "admit; us-end-use mi325x since-2026-01-15: 0 + 10 = 10, no cap"
        ),
    ]

    private static let drafted: [RuleCase] = [
        RuleCase(
            "draft: 1,000 GB300, watched",
            draft,
            "LICENSE VN 2026-03-06 1000*gb300 ultimate_consignee:dc@VN +exporter_monitoring +anti_clustering_software",
            "admit; cluster-other dc,VN since-2026-03-05: 0 + 60,000,000 = 60,000,000 <= 60,000,000; largest 1000"
        ),
        RuleCase(
            "draft: a simple review without",
            draft,
            "LICENSE VN 2026-03-06 1000*gb300 ultimate_consignee:dc@VN",
            "needs_decision (case by case); cluster-other dc,VN since-2026-03-05: 0 + 60,000,000 = 60,000,000 <= 60,000,000; asks simple-review; largest 1000"
        ),
        RuleCase(
            "draft: more wants assurances",
            draft,
            "LICENSE VN 2026-03-06 1001*gb300 ultimate_consignee:dc@VN +exporter_monitoring +anti_clustering_software",
            "needs_decision; cluster-other dc,VN since-2026-03-05: 0 + 60,060,000 = 60,060,000 > 60,000,000 by 60,000; asks assurance; largest 1000"
        ),
        RuleCase(
            "draft: the largest for allies only",
            draft,
            "LICENSE VN 2026-03-06 1*gb300 ultimate_consignee:dc@VN +exporter_monitoring +anti_clustering_software +government_assurance +site_visit",
            ["cluster-other|dc,VN|since-2026-03-05=12000000000"],
            "refuse; cluster-other dc,VN since-2026-03-05: 12,000,000,000 + 60,000 = 12,000,060,000 > 12,000,000,000 by 60,000; largest 0"
        ),
        RuleCase(
            "draft: where all but one decide",
            draft,
            "LICENSE JP 2026-03-06 1*gb300 ultimate_consignee:dc@JP +exporter_monitoring +anti_clustering_software +government_assurance +site_visit",
            ["cluster-ally|dc,JP|since-2026-03-05=12000000000"],
            "needs_decision; cluster-ally dc,JP since-2026-03-05: 12,000,000,000 + 60,000 = 12,000,060,000 > 12,000,000,000 by 60,000; asks host-government; largest 0"
        ),
    ]

    private static let papers = "+matching_investment +security_agreement"

    private static let emirati: [RuleCase] = [
        RuleCase(
            "deal: a fifth for G42",
            deal,
            "DEAL AE 2026-05-01 1000*gb300 ultimate_consignee:khazna@AE/AE^g42@AE \(papers)",
            ["uae-chips|AE|2026=99001", "uae-chips/g42|AE|2026=99001"],
            "refuse; uae-chips AE 2026: 99,001 + 1,000 = 100,001 <= 500,000; uae-chips/g42 AE 2026: 99,001 + 1,000 = 100,001 > 100,000 by 1; largest 999"
        ),
        RuleCase(
            "deal: the rest for companies of the United States",
            deal,
            "DEAL AE 2026-05-01 5555*gb300-nvl72 ultimate_consignee:azure@AE/US^microsoft@US \(papers)",
            "admit; uae-chips AE 2026: 0 + 399,960 = 399,960 <= 500,000; uae-chips/us-companies AE 2026: 0 + 399,960 = 399,960 <= 400,000; largest 5555"
        ),
        RuleCase(
            "deal: nothing for others",
            deal,
            "DEAL AE 2026-05-01 1*gb300 ultimate_consignee:other@AE \(papers)",
            "refuse; uae-chips AE 2026: 0 + 1 = 1 <= 500,000; uae-chips/rest AE 2026: 0 + 1 = 1 > 0 by 1; largest 0"
        ),
        RuleCase(
            "deal: it ends with 2027",
            deal,
            "DEAL AE 2028-01-01 1*gb300 ultimate_consignee:azure@AE/US^microsoft@US \(papers)",
            "refuse; outside-window; largest 0"
        ),
    ]

    private static let importer = "importer:cool@KE"

    private static let gases: [RuleCase] = [
        RuleCase(
            "gas: country, importer and strong gases",
            gas,
            "IMPORT KE 2026-05-01 300*hfc-134a 40*hfc-125 \(importer) +customs_declaration",
            ["grant importer-year|cool,KE=600000"],
            "admit; country-year KE 2026: 0 + 569,000 = 569,000 <= 900,000; importer-year cool,KE 2026: 0 + 569,000 = 569,000 <= 600,000; strong-part KE 2026: 0 + 140,000 = 140,000 of 569,000 <= 227,600; largest 48"
        ),
        RuleCase(
            "gas: strong ones alone wait for the parties",
            gas,
            "IMPORT KE 2026-05-01 1*hfc-23 \(importer)",
            ["grant importer-year|cool,KE=600000", "country-year|KE|2026=20000"],
            "needs_decision; country-year KE 2026: 20,000 + 14,800 = 34,800 <= 900,000; importer-year cool,KE 2026: 0 + 14,800 = 14,800 <= 600,000; strong-part KE 2026: 0 + 14,800 = 14,800 of 34,800 > 13,920 by 880; asks strong-gases; notices customs_declaration; largest 0"
        ),
        RuleCase(
            "gas: the amount falls in 2028",
            gas,
            "IMPORT KE 2028-01-01 420*hfc-134a \(importer) +customs_declaration",
            ["grant importer-year|cool,KE=900000", "country-year|KE|2027=900000"],
            "refuse; country-year KE 2028: 0 + 600,600 = 600,600 > 600,000 by 600; importer-year cool,KE 2028: 0 + 600,600 = 600,600 <= 900,000; largest 419"
        ),
        RuleCase(
            "gas: what is transformed is free",
            gas,
            "FEEDSTOCK KE 2026-05-01 900*hfc-23 \(importer) +transformation_contract",
            "admit"
        ),
        RuleCase(
            "gas: the day before Burundi accedes",
            gas,
            "IMPORT BI 2027-06-30 1*hfc-32 importer:cool@BI",
            "refuse; largest 0"
        ),
        RuleCase(
            "gas: the day of its accession",
            gas,
            "IMPORT BI 2027-07-01 1*hfc-32 importer:cool@BI +customs_declaration",
            ["grant importer-year|cool,BI=675"],
            "admit; country-year BI 2027: 0 + 675 = 675 <= 900,000; importer-year cool,BI 2027: 0 + 675 = 675 <= 675; largest 1"
        ),
        RuleCase(
            "gas: one that is not controlled",
            gas,
            "IMPORT KE 2026-05-01 5*hfc-152a \(importer)",
            "admit; not-regulated"
        ),
    ]
}

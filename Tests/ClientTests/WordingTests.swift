import APIModel
import Client
import Testing

@Suite struct WordingTests {
    private let lpp = LimitDocument(
        limit: "lpp-parent-year",
        subject: ["dune-group"],
        period: "2026",
        before: .tenths(142_488_000),
        amount: .tenths(126_656_000),
        after: .tenths(269_144_000),
        cap: .tenths(269_000_000),
        room: .tenths(126_512_000),
        largestQuantity: 799,
        citation: "740.29(d)"
    )

    @Test func `a refusal says why, the paragraph, the room and what would pass`() {
        let refusal = RefusalDocument(
            code: "limit-exceeded",
            message: "800 units ask more than is left",
            field: "$.payload.lines[0].quantity",
            limits: [lpp],
            alternatives: [
                AlternativeDocument(
                    authority: "LICENSE",
                    outcome: .admit,
                    missingEvidence: ["licence"],
                    largestQuantity: 49_898
                )
            ],
            review: "presumption_of_approval",
            largestQuantity: 799,
            citation: "740.29(d)",
            judgedAt: 42
        )
        #expect(
            Wording.refusal(refusal) == [
                "why      800 units ask more than is left [740.29(d)]",
                "field    $.payload.lines[0].quantity",
                "review   presumption of approval",
                "limit    lpp-parent-year dune-group 2026: 14,248,800 used + 12,665,600 asked"
                    + " = 26,914,400, over 26,900,000 TPP; room 12,651,200 TPP,"
                    + " largest quantity 799 [740.29(d)]",
                "passes   at most 799 units",
                "instead  LICENSE: would pass, at most 49,898 units, given licence",
                "judged   at checkpoint 42",
            ]
        )
    }

    @Test func `an admission says what is left and what is due`() {
        var limit = lpp
        limit.after = .tenths(268_985_680)
        limit.amount = .tenths(126_497_680)
        let decision = DecisionDocument(
            outcome: .admitWithNotice,
            limits: [limit],
            notices: [
                NoticeDocument(
                    id: "lpp-notice",
                    recipient: "BIS",
                    message: "notify",
                    isBeforeShipment: true,
                    due: "2026-06-15",
                    citation: "740.29(g)"
                )
            ]
        )
        #expect(
            Wording.admission(decision) == [
                "limit    lpp-parent-year dune-group 2026: 14,248,800 + 12,649,768 = 26,898,568"
                    + " of 26,900,000 TPP; 1,432 TPP left [740.29(d)]",
                "notice   notify (to BIS before shipment by 2026-06-15; 740.29(g))",
            ]
        )
    }

    @Test func `the country table lines up, and its CSV is plain`() {
        let report = CountryReport(
            AccountsDocument(
                checkpoint: CheckpointSummary(
                    size: 42,
                    root: "00",
                    time: Timestamp(seconds: 1_780_315_200)
                ),
                policy: "us-ai-diffusion-2025",
                accounts: [
                    AccountDocument(
                        limit: "country-cap",
                        subject: ["BR"],
                        country: "BR",
                        period: "2025-2027",
                        cap: .tenths(7_900_000_000),
                        consumed: .tenths(836_768_000)
                    ),
                    AccountDocument(
                        limit: "country-cap",
                        subject: ["MY"],
                        country: "MY",
                        period: "2025-2027",
                        cap: .tenths(7_900_000_000),
                        consumed: .tenths(7_899_899_925)
                    ),
                ]
            )
        )
        #expect(
            report.text == """
                Policy us-ai-diffusion-2025 at checkpoint 42, 2026-06-01T12:00:00Z

                country  limit        period             cap       consumed     used         room  unit  status
                BR       country-cap  2025-2027  790,000,000     83,676,800  10.59 %  706,323,200  TPP   open
                MY       country-cap  2025-2027  790,000,000  789,989,992.5  99.99 %     10,007.5  TPP   near

                """
        )
        #expect(
            report.csv == """
                country,subject,limit,period,cap,consumed,room,unit,used_percent,status,checkpoint_size,checkpoint_time
                BR,BR,country-cap,2025-2027,790000000,83676800,706323200,TPP,10.59,open,42,2026-06-01T12:00:00Z
                MY,MY,country-cap,2025-2027,790000000,789989992.5,10007.5,TPP,99.99,near,42,2026-06-01T12:00:00Z

                """
        )
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(UInt64, String)]
    )
    func `a time is written as RFC 3339 and read back`(seconds: UInt64, text: String) {
        #expect(Timestamp(seconds: seconds).text == text)
        #expect(Timestamp(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "2100-02-29T00:00:00Z", "2026-13-01", "2026-00-01", "2026-01-32", "1969-12-31",
        "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "20260101",
        "+026-01-01",
    ])
    func `a time that is none is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }
}

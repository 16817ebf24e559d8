/// Each primitive of the language, by policies that are written here as JSON.
extension RuleCase {
    private static let always = #"{"kind": "cumulative", "from": "2025-01-01"}"#
    private static let refuse =
        #""exceeded": {"outcome": "refuse", "text": "Full.", "citation": "art. 4"}"#
    private static let warn =
        #""exceeded": {"outcome": "admit_with_notice", "text": "High.", "citation": "art. 4"}"#
    private static let to = "R BB 2026-03-01"
    private static let buyer = "consignee:c@BB"

    /// A limit as JSON.
    static func limit(
        _ id: String,
        _ metric: String,
        subject: String = #""destination""#,
        window: String = always,
        basis: String = "exported",
        _ more: String
    ) -> String {
        let attribution =
            subject.contains("destination") && !more.contains("attribution")
            ? #""attribution": "destination","# : ""
        return """
            {"id": "\(id)", "title": "Limit \(id)", "citation": "art. 2", "metric": \(metric),
             "subject": [\(subject)], \(attribution) "window": \(window),
             "countBasis": "\(basis)", \(more), "release": {"on": [], "citation": "none"}}
            """
    }

    private static func limit(
        _ id: String,
        subject: String = #""destination""#,
        _ more: String
    ) -> String {
        limit(id, #"{"kind": "tpp"}"#, subject: subject, more)
    }

    private static func cap(_ amount: String) -> String { "\"cap\": \"\(amount)\", \(refuse)" }

    static let primitives: [RuleCase] =
        metrics + relative + subjects + windows + parts + tiers + filters + bounds

    private static let metrics: [RuleCase] = [
        RuleCase(
            "TPP in tenths",
            limit("c", cap("41838.4")),
            "\(to) 2*mi300x \(buyer)",
            "admit; c BB since-2025-01-01: 0 + 41,838.4 = 41,838.4 <= 41,838.4; largest 2"
        ),
        RuleCase(
            "TPP, a tenth too much",
            limit("c", cap("41838.3")),
            "\(to) 2*mi300x \(buyer)",
            "refuse; c BB since-2025-01-01: 0 + 41,838.4 = 41,838.4 > 41,838.3 by 0.1; largest 1"
        ),
        RuleCase(
            "units are circuits",
            limit("c", #"{"kind": "units"}"#, cap("17")),
            "\(to) 2*dgx-h100 1*h100-sxm \(buyer)",
            "admit; c BB since-2025-01-01: 0 + 17 = 17 <= 17; largest 1"
        ),
        RuleCase(
            "a rack does not fit in part",
            limit("c", #"{"kind": "units"}"#, cap("100")),
            "\(to) 2*gb300-nvl72 \(buyer)",
            "refuse; c BB since-2025-01-01: 0 + 144 = 144 > 100 by 44; largest 1"
        ),
        RuleCase(
            "equivalents of A100: 60,400 are 301,516,800 TPP",
            limit("c", #"{"kind": "equivalents", "sku": "a100-sxm"}"#, cap("60400")),
            "\(to) 1*h100-sxm \(buyer)",
            ["c|BB|since-2025-01-01=301500968"],
            "admit; c BB since-2025-01-01: 301,500,968 + 15,832 = 301,516,800 <= 301,516,800; largest 1"
        ),
        RuleCase(
            "equivalents of something the catalogue lacks",
            limit("c", #"{"kind": "equivalents", "sku": "h999"}"#, cap("1")),
            "\(to) 1*h100-sxm \(buyer)",
            "refuse; undetermined-item; largest 0"
        ),
        RuleCase(
            "matched investment: 40,000 dollars a circuit",
            limit("c", #"{"kind": "usd", "perCircuit": "40000"}"#, #""granted": true, \#(refuse)"#),
            "\(to) 2*dgx-h100 \(buyer)",
            ["grant c|BB=1000000"],
            "admit; c BB since-2025-01-01: 0 + 640,000 = 640,000 <= 1,000,000; largest 3"
        ),
        RuleCase(
            "matched investment that nobody has shown",
            limit("c", #"{"kind": "usd", "perCircuit": "40000"}"#, #""granted": true, \#(refuse)"#),
            "\(to) 1*h100-sxm \(buyer)",
            "refuse; c BB since-2025-01-01: 0 + 40,000 = 40,000 > 0 by 40,000; largest 0"
        ),
        RuleCase(
            "a grant above the most that one can have",
            limit("c", #"{"kind": "units"}"#, #""granted": true, \#(cap("5"))"#),
            "\(to) 6*h100-sxm \(buyer)",
            ["grant c|BB=9"],
            "refuse; c BB since-2025-01-01: 0 + 6 = 6 > 5 by 1; largest 5"
        ),
    ]

    private static let total = limit("total", subject: #""consignee.parent""#, #""items": "chips""#)

    private static func share(_ cap: String, _ more: String = "", metric: String = "share")
        -> String
    {
        total + ","
            + limit(
                "part",
                #"{"kind": "\#(metric)", "of": "tpp"}"#,
                subject: #""consignee.parent""#,
                "\"cap\": \"\(cap)\", \(refuse), \(more.isEmpty ? "" : more + ",")"
                    + #""when": [{"match": "none", "of": ["destination"], "in": ["home"]}], "#
                    + #""denominator": {"kind": "own_total", "limit": "total"}"#
            )
    }

    private static let relative: [RuleCase] = [
        RuleCase(
            "share: a third is met by equality",
            share("33.33"),
            "\(to) 3333*gb300 \(buyer)",
            ["total|c|since-2025-01-01=400020000", "part|c|since-2025-01-01=0"],
            "admit; total c since-2025-01-01: 400,020,000 + 199,980,000 = 600,000,000, no cap; part c since-2025-01-01: 0 + 199,980,000 = 199,980,000 of 600,000,000 <= 199,980,000; largest 3333"
        ),
        RuleCase(
            "share: nothing at home, nothing abroad",
            share("33.33"),
            "\(to) 1*gb300 \(buyer)",
            "refuse; total c since-2025-01-01: 0 + 60,000 = 60,000, no cap; part c since-2025-01-01: 0 + 60,000 = 60,000 of 60,000 > 19,998 by 40,002; largest 0"
        ),
        RuleCase(
            "share: what goes home only adds to the total",
            share("33.33"),
            "R US 2026-03-01 10*gb300 consignee:c@US",
            ["part|c|since-2025-01-01=600000"],
            "admit; total c since-2025-01-01: 0 + 600,000 = 600,000, no cap"
        ),
        RuleCase(
            "share: already above, nothing more",
            share("7"),
            "\(to) 1*h100-sxm \(buyer)",
            ["total|c|since-2025-01-01=1000000", "part|c|since-2025-01-01=80000"],
            "refuse; total c since-2025-01-01: 1,000,000 + 15,832 = 1,015,832, no cap; part c since-2025-01-01: 80,000 + 15,832 = 95,832 of 1,015,832 > 71,108.2 by 24,723.8; largest 0"
        ),
        RuleCase(
            "share of 100 percent: any quantity",
            share("100"),
            "\(to) 5*gb300 \(buyer)",
            "admit; total c since-2025-01-01: 0 + 300,000 = 300,000, no cap; part c since-2025-01-01: 0 + 300,000 = 300,000 of 300,000 <= 300,000"
        ),
        RuleCase(
            "ratio of one and a half of a total that holds both",
            share("1.5", metric: "ratio"),
            "\(to) 5*gb300 \(buyer)",
            "admit; total c since-2025-01-01: 0 + 300,000 = 300,000, no cap; part c since-2025-01-01: 0 + 300,000 = 300,000 of 300,000 <= 450,000"
        ),
        RuleCase(
            "ratio to another product line of the same exporter",
            limit(
                "home",
                #"{"kind": "units"}"#,
                subject: #""product""#,
                #""when": [{"match": "every", "of": ["destination"], "in": ["home"]}]"#
            ) + ","
                + limit(
                    "away",
                    #"{"kind": "ratio", "of": "units"}"#,
                    subject: #""product", "exporter""#,
                    #""cap": "0.3334", \#(refuse), "when": [{"match": "none", "of": ["destination"], "in": ["home"]}], "denominator": {"kind": "same_product", "limit": "home"}"#
                ),
            "\(to) 4*h200-sxm \(buyer) !maker",
            ["home|h200-sxm|since-2025-01-01=9"],
            "refuse; away h200-sxm,maker since-2025-01-01: 0 + 4 = 4 of 9 > 3 by 1; largest 3"
        ),
        RuleCase(
            "share by equality at the last whole chip",
            limit(
                "home",
                #"{"kind": "units"}"#,
                subject: #""product""#,
                #""when": [{"match": "every", "of": ["destination"], "in": ["home"]}]"#
            ) + ","
                + limit(
                    "away",
                    #"{"kind": "share", "of": "units"}"#,
                    subject: #""product""#,
                    #""cap": "50", \#(refuse), "when": [{"match": "none", "of": ["destination"], "in": ["home"]}], "denominator": {"kind": "same_product", "limit": "home"}"#
                ),
            "\(to) 2*h200-sxm 3*h20 \(buyer)",
            ["home|h200-sxm|since-2025-01-01=5", "home|h20|since-2025-01-01=6"],
            "admit; away h200-sxm since-2025-01-01: 0 + 2 = 2 of 5 <= 2; away h20 since-2025-01-01: 0 + 3 = 3 of 6 <= 3; largest 3"
        ),
        RuleCase(
            "sums near the end of their range do not overflow",
            share("99.99"),
            "\(to) 1*h100-sxm \(buyer)",
            [
                "total|c|since-2025-01-01=450000000000000",
                "part|c|since-2025-01-01=449955000000000",
            ],
            "refuse; total c since-2025-01-01: 450,000,000,000,000 + 15,832 = 450,000,000,015,832, no cap; part c since-2025-01-01: 449,955,000,000,000 + 15,832 = 449,955,000,015,832 of 450,000,000,015,832 > 449,955,000,015,830.4 by 1.6; largest 0"
        ),
    ]

    private static let subjects: [RuleCase] = [
        RuleCase(
            "company worldwide, over two countries",
            limit("c", subject: #""consignee.parent""#, cap("100000")),
            "\(to) 1*gb300 consignee:arm@BB/BB^group@CC",
            ["c|group|since-2025-01-01=40000.1"],
            "refuse; c group since-2025-01-01: 40,000.1 + 60,000 = 100,000.1 > 100,000 by 0.1; largest 0"
        ),
        RuleCase(
            "company in a country",
            limit("c", subject: #""consignee.parent", "destination""#, cap("100000")),
            "\(to) 1*gb300 consignee:arm@BB/BB^group@CC",
            ["c|group,CC|since-2025-01-01=100000"],
            "admit; c group,BB since-2025-01-01: 0 + 60,000 = 60,000 <= 100,000; largest 1"
        ),
        RuleCase(
            "customer in a country: 75,000 H200 equivalents",
            limit(
                "c",
                #"{"kind": "equivalents", "sku": "h200-sxm"}"#,
                subject: #""consignee.id", "destination""#,
                cap("75000")
            ),
            "R CN 2026-03-05 1*mi325x consignee:cloud@CN",
            ["c|cloud,CN|since-2025-01-01=1187379080.8"],
            "admit; c cloud,CN since-2025-01-01: 1,187,379,080.8 + 20,919.2 = 1,187,400,000 <= 1,187,400,000; largest 1"
        ),
        RuleCase(
            "everyone together",
            limit("c", subject: "", cap("60000")),
            "\(to) 2*gb300 \(buyer)",
            "refuse; c all since-2025-01-01: 0 + 120,000 = 120,000 > 60,000 by 60,000; largest 1"
        ),
        RuleCase(
            "product line",
            limit("c", #"{"kind": "units"}"#, subject: #""product""#, cap("5")),
            "\(to) 5*h200-sxm 6*h100-sxm \(buyer)",
            "refuse; c h200-sxm since-2025-01-01: 0 + 5 = 5 <= 5; c h100-sxm since-2025-01-01: 0 + 6 = 6 > 5 by 1; largest 5"
        ),
        RuleCase(
            "facility",
            limit("c", #"{"kind": "units"}"#, subject: #""facility""#, cap("1000")),
            "\(to) 1*gb300 \(buyer) #dc-7",
            ["c|dc-7|since-2025-01-01=999"],
            "admit; c dc-7 since-2025-01-01: 999 + 1 = 1,000 <= 1,000; largest 1"
        ),
        RuleCase(
            "a facility that the claim does not name",
            limit("c", #"{"kind": "units"}"#, subject: #""facility""#, cap("1000")),
            "\(to) 1*gb300 \(buyer)",
            "refuse; missing-facility; largest 0"
        ),
        RuleCase(
            "the country of headquarters pays where the destination holds nothing",
            limit("c", #""holders": "abroad", "attribution": "hq", \#(cap("60000"))"#),
            "R US 2026-03-01 1*gb300 consignee:arm@US/US^group@BB",
            "admit; c BB since-2025-01-01: 0 + 60,000 = 60,000 <= 60,000; largest 1"
        ),
        RuleCase(
            "the day on which a country changes group: last day abroad",
            limit("c", #""holders": "abroad", "attribution": "destination", \#(cap("60000"))"#),
            "R KH 2026-02-02 2*gb300 consignee:c@KH",
            "refuse; c KH since-2025-01-01: 0 + 120,000 = 120,000 > 60,000 by 60,000; largest 1"
        ),
        RuleCase(
            "the day on which a country changes group: first day at home",
            limit("c", #""holders": "abroad", "attribution": "destination", \#(cap("60000"))"#),
            "R KH 2026-02-03 2*gb300 consignee:c@KH",
            "admit"
        ),
    ]

    private static func window(_ json: String, basis: String = "exported", _ amount: String)
        -> String
    {
        limit("c", #"{"kind": "units"}"#, window: json, basis: basis, cap(amount))
    }

    private static let fiscal = #"{"kind": "year", "anchor": "07-01", "from": "2025-07-01"}"#
    private static let quarters =
        #"{"kind": "steps", "steps": [{"from": "2026-01-01", "cap": "2"}, {"from": "2026-04-01", "cap": "4"}], "through": "2026-06-30"}"#
    private static let yearly =
        #"{"kind": "steps", "newSum": true, "steps": [{"from": "2026-01-01", "cap": "4"}, {"from": "2027-01-01", "cap": "2"}]}"#

    private static func stepped(_ json: String) -> String {
        limit("c", #"{"kind": "units"}"#, window: json, refuse)
    }

    private static let windows: [RuleCase] = [
        RuleCase(
            "31 December",
            window(#"{"kind": "calendar_year", "from": "2025-01-01"}"#, "1"),
            "R BB 2025-12-31 1*l4 \(buyer)",
            ["c|BB|2025=1"],
            "refuse; c BB 2025: 1 + 1 = 2 > 1 by 1; largest 0"
        ),
        RuleCase(
            "1 January",
            window(#"{"kind": "calendar_year", "from": "2025-01-01"}"#, "1"),
            "R BB 2026-01-01 1*l4 \(buyer)",
            ["c|BB|2025=1"],
            "admit; c BB 2026: 0 + 1 = 1 <= 1; largest 1"
        ),
        RuleCase(
            "29 February is a day",
            window(#"{"kind": "calendar_year", "from": "2025-01-01"}"#, "1"),
            "R BB 2028-02-29 1*l4 \(buyer)",
            "admit; c BB 2028: 0 + 1 = 1 <= 1; largest 1"
        ),
        RuleCase(
            "last day of a year that begins in July",
            window(fiscal, "3"),
            "R BB 2026-06-30 1*l4 \(buyer)",
            ["c|BB|2025-07-01..2026-06-30=3"],
            "refuse; c BB 2025-07-01..2026-06-30: 3 + 1 = 4 > 3 by 1; largest 0"
        ),
        RuleCase(
            "first day of the next such year",
            window(fiscal, "3"),
            "R BB 2026-07-01 1*l4 \(buyer)",
            ["c|BB|2025-07-01..2026-06-30=3"],
            "admit; c BB 2026-07-01..2027-06-30: 0 + 1 = 1 <= 3; largest 3"
        ),
        RuleCase(
            "a year that begins on 1 March has a leap day",
            window(#"{"kind": "year", "anchor": "03-01", "from": "2025-03-01"}"#, "1"),
            "R BB 2028-02-29 1*l4 \(buyer)",
            "admit; c BB 2027-03-01..2028-02-29: 0 + 1 = 1 <= 1; largest 1"
        ),
        RuleCase(
            "last day of a quarter",
            stepped(quarters),
            "R BB 2026-03-31 3*l4 \(buyer)",
            "refuse; c BB 2026-01-01..2026-06-30: 0 + 3 = 3 > 2 by 1; largest 2"
        ),
        RuleCase(
            "first day of the next quarter, same sum",
            stepped(quarters),
            "R BB 2026-04-01 3*l4 \(buyer)",
            ["c|BB|2026-01-01..2026-06-30=2"],
            "refuse; c BB 2026-01-01..2026-06-30: 2 + 3 = 5 > 4 by 1; largest 2"
        ),
        RuleCase(
            "after the last quarter there is no amount",
            stepped(quarters),
            "R BB 2026-07-01 1*l4 \(buyer)",
            "refuse; outside-window; largest 0"
        ),
        RuleCase(
            "before the first quarter nothing counts",
            stepped(quarters),
            "R BB 2025-12-31 99*l4 \(buyer)",
            "admit"
        ),
        RuleCase(
            "steps with a sum of their own",
            stepped(yearly),
            "R BB 2027-01-01 2*l4 \(buyer)",
            ["c|BB|2026=4"],
            "admit; c BB since-2027-01-01: 0 + 2 = 2 <= 2; largest 2"
        ),
        RuleCase(
            "steps with a sum of their own: the earlier",
            stepped(yearly),
            "R BB 2026-12-31 1*l4 \(buyer)",
            ["c|BB|2026=4"],
            "refuse; c BB 2026: 4 + 1 = 5 > 4 by 1; largest 0"
        ),
        RuleCase(
            "by shipment",
            window(#"{"kind": "shipment"}"#, "3"),
            "\(to) 3*l4 \(buyer)",
            ["c|BB|shipment=3"],
            "admit; c BB shipment: 0 + 3 = 3 <= 3; largest 3"
        ),
        RuleCase(
            "received counts, not exported",
            window(#"{"kind": "calendar_year", "from": "2025-01-01"}"#, basis: "received", "1"),
            "R BB 2026-12-31>2027-01-01 1*l4 \(buyer)",
            ["c|BB|2026=1"],
            "admit; c BB 2027: 0 + 1 = 1 <= 1; largest 1"
        ),
        RuleCase(
            "a reporting date warns of itself",
            limit(
                "c",
                #"{"kind": "units"}"#,
                window:
                    #"{"kind": "reporting_dates", "dates": ["02-01", "08-01"], "from": "2025-01-01"}"#,
                #""cap": "1", \#(warn)"#
            ),
            "R BB 2026-08-01 2*l4 \(buyer)",
            "admit_with_notice; c BB since-2025-01-01: 0 + 2 = 2 > 1 by 1; notices c by 2026-08-01"
        ),
        RuleCase(
            "after the last reporting date of a year comes the first of the next",
            limit(
                "c",
                #"{"kind": "units"}"#,
                window:
                    #"{"kind": "reporting_dates", "dates": ["02-01", "08-01"], "from": "2025-01-01"}"#,
                #""cap": "1", \#(warn)"#
            ),
            "R BB 2026-08-02 2*l4 \(buyer)",
            "admit_with_notice; c BB since-2025-01-01: 0 + 2 = 2 > 1 by 1; notices c by 2027-02-01"
        ),
    ]

    private static let divided = limit(
        "deal",
        #"{"kind": "units"}"#,
        #""cap": "1001", \#(refuse), "subShares": [{"id": "first", "title": "First", "share": "20", "when": [{"match": "every", "of": ["parent"], "organisations": ["first"]}]}, {"id": "home", "title": "Home", "share": "55.5", "when": [{"match": "every", "of": ["parent_headquarters"], "in": ["home"]}]}]"#
    )

    private static let parts: [RuleCase] = [
        RuleCase(
            "a fifth, rounded down",
            divided,
            "\(to) 201*l4 consignee:arm@BB/BB^first@BB",
            "refuse; deal BB since-2025-01-01: 0 + 201 = 201 <= 1,001; deal/first BB since-2025-01-01: 0 + 201 = 201 > 200 by 1; largest 200"
        ),
        RuleCase(
            "another part is not touched",
            divided,
            "\(to) 555*l4 consignee:arm@BB/BB^cloud@US",
            ["deal|BB|since-2025-01-01=200", "deal/first|BB|since-2025-01-01=200"],
            "admit; deal BB since-2025-01-01: 200 + 555 = 755 <= 1,001; deal/home BB since-2025-01-01: 0 + 555 = 555 <= 555; largest 555"
        ),
        RuleCase(
            "the rest is for the others",
            divided,
            "\(to) 246*l4 \(buyer)",
            "refuse; deal BB since-2025-01-01: 0 + 246 = 246 <= 1,001; deal/rest BB since-2025-01-01: 0 + 246 = 246 > 245 by 1; largest 245"
        ),
        RuleCase(
            "the whole binds where overrides left less than a part",
            divided,
            "\(to) 2*l4 \(buyer)",
            ["deal|BB|since-2025-01-01=1000"],
            "refuse; deal BB since-2025-01-01: 1,000 + 2 = 1,002 > 1,001 by 1; deal/rest BB since-2025-01-01: 0 + 2 = 2 <= 245; largest 1"
        ),
    ]

    private static let sites =
        limit(
            "site",
            #"{"kind": "units"}"#,
            subject: #""facility""#,
            #""tiers": [{"cap": "10", "exceeded": {"outcome": "needs_decision", "decision": "cluster", "waivedBy": ["visit"], "text": "Decide.", "citation": "a"}}, {"cap": "20", "exceeded": {"outcome": "needs_decision", "decision": "large", "text": "Decide.", "citation": "a"}}, {"cap": "30", "exceeded": {"outcome": "refuse", "text": "No.", "citation": "a"}}]"#
        )

    private static func site(_ title: String, _ count: Int, _ more: String, _ line: String)
        -> RuleCase
    {
        RuleCase(title, sites, "\(to) \(count)*l4 \(buyer) #dc\(more)", line)
    }

    private static let tiers: [RuleCase] = [
        site(
            "tiers: below the first",
            10,
            "",
            "admit; site dc since-2025-01-01: 0 + 10 = 10 <= 10; largest 10"
        ),
        site(
            "tiers: above the first",
            11,
            "",
            "needs_decision; site dc since-2025-01-01: 0 + 11 = 11 > 10 by 1; asks cluster; largest 10"
        ),
        site(
            "tiers: the first is waived",
            11,
            " +visit",
            "admit; site dc since-2025-01-01: 0 + 11 = 11 <= 20; largest 20"
        ),
        site(
            "tiers: two are passed",
            21,
            "",
            "needs_decision; site dc since-2025-01-01: 0 + 21 = 21 > 10 by 11; asks cluster,large; largest 10"
        ),
        site(
            "tiers: above the highest nothing helps",
            31,
            " +visit",
            "refuse; site dc since-2025-01-01: 0 + 31 = 31 > 20 by 11; largest 20"
        ),
    ]

    private static let filters: [RuleCase] = [
        RuleCase(
            "a band of TPP and bandwidth",
            limit("c", #"{"kind": "units"}"#, #""items": "band", \#(cap("9"))"#),
            "\(to) 1*h100-sxm 2*h200-sxm 4*mi325x 8*b200 \(buyer)",
            "admit; c BB since-2025-01-01: 0 + 6 = 6 <= 9"
        ),
        RuleCase(
            "by designer",
            limit("c", #"{"kind": "units"}"#, #""items": "amd", \#(cap("9"))"#),
            "\(to) 1*h100-sxm 10*mi325x \(buyer)",
            "refuse; c BB since-2025-01-01: 0 + 10 = 10 > 9 by 1; largest 9"
        ),
    ]

    private static let bounds: [RuleCase] = [
        RuleCase(
            "the largest claim",
            limit("c", #"{"kind": "units"}"#, "\"items\": \"chips\""),
            "\(to) 7000000*h100-sxm \(buyer)",
            "refuse; claim-too-large; largest 0"
        ),
        RuleCase(
            "an account at its end",
            limit("c", cap("450359962737049.5")),
            "\(to) 1*h100-sxm \(buyer)",
            ["c|BB|since-2025-01-01=450359962721217.6"],
            "refuse; total-too-large; largest 0"
        ),
        RuleCase(
            "an account one below its end",
            limit("c", cap("450359962737049.5")),
            "\(to) 1*h100-sxm \(buyer)",
            ["c|BB|since-2025-01-01=450359962721217.5"],
            "admit; c BB since-2025-01-01: 450,359,962,721,217.5 + 15,832 = 450,359,962,737,049.5 <= 450,359,962,737,049.5; largest 1"
        ),
        RuleCase(
            "dollars of one claim at their bound",
            limit(
                "c",
                #"{"kind": "usd", "perCircuit": "4294967295"}"#,
                #""granted": true, \#(refuse)"#
            ),
            "\(to) 257*h100-sxm \(buyer)",
            ["grant c|BB=4503599627370495"],
            "refuse; claim-too-large; largest 0"
        ),
    ]
}

import QuotaCrypto
import QuotaRules
import Testing

@testable import Reporting

/// One tree, three renderings.
struct RenderingTests {
    private var document: ReportDocument {
        var section = ReportSection(
            "accounts",
            "Accounts",
            columns: [.init("country"), .init("used"), .init("share", "used %"), .init("left")],
            empty: "No account was used."
        )
        section.add([
            .text("KE"), .amount(1_234_567, .tpp), .share(1_234_567, of: 2_000_000),
            .change(from: 20, to: 5, .tpp),
        ])
        section.add([.text("a \"b\""), .amount(5, .units), .none, .count(1_000)])
        let empty = ReportSection("none", "Others", columns: [.init("x")], empty: "None.")
        return ReportDocument(
            name: "sample",
            title: "Sample",
            place: ReportPlace(
                origin: "quota.example/test",
                size: 9,
                root: .zero,
                height: 2,
                time: 1_767_225_661,
                policy: "p version 1 (leaf 0)",
                catalogue: "c version 1 (leaf 0)"
            ),
            notes: ["A note."],
            sections: [section, empty]
        )
    }

    @Test func `text aligns numbers and says what an empty table means`() {
        #expect(
            document.text == """
                Sample
                quota.example/test, checkpoint 9, block 2 of 2026-01-01T00:01:01Z
                root \(Digest.zero)
                policy p version 1 (leaf 0), catalogue c version 1 (leaf 0)
                A note.

                Accounts
                  country       used   used %   left
                  KE       123,456.7  61.72 %   -1.5
                  a "b"            5        -  1,000

                Others
                  None.

                """
        )
    }

    @Test func `csv has plain decimals, the unit of the row and the checkpoint on every line`() {
        #expect(
            document.csv == #"""
                report,checkpoint,policy,section,country,used,share,left,unit
                sample,9,p version 1 (leaf 0),accounts,KE,123456.7,61.72,-1.5,TPP
                sample,9,p version 1 (leaf 0),accounts,"a ""b""",5,,1000,units

                report,checkpoint,policy,section,x,unit

                """#
        )
    }

    @Test func `json keeps the order of the columns and escapes what must be`() {
        #expect(
            document.json.contains(
                """
                        {
                          "country": "a \\"b\\"",
                          "used": {"unit": "units", "count": 5, "text": "5 units"},
                          "share": null,
                          "left": 1000
                        }
                """
            )
        )
        #expect(JSONTree.text("a\u{1}\n\\é").text == "\"a\\u0001\\u000a\\\\é\"")
    }

    @Test func `a share is exact at every bound`() {
        #expect(ReportCell.share(0, of: 1) == .share(0))
        #expect(ReportCell.share(1, of: 0) == .none)
        #expect(ReportCell.share(2, of: 3) == .share(6_666))
        #expect(ReportCell.share(.max, of: .max) == .share(10_000))
        #expect(ReportCell.share(.max, of: 1) == .none)
    }
}

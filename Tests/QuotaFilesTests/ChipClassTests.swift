import QuotaFiles
import QuotaRules
import Testing

@Suite struct ChipClassTests {
    /// Rules, section 8: id, TPP in tenths, class, units within the LPP limit of 26,900,000.
    private static let table: [(sku: String, tpp: UInt64, class: String, units: UInt64?)] = [
        ("a100-sxm", 49_920, "a", 5_388), ("a100-pcie", 49_920, "a", 5_388),
        ("h100-sxm", 158_320, "a", 1_699), ("h100-pcie", 121_040, "a", 2_222),
        ("h100-nvl", 133_680, "a", 2_012), ("h200-sxm", 158_320, "a", 1_699),
        ("h20", 23_680, "none", nil), ("l40s", 58_640, "a", 4_587), ("l40", 28_968, "b", nil),
        ("l4", 19_400, "a", 13_865), ("l20", 19_120, "none", nil),
        ("rtx-4090", 52_848, "a", 5_090), ("b100", 280_000, "a", 960), ("b200", 360_000, "a", 747),
        ("gb200", 400_000, "a", 672), ("b300", 560_000, "a", 480), ("gb300", 600_000, "a", 448),
        ("gb300-nvl72", 43_200_000, "a", 6), ("dgx-h100", 1_266_560, "a", 212),
        ("mi250x", 61_280, "a", 4_389), ("mi300x", 209_192, "a", 1_285),
        ("mi325x", 209_192, "a", 1_285), ("mi355x", 402_656, "a", 668),
        ("mi350x", 369_536, "a", 727), ("gaudi-2", 69_200, "a", 3_887),
        ("gaudi-3", 293_600, "a", 916), ("tpu-v5e", 31_520, "a", 8_534),
        ("tpu-v5p", 73_440, "a", 3_662), ("tpu-v6e", 146_880, "a", 1_831),
        ("tpu-v7", 369_120, "a", 728), ("rubin", 1_400_000, "a", 192),
    ]

    @Test func `figures and classes are those of the table`() throws {
        let policy = try NodeFiles.policy()
        let catalogue = try NodeFiles.catalogue()
        for row in Self.table {
            let item = try #require(catalogue.item(row.sku))
            #expect(item.tpp.tenths == row.tpp, "\(row.sku)")
            let classes = ["a", "b"].filter {
                policy.isItem(row.sku, in: "class-\($0)", catalogue: catalogue) == true
            }
            #expect((classes.first ?? "none") == row.class && classes.count <= 1, "\(row.sku)")
            if let units = row.units { #expect(269_000_000 / row.tpp == units, "\(row.sku)") }
        }
        #expect(catalogue.item("rubin")?.isEstimate == true)
        #expect(catalogue.item("rtx-4090")?.isDatacentre == false)
        #expect(catalogue.item("gb300-nvl72")?.circuits == 72)
    }
}

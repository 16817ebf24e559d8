import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 6: units and TPP by chip type and table version.
    func addChips(to document: inout ReportDocument) {
        let claims = selectedClaims
        document.sections = [chips(claims), chipBuckets(claims)]
        document.notes.append(
            "Each claim is weighed by the catalogue in force when it was admitted; figures marked "
                + "'estimate' are not the designer's."
        )
    }

    /// What counts, by destination and chip type.
    func chips(_ claims: [ClaimStanding]) -> ReportSection {
        var sums = SortedSums((volume: Volume(), weight: UInt64(0)))
        for standing in claims {
            for (line, found) in zip(standing.claim.lines, standing.record.lines) {
                let key = [standing.claim.destination, line.sku, "\(line.tpp)"]
                var sum = sums[key]
                sum.volume.add(line, quantity: found.quantities.open)
                if found.quantities.open > 0 { sum.volume.claims += 1 }
                sum.weight = line.tpp
                sums[key] = sum
            }
        }
        var section = ReportSection(
            "chips",
            "Claims that count, by destination and chip type",
            columns: [
                .init("country"), .init("sku", "chip"), .init("weight", "TPP each"),
                .init("figures"),
            ] + Self.volumeColumns,
            empty: "No claim."
        )
        for (key, sum) in sums.sorted {
            let item = state.catalogue.document.item(key[1])
            let figures = item.map { $0.isEstimate ? "estimate" : "designer" } ?? "past catalogue"
            section.add(
                [.text(key[0]), .text(key[1]), .amount(sum.weight, .tpp), .text(figures)]
                    + Self.cells(sum.volume)
            )
        }
        return section
    }

    /// Units by destination, chip type and bucket.
    func chipBuckets(_ claims: [ClaimStanding]) -> ReportSection {
        var sums = SortedSums(BucketValues())
        for standing in claims {
            for line in standing.record.lines {
                sums[[standing.claim.destination, line.sku]].add(line.quantities)
            }
        }
        var section = ReportSection(
            "chipBuckets",
            "Units of every claim, by where they stand",
            columns: [.init("country"), .init("sku", "chip")] + Self.bucketColumns,
            empty: "No claim."
        )
        for (key, values) in sums.sorted {
            section.add([.text(key[0]), .text(key[1])] + Self.cells(values))
        }
        return section
    }

    /// Delivered circuits by destination and grade of evidence.
    func evidence(_ claims: [ClaimStanding]) -> ReportSection {
        var sums = SortedSums([UInt64](repeating: 0, count: Self.gradeCount))
        for standing in claims {
            for line in standing.record.lines where line.quantities[.delivered] > 0 {
                var sum = sums[[standing.claim.destination]]
                let proven = line.grades.reduce(UInt64(0)) { $0.clamped(plus: $1) }
                let rest = line.quantities[.delivered].clamped(minus: proven)
                for (grade, quantity) in ([rest] + line.grades).enumerated() {
                    guard grade < Self.gradeCount else { break }
                    sum[grade] = sum[grade].clamped(plus: quantity.clamped(times: line.circuits))
                }
                sums[[standing.claim.destination]] = sum
            }
        }
        var section = ReportSection(
            "evidence",
            "Delivered chips by grade of evidence",
            columns: [.init("country"), .init("delivered")]
                + (0..<Self.gradeCount).map { .init("grade\($0)", "grade \($0)") }
                + [.init("proven", "grade 2 and better")],
            empty: "Nothing was delivered yet."
        )
        for (key, grades) in sums.sorted {
            let all = grades.reduce(UInt64(0)) { $0.clamped(plus: $1) }
            let proven = grades.dropFirst(2).reduce(UInt64(0)) { $0.clamped(plus: $1) }
            section.add(
                [.text(key[0]), .count(all)] + grades.map { .count($0) } + [
                    .share(proven, of: all)
                ]
            )
        }
        section.notes = [
            "0 declared; 1 confirmed by the counterparty; 2 matched with customs or carrier; 3 seen by "
                + "an inspector in a random sample; 4 answered by the device and seen twice."
        ]
        return section
    }

    /// Grades of evidence, 0 to 4.
    private static var gradeCount: Int { 5 }
}

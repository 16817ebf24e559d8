import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 4: what exporters drew on each authorisation.
    func addLicences(to document: inout ReportDocument) {
        document.sections = [exporters, authorisations, licences]
        document.notes.append(
            "Drawn is what was shipped under a licence; remaining is what may still be shipped under it."
        )
    }

    /// Every claim that waits for shipment or was shipped under a licence.
    private var licences: ReportSection {
        var section = ReportSection(
            "licences",
            "Licences: authorised, drawn, remaining",
            columns: [
                .init("exporter"), .init("claim"), .init("country"), .init("licence"),
                .init("authorised"), .init("drawn"), .init("inTransit", "in transit"),
                .init("delivered"), .init("remaining"), .init("until"), .init("days", "days left"),
            ],
            empty: "No claim has a licence."
        )
        let today = state.blockTime / 86_400
        for standing in selectedClaims {
            let units = standing.buckets
            let left = units[.licensed]
            let drawn = standing.record.shipped == 0 ? 0 : Self.shipped(units)
            guard left > 0 || drawn > 0 else { continue }
            let until = standing.record.deadlines.licensed
            section.add([
                .text(standing.claim.exporter), .text(standing.claim.reference.id),
                .text(standing.claim.destination), .optional(standing.claim.licence),
                .count(left.clamped(plus: drawn)), .count(drawn), .count(units[.inTransit]),
                .count(units[.delivered]), .count(left),
                until == 0 ? .none : .text(ReportTime.day(until)),
                until == 0 ? .none : .count(until.clamped(minus: today)),
            ])
        }
        return section
    }

    /// Units that left, wherever they are now.
    private static func shipped(_ units: BucketValues) -> UInt64 {
        let waiting = units[.reserved].clamped(plus: units[.licensed])
        return units.sum.clamped(minus: waiting).clamped(minus: units[.expired])
    }

    private var exporters: ReportSection {
        var sums = SortedSums((counted: Volume(), buckets: BucketValues()))
        for standing in selectedClaims {
            var sum = sums[[standing.claim.exporter]]
            sum.counted.add(standing.volume)
            sum.buckets.add(standing.buckets)
            sums[[standing.claim.exporter]] = sum
        }
        var section = ReportSection(
            "exporters",
            "Exporters",
            columns: [.init("exporter")] + Self.volumeColumns + Self.bucketColumns,
            empty: "No claim."
        )
        for (key, sum) in sums.sorted {
            section.add([.text(key[0])] + Self.cells(sum.counted) + Self.cells(sum.buckets))
        }
        return section
    }

    private var authorisations: ReportSection {
        var sums = SortedSums((counted: Volume(), buckets: BucketValues()))
        for standing in selectedClaims {
            let key = [
                standing.claim.exporter, standing.claim.authority, standing.claim.licence ?? "",
                standing.claim.destination,
            ]
            var sum = sums[key]
            sum.counted.add(standing.volume)
            sum.buckets.add(standing.buckets)
            sums[key] = sum
        }
        var section = ReportSection(
            "authorisations",
            "Authorisations: drawn and buckets",
            columns: [
                .init("exporter"), .init("route"), .init("reference"), .init("country"),
            ] + Self.volumeColumns + Self.bucketColumns,
            empty: "No claim."
        )
        for (key, sum) in sums.sorted {
            section.add(
                [
                    .text(key[0]), .text(key[1]), key[2].isEmpty ? .none : .text(key[2]),
                    .text(key[3]),
                ] + Self.cells(sum.counted) + Self.cells(sum.buckets)
            )
        }
        return section
    }
}

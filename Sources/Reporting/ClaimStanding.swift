import Ledger

/// A claim with what became of it at the checkpoint.
struct ClaimStanding: Sendable {
    let claim: BookedClaim
    /// What the state map says of it.
    let record: ClaimRecord

    /// What counts, line by line: everything that is not final.
    var volume: Volume {
        var volume = Volume()
        for (line, found) in zip(claim.lines, record.lines) {
            volume.add(line, quantity: found.quantities.open)
        }
        volume.claims = volume.units > 0 ? 1 : 0
        return volume
    }

    /// Units of all lines, bucket by bucket.
    var buckets: BucketValues {
        var sum = BucketValues()
        for line in record.lines { sum.add(line.quantities) }
        return sum
    }
}

extension ReportMaker {
    /// The claims that the question is about, in the order of the log.
    var selectedClaims: [ClaimStanding] {
        book.claims.compactMap { claim in
            guard query.country.map({ $0 == claim.destination }) ?? true,
                query.exporter.map({ $0 == claim.exporter }) ?? true,
                query.period.contains(ReportPeriod.month(of: claim.time)),
                let record = state.claim(
                    issuer: claim.reference.issuer,
                    id: claim.reference.id
                )
            else { return nil }
            return ClaimStanding(claim: claim, record: record)
        }
    }

    /// Columns of units by bucket.
    static var bucketColumns: [ReportSection.Column] {
        Bucket.allCases.map { .init($0.rawValue, $0.rawValue.replacing("_", with: " ")) }
    }

    /// The cells of ``bucketColumns``, in a unit or as counts.
    static func cells(_ values: BucketValues) -> [ReportCell] {
        values.all.map { .count($0) }
    }
}

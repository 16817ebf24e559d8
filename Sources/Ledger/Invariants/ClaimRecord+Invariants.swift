import QuotaRules

/// What must hold for one claim at any time.
extension ClaimRecord {
    /// Where goods are that were shipped at some time.
    private static let afterShipment: [Bucket] = [
        .inTransit, .delivered, .shortfall, .lost, .returned, .retired, .passedOn,
    ]

    /// How many of a line were ever on their way.
    func everShipped(_ place: Int) -> UInt64 {
        let line = lines[place].quantities
        let contested = disputes.filter { Self.afterShipment.contains($0.from) }
            .reduce(0) { $0 &+ ($1.quantities.indices.contains(place) ? $1.quantities[place] : 0) }
        return Self.afterShipment.reduce(contested) { $0 &+ line[$1] }
    }

    /// Checks the claim in itself.
    ///
    /// - Parameters:
    ///   - claim: Its name.
    ///   - today: The day of the block, since 1970-01-01.
    ///   - findings: Where violations are noted.
    func check(_ claim: ClaimReference, today: UInt64, _ findings: inout InvariantFindings) {
        for place in lines.indices { checkLine(place, claim, &findings) }
        for posting in postings { check(posting, claim, &findings) }
        findings.expect(
            tagCount <= physicalCount,
            .stages,
            "the tags of \(claim)",
            "at most \(physicalCount), the chips that it has",
            found: "\(tagCount)"
        )
        findings.expect(
            !isWaiting || lines.indices.allSatisfy { everShipped($0) == 0 },
            .stages,
            "\(claim), which waits for a decision",
            "nothing shipped",
            found: "\(lines.indices.map(everShipped)) shipped"
        )
        findings.expect(
            shipped <= today + 1 && attested <= today + 1,
            .time,
            "the days of \(claim)",
            "at most \(today + 1)",
            found: "shipped \(shipped), attested \(attested)"
        )
    }

    private func checkLine(
        _ place: Int,
        _ claim: ClaimReference,
        _ findings: inout InvariantFindings
    ) {
        let line = lines[place]
        let graded = line.grades.reduce(0, &+)
        findings.expect(
            graded <= line.quantities[.delivered],
            .stages,
            "the evidence of line \(place) of \(claim)",
            "for at most \(line.quantities[.delivered]) delivered",
            found: "for \(graded)"
        )
        let contested = disputes.reduce(UInt64(0)) {
            $0 &+ ($1.quantities.indices.contains(place) ? $1.quantities[place] : 0)
        }
        findings.expect(
            contested == line.quantities[.disputed],
            .disputes,
            "line \(place) of \(claim)",
            "\(contested) contested, as the disputes say",
            found: "\(line.quantities[.disputed])"
        )
    }

    private func check(
        _ posting: Posting,
        _ claim: ClaimReference,
        _ findings: inout InvariantFindings
    ) {
        let amounts = amounts(posting)
        let chips = chips(posting)
        let final = Bucket.allCases.filter(\.isFinal)
        let amount = final.reduce(0) { $0 &+ amounts[$1] }
        let count = final.reduce(0) { $0 &+ chips[$1] }
        findings.expect(
            posting.released <= amount && posting.releasedChips <= count,
            .disputes,
            "what \(posting.account.words) gave back of \(claim)",
            "at most \(amount) (\(count) chips), what is final",
            found: "\(posting.released) (\(posting.releasedChips) chips)"
        )
        var sum: UInt64? = 0
        for (line, one) in zip(lines, posting.perUnit) {
            let quantity = line.quantities.all.reduce(0, &+) &- line.quantities[.expired]
            let (product, overflow) = one.multipliedReportingOverflow(by: quantity)
            sum = overflow ? nil : sum.flatMap { $0 < Tpp.claimBound ? $0 &+ product : nil }
        }
        findings.expect(
            sum.map { $0 < Tpp.claimBound } ?? false,
            .bounds,
            "what \(claim) holds in \(posting.account.words)",
            "less than \(Tpp.claimBound)",
            found: sum.map { "\($0)" } ?? "an overflow"
        )
    }
}

/// What must hold for one account at any time.
extension AccountTotal {
    /// Checks the bounds of the account.
    func check(_ account: AccountKey, _ findings: inout InvariantFindings) {
        for (values, back, name) in [
            (amounts, released, "amounts"), (chips, releasedChips, "chips"),
        ] {
            let sum = values.all.reduce(UInt64(0)) {
                min($0, Tpp.totalBound) + min($1, Tpp.totalBound)
            }
            findings.expect(
                sum < Tpp.totalBound,
                .bounds,
                "the \(name) of \(account.words)",
                "less than \(Tpp.totalBound)",
                found: "at least \(sum)"
            )
            findings.expect(
                back <= sum,
                .balance,
                "what \(account.words) gave back in \(name)",
                "at most \(sum), what it holds",
                found: "\(back)"
            )
        }
    }
}

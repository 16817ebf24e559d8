import Ledger
import QuotaRules

extension WhatIf {
    /// The answer as a report; nil if no block was fed.
    public var report: ReportDocument? {
        guard let state else { return nil }
        var document = ReportDocument(
            name: "what-if",
            title: "What if, from \(question.from): \(words)",
            place: ReportPlace(state)
        )
        guard let world else {
            document.notes = ["The ledger has no block on or after \(question.from) yet."]
            return document
        }
        let refused = differences.count { !$0.isWaiting }
        let waiting = differences.count - refused
        document.notes = [
            "now: the ledger as it is. then: the same statements under \(words).",
            "\(judged) claims judged from leaf \(start ?? 0) on: "
                + "\(judged - UInt64(differences.count)) pass as they did, \(refused) would be "
                + "refused, \(waiting) would wait for a decision.",
            "\(skipped) other statements skipped: they are about claims that would not be there, "
                + "or the supposed rules refuse them.",
            "Accounts of limits with the same id and unit carry over; others start from nothing. "
                + "Policies that members adopted later are left out.",
        ]
        document.sections = [
            reasons, countries, accounts(state, world), overs(world), claims,
        ]
        return document
    }

    private var words: String {
        let policy = question.policy.map { "policy \($0.id) version \($0.version)" }
        let catalogue = question.catalogue.map { "catalogue \($0.id) version \($0.version)" }
        let parts = [policy, catalogue].compactMap { $0 }
        return parts.isEmpty ? "nothing changed" : parts.joined(separator: ", ")
    }

    /// Why, counted.
    private var reasons: ReportSection {
        var sums = SortedSums((claims: UInt64(0), tpp: UInt64(0)))
        for difference in differences {
            let volume = difference.volume
            var sum = sums[difference.cause]
            sum.claims += 1
            sum.tpp = sum.tpp.clamped(plus: volume.tpp)
            sums[difference.cause] = sum
        }
        var section = ReportSection(
            "reasons",
            "Claims that would not have passed, by reason",
            columns: [
                .init("outcome"), .init("code"), .init("source"), .init("claims"),
                .init("tpp", "TPP"), .init("citation"),
            ],
            empty: "None: every claim would have passed."
        )
        for (key, sum) in sums.sorted {
            section.add([
                .text(key[0]), .text(key[1]), key[2].isEmpty ? .none : .text(key[2]),
                .count(sum.claims), .amount(sum.tpp, .tpp),
                key[3].isEmpty ? .none : .text(key[3]),
            ])
        }
        return section
    }

    /// Claimed quantities by destination, side by side.
    private var countries: ReportSection {
        var section = ReportSection(
            "countries",
            "Claimed by destination, now and then",
            columns: [
                .init("country"), .init("claimsNow", "claims now"), .init("claimsThen", "then"),
                .init("chipsNow", "chips now"), .init("chipsThen", "then"),
                .init("tppNow", "TPP now"), .init("tppThen", "then"),
                .init("difference"),
            ],
            empty: "No claim."
        )
        for (key, volume) in volumes.sorted {
            section.add([
                .text(key[0]), .count(volume.now.claims), .count(volume.then.claims),
                .count(volume.now.circuits), .count(volume.then.circuits),
                .amount(volume.now.tpp, .tpp), .amount(volume.then.tpp, .tpp),
                .change(from: volume.now.tpp, to: volume.then.tpp, .tpp),
            ])
        }
        section.notes = [
            "As claimed on the whole ledger; cancellations and what happened later show in accounts."
        ]
        return section
    }

    /// The accounts of countries in both worlds.
    private func accounts(_ now: LedgerState, _ then: LedgerState) -> ReportSection {
        var keys = SortedSums(false)
        for account in now.accounts + then.accounts {
            keys[[account.key.limit] + account.key.subject + [account.key.period]] = true
        }
        var section = ReportSection(
            "accounts",
            "Accounts, now and then",
            columns: [
                .init("subject"), .init("limit"), .init("period"), .init("now"),
                .init("capNow", "cap now"), .init("then"), .init("capThen", "cap then"),
                .init("usedThen", "used then"), .init("unit"), .init("statusThen", "status then"),
            ],
            empty: "No account."
        )
        for (parts, _) in keys.sorted {
            let key = AccountKey(
                limit: parts[0],
                subject: Array(parts.dropFirst().dropLast()),
                period: parts[parts.count - 1]
            )
            add(key, now.account(key), then, to: &section)
        }
        section.notes = then.policy.document.limits.map(\.basisWords)
        return section
    }

    private func add(
        _ key: AccountKey,
        _ now: AccountTotal?,
        _ world: LedgerState,
        to section: inout ReportSection
    ) {
        let then = world.account(key)
        let unit = then?.unit ?? now?.unit ?? .tpp
        let isInForce = world.policy.document.limit(key.limit) != nil
        let cap = isInForce ? Self.cap(of: key, then, in: world) : nil
        let status =
            !isInForce
            ? "no such limit"
            : AccountStatus.word(
                consumed: then?.consumed ?? 0,
                cap: cap
            )
        section.add([
            .text(key.subject.isEmpty ? "everybody" : key.subject.joined(separator: " ")),
            .text(key.limit), .text(key.period), .optional(now?.consumed, now?.unit ?? unit),
            .optional(now?.cap, now?.unit ?? unit),
            isInForce ? .optional(then?.consumed ?? 0, unit) : .none, .optional(cap, unit),
            .share(then?.consumed ?? 0, of: cap), .text(unit.word), .text(status),
        ])
    }

    /// The cap of an account: that of its last movement, or what the policy says on the last day.
    static func cap(of key: AccountKey, _ total: AccountTotal?, in world: LedgerState) -> UInt64? {
        guard let day = CalendarDate(posixSeconds: world.blockTime) else { return total?.cap }
        return world.supposedCap(of: key, on: day) ?? total?.cap
    }

    /// Who would be over.
    private func overs(_ world: LedgerState) -> ReportSection {
        var section = ReportSection(
            "over",
            "Who would be over the supposed caps",
            columns: [
                .init("when"), .init("subject"), .init("limit"), .init("period"),
                .init("committed"), .init("cap"), .init("over"), .init("unit"),
            ],
            empty: "Nobody."
        )
        func add(_ when: String, _ account: Account, _ cap: UInt64?) {
            guard let cap, account.total.consumed > cap else { return }
            let unit = account.total.unit
            section.add([
                .text(when), .text(account.key.subject.joined(separator: " ")),
                .text(account.key.limit), .text(account.key.period),
                .amount(account.total.consumed, unit), .amount(cap, unit),
                .amount(account.total.consumed - cap, unit), .text(unit.word),
            ])
        }
        for account in overAtStart {
            add("\(question.from)", account, world.supposedCap(of: account.key, on: question.from))
        }
        for account in world.accounts where world.policy.document.limit(account.key.limit) != nil {
            add("checkpoint", account, Self.cap(of: account.key, account.total, in: world))
        }
        return section
    }

    /// Every claim that would not have passed.
    private var claims: ReportSection {
        var section = ReportSection(
            "claims",
            "Claims that would not have passed",
            columns: [
                .init("leaf"), .init("time"), .init("exporter"), .init("claim"),
                .init("country"), .init("tpp", "TPP"), .init("outcome"), .init("code"),
                .init("largest", "largest that passes"), .init("citation"), .init("why"),
            ],
            empty: "None."
        )
        section.textRowsMax = 20
        for difference in differences {
            let claim = difference.claim
            let reason = difference.decision?.decidingReason
            let largest = difference.decision?.largestQuantity
            section.add([
                .count(claim.index), .text(ReportTime.text(claim.time)), .text(claim.exporter),
                .text(claim.reference.id), .text(claim.destination),
                .amount(difference.volume.tpp, .tpp), .text(difference.cause[0]),
                .text(difference.cause[1]), largest.map { .count($0) } ?? .none,
                .optional(reason?.citation ?? difference.refusal?.citation),
                .text(reason?.message ?? difference.refusal?.message ?? ""),
            ])
        }
        return section
    }
}

extension WhatIf.Difference {
    /// What the claim would have moved.
    var volume: Volume {
        var volume = Volume()
        for line in claim.lines { volume.add(line, quantity: line.quantity) }
        return volume
    }

    /// Whether somebody would have to decide, and nothing else is against it.
    var isWaiting: Bool { decision?.outcome == .needsDecision }

    /// Outcome, code, the rule or limit that speaks, its paragraph.
    var cause: [String] {
        let reason = decision?.decidingReason
        return [
            isWaiting ? "needs decision" : "refuse",
            reason?.code.rawValue ?? refusal?.code.rawValue ?? "",
            reason?.source ?? "", reason?.citation ?? "",
        ]
    }
}

import QuotaFiles
import QuotaRules

/// Accounts that claims are decided against, as the ledger keeps them.
struct Book {
    var policy: Policy
    let catalogue: ChipCatalogue
    private(set) var accounts: [AccountKey: UInt64] = [:]
    /// What happened, with the arithmetic.
    private(set) var journal: [String] = []

    init(policy: Policy? = nil) throws {
        self.policy = try policy ?? NodeFiles.policy()
        catalogue = try NodeFiles.catalogue()
    }

    /// Sets an account, in TPP.
    mutating func set(_ limit: String, _ subject: [String], _ period: String, tpp: UInt64) {
        accounts[AccountKey(limit: limit, subject: subject, period: period)] = tpp * 10
    }

    /// What an account holds, in tenths of TPP.
    func balance(_ limit: String, _ subject: [String], _ period: String) -> UInt64 {
        accounts[AccountKey(limit: limit, subject: subject, period: period)] ?? 0
    }

    /// Decides a claim, and moves the accounts if it passes.
    mutating func decide(_ facts: ClaimFacts) -> Decision {
        let decision = evaluate(
            facts,
            policy: policy,
            catalogue: catalogue,
            standing: standing
        )
        let goods = facts.lines.map { "\($0.quantity) x \($0.sku)" }.joined(separator: ", ")
        journal.append("\(facts.authority) \(facts.exported) \(facts.destination): \(goods)")
        for use in decision.limits { journal.append("  " + Self.arithmetic(use)) }
        let largest = decision.largestQuantity.map(String.init) ?? "no limit"
        journal.append("  -> \(decision.outcome.rawValue), largest \(largest)")
        for notice in decision.notices { journal.append("  notice \(notice.id)") }
        for reason in decision.reasons {
            journal.append("  \(reason.code.rawValue): \(reason.message)")
        }
        for movement in decision.movements {
            accounts[movement.account, default: 0] += movement.amount
        }
        return decision
    }

    /// What the accounts say to the rules.
    var standing: some Standing { Sums(accounts: accounts) }

    private struct Sums: Standing {
        let accounts: [AccountKey: UInt64]

        func consumed(_ account: AccountKey) -> UInt64 { accounts[account] ?? 0 }
    }

    /// Applies what an event gives back; the number of accounts that it gave back to.
    mutating func release(_ facts: ClaimFacts, on event: ReleaseEvent) -> Int {
        let (releases, _) = releases(for: facts, on: event, policy: policy, catalogue: catalogue)
        for release in releases where release.isReleased {
            accounts[release.account, default: 0] -= release.amount
            journal.append(
                "\(event.rawValue): -\(release.unit.description(of: release.amount))"
            )
        }
        return releases.count(where: \.isReleased)
    }

    private func releases(
        for facts: ClaimFacts,
        on event: ReleaseEvent,
        policy: Policy,
        catalogue: ChipCatalogue
    ) -> (releases: [Release], reasons: [Reason]) {
        QuotaRules.releases(for: facts, on: event, policy: policy, catalogue: catalogue)
    }

    private static func arithmetic(_ use: LimitUse) -> String {
        let unit = use.unit
        let name = "\(use.limitID) [\(use.subject.joined(separator: ", ")), \(use.period)]: "
        let sum =
            "\(unit.text(of: use.before)) + \(unit.text(of: use.amount)) = "
            + unit.text(of: use.after)
        guard let cap = use.cap else { return name + sum + " (no cap)" }
        let room = ", room before \(unit.text(of: use.room ?? 0))"
        return use.fits
            ? name + sum + " <= \(unit.text(of: cap))\(room), left \(unit.text(of: use.left ?? 0))"
            : name + sum + " > \(unit.text(of: cap)) by \(unit.text(of: use.excess))\(room)"
    }
}

/// A claim of one line, to one consignee.
func claim(
    _ authority: String,
    _ quantity: UInt64,
    _ sku: String = "h100-sxm",
    to destination: String,
    hq: String? = nil,
    parent: (id: String, hq: String)? = nil,
    id: String = "consignee",
    on exported: String = "2026-03-01",
    received: String? = nil,
    exporter: String = "exporter-x",
    lines: [ClaimLine]? = nil
) throws -> ClaimFacts {
    let evidence = [
        "LPP": "lpp_certification", "AIA": "aia_certification", "NVEU": "nveu_authorization",
    ]
    let headquarters = hq ?? destination
    return ClaimFacts(
        authority: authority,
        destination: destination,
        parties: [
            PartyFacts(
                role: "ultimate_consignee",
                organisation: id,
                location: destination,
                headquarters: headquarters,
                parentID: parent?.id ?? id,
                parentHeadquarters: parent?.hq ?? headquarters
            )
        ],
        lines: lines ?? [ClaimLine(sku: sku, quantity: quantity)],
        exported: try day(exported),
        received: try received.map(day),
        evidence: evidence[authority].map { [$0] } ?? [],
        exporter: exporter
    )
}

/// A day by its text.
func day(_ text: String) throws -> CalendarDate {
    guard let date = CalendarDate(text) else { throw BadDay(text: text) }
    return date
}

/// A test names a day that does not exist.
struct BadDay: Error {
    let text: String
}

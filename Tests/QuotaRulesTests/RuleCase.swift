import CBOR
import QuotaRules
import TestSupport
import Testing

/// One claim under one policy, what stands on the ledger, and the line of arithmetic that must
/// come of it.
///
/// A claim is written `ROUTE COUNTRY DATE[>RECEIVED] ITEMS PARTIES …`, with `12*h100-sxm` for items,
/// `role:id@location/headquarters^parent@headquarters` for a party (what is left out is as before
/// it), `+type` for evidence, `#id` for a facility, `!id` for the exporter. What stands is written
/// `limit|subject,subject|period=amount`, `grant limit|subject=amount`, `agree limit|country=percent`.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let title: String
    let policy: String
    let claim: String
    let standing: [String]
    let line: String

    init(_ title: String, _ policy: String, _ claim: String, _ line: String) {
        self.init(title, policy, claim, [], line)
    }

    init(
        _ title: String,
        _ policy: String,
        _ claim: String,
        _ standing: [String],
        _ line: String
    ) {
        self.title = title
        self.policy = policy
        self.claim = claim
        self.standing = standing
        self.line = line
    }

    var testDescription: String { title }

    struct Unreadable: Error {
        let text: String
    }

    /// The decision.
    func decide(_ policy: Policy, _ catalogue: ChipCatalogue) throws -> Decision {
        evaluate(
            try Self.facts(claim),
            policy: policy,
            catalogue: catalogue,
            standing: try WrittenStanding(standing, policy: policy)
        )
    }

    /// What a claim says.
    static func facts(_ text: String) throws -> ClaimFacts {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 3 else { throw Unreadable(text: text) }
        let dates = words[2].split(separator: ">").compactMap { CalendarDate(String($0)) }
        guard let exported = dates.first else { throw Unreadable(text: text) }
        var lines: [ClaimLine] = []
        var parties: [PartyFacts] = []
        var evidence: [String] = []
        var facility: String?
        var exporter = ""
        for word in words.dropFirst(3) {
            let rest = String(word.dropFirst())
            if word.hasPrefix("+") {
                evidence.append(rest)
            } else if word.hasPrefix("#") {
                facility = rest
            } else if word.hasPrefix("!") {
                exporter = rest
            } else if let star = word.firstIndex(of: "*"), let count = UInt64(word[..<star]) {
                lines.append(
                    ClaimLine(sku: String(word[word.index(after: star)...]), quantity: count)
                )
            } else {
                parties.append(try party(word))
            }
        }
        return ClaimFacts(
            authority: words[0],
            destination: words[1],
            parties: parties,
            lines: lines,
            exported: exported,
            received: dates.count > 1 ? dates[1] : nil,
            evidence: evidence,
            exporter: exporter,
            facility: facility
        )
    }

    private static func party(_ word: String) throws -> PartyFacts {
        let role = word.split(separator: ":").map(String.init)
        guard role.count == 2 else { throw Unreadable(text: word) }
        let chain = role[1].split(separator: "^").map(String.init)
        let own = chain[0].split(separator: "@").map(String.init)
        guard own.count == 2 else { throw Unreadable(text: word) }
        let places = own[1].split(separator: "/").map(String.init)
        let parent = chain.count > 1 ? chain[1].split(separator: "@").map(String.init) : own
        let headquarters = places.last ?? ""
        return PartyFacts(
            role: role[0],
            organisation: own[0],
            location: places[0],
            headquarters: headquarters,
            parentID: parent[0],
            parentHeadquarters: chain.count > 1 ? parent[1] : headquarters
        )
    }

    /// The decision in one line: `refuse; cap BB 2026: 0 + 10 = 10 > 9 by 1, largest 0; codes`.
    static func line(_ decision: Decision) -> String {
        var parts = ["\(decision.outcome.rawValue)"]
        if let review = decision.review { parts[0] += " (\(review.words))" }
        for use in decision.limits { parts.append(arithmetic(use)) }
        if !decision.requests.isEmpty {
            parts.append(
                "asks " + decision.requests.map { $0.decision ?? $0.source }.joined(separator: ",")
            )
        }
        let codes = decision.reasons.map(\.code).filter {
            $0 != .rule && $0 != .otherRoute && $0 != .limitExceeded
        }
        if !codes.isEmpty { parts.append(codes.map(\.rawValue).joined(separator: ",")) }
        if !decision.notices.isEmpty {
            let notices = decision.notices.map { notice in
                notice.id + (notice.due.map { " by \($0)" } ?? "")
            }
            parts.append("notices \(notices.joined(separator: ","))")
        }
        if let largest = decision.largestQuantity { parts.append("largest \(largest)") }
        return parts.joined(separator: "; ")
    }

    private static func arithmetic(_ use: LimitUse) -> String {
        let unit = use.unit
        let subject = use.subject.isEmpty ? "all" : use.subject.joined(separator: ",")
        var text = "\(use.limitID) \(subject) \(use.period): \(unit.text(of: use.before)) + "
        text += "\(unit.text(of: use.amount)) = \(unit.text(of: use.after))"
        if let part = use.proportion { text += " of \(unit.text(of: part.after))" }
        guard let cap = use.cap else { return text + ", no cap" }
        return text + (use.fits ? " <= " : " > ") + unit.text(of: cap)
            + (use.fits ? "" : " by \(unit.text(of: use.excess))")
    }
}

/// What a test writes about a ledger.
struct WrittenStanding: Standing {
    private var sums: [AccountKey: UInt64] = [:]
    private var grants: [AccountKey: UInt64] = [:]
    private var agreements: [AccountKey: UInt64] = [:]

    init(_ entries: [String], policy: Policy) throws {
        for entry in entries {
            let sides = entry.split(separator: "=").map(String.init)
            guard sides.count == 2 else { throw RuleCase.Unreadable(text: entry) }
            let words = sides[0].split(separator: " ").map(String.init)
            let key = words[words.count - 1].split(
                separator: "|",
                omittingEmptySubsequences: false
            ).map(String.init)
            let account = AccountKey(
                limit: key[0],
                subject: key[1].split(separator: ",").map(String.init),
                period: key.count > 2 ? key[2] : ""
            )
            guard let limit = policy.limit(key[0]),
                let amount = words[0] == "agree"
                    ? UInt64(sides[1]) : limit.metric.unit.amount(sides[1])
            else { throw RuleCase.Unreadable(text: entry) }
            switch words.count > 1 ? words[0] : "" {
            case "grant": grants[account] = amount
            case "agree": agreements[account] = amount
            default: sums[account] = amount
            }
        }
    }

    func consumed(_ account: AccountKey) -> UInt64 { sums[account] ?? 0 }

    func uplift(of limit: String, for country: String, on date: CalendarDate) -> UInt64 {
        agreements[AccountKey(limit: limit, subject: [country], period: "")] ?? 0
    }

    func granted(of limit: String, to subject: [String], on date: CalendarDate) -> UInt64? {
        grants[AccountKey(limit: limit, subject: subject, period: "")]
    }
}

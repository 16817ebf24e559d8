internal import CBOR

/// A limit with every name looked up.
final class LimitIndex: Sendable {
    /// A cap as it is written, and what follows when it is passed.
    struct Level: Sendable {
        /// In the metric's units; nil if only grants set it.
        let stated: UInt64?
        let exceeded: Consequence
    }

    /// A sub-share with every name looked up.
    struct Part: Sendable {
        /// The limit in the names of its accounts: `deal/first`.
        let account: String
        let title: String
        let tests: [PartyTestIndex]
        /// In hundredths of a percent.
        let share: UInt64
    }

    /// The limit that keeps the sum of which this one is a share.
    struct Denominator: Sendable {
        /// The number of the limit.
        let limit: Int
        /// For each part of its subject, the place of the part in this limit's.
        let places: [Int]
    }

    let limit: Limit
    /// The items that count; nil for all, or if they are the policy's regulated items.
    let items: ItemFilter?
    /// Whether the items that count are the policy's regulated items.
    let countsRegulated: Bool
    let holders: Int?
    let tests: [PartyTestIndex]
    /// For each part of the subject that is a party: the number of its role.
    let subjectRoles: [Int?]
    /// Where in the subject the destination stands.
    let destinationPosition: Int?
    /// The period of the accounts, unless it depends on the day.
    private let fixedPeriod: String
    /// When the limit holds.
    let validity: Validity?
    /// The caps, lowest first; for steps, those of each step.
    private let levels: [[Level]]
    /// The sub-shares, and what they leave as the last; empty if there are none.
    let parts: [Part]
    let denominator: Denominator?

    init(
        _ limit: Limit,
        path: String,
        names: PolicyNames,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        try names.check(limit, path: path, document: document)
        self.limit = limit
        countsRegulated = limit.items == document.regulatedItems
        if let id = limit.items, !countsRegulated {
            items = try names.filter(id, at: "\(path).items", in: document)
        } else {
            items = nil
        }
        if let id = limit.holders {
            holders = try names.group(id, at: "\(path).holders")
        } else {
            holders = nil
        }
        tests = try names.tests(limit.tests, at: "\(path).when")
        var subjectRoles: [Int?] = []
        for (position, part) in limit.subject.enumerated() {
            if case .party(let role, _) = part {
                subjectRoles.append(try names.role(role, at: "\(path).subject[\(position)]"))
            } else {
                subjectRoles.append(nil)
            }
        }
        self.subjectRoles = subjectRoles
        destinationPosition = limit.subject.firstIndex(of: .destination)
        validity = limit.window.validity
        fixedPeriod =
            limit.window == .shipment
            ? "shipment" : limit.window.validity?.periodName ?? "always"
        levels = Self.levels(of: limit)
        parts = try Self.parts(of: limit, path: path, names: names)
        denominator = try names.denominator(of: limit, path: path, document: document)
    }

    private static func levels(of limit: Limit) -> [[Level]] {
        guard limit.tiers.isEmpty else {
            return [limit.tiers.map { Level(stated: $0.cap, exceeded: $0.exceeded) }]
        }
        guard let exceeded = limit.exceeded else { return [[]] }
        guard case .steps(let steps, _, _) = limit.window else {
            return [[Level(stated: limit.cap, exceeded: exceeded)]]
        }
        return steps.map { [Level(stated: $0.cap, exceeded: exceeded)] }
    }

    private static func parts(
        of limit: Limit,
        path: String,
        names: PolicyNames
    ) throws(CBORFieldError) -> [Part] {
        guard !limit.subShares.isEmpty else { return [] }
        var parts: [Part] = []
        for (position, part) in limit.subShares.enumerated() {
            parts.append(
                Part(
                    account: "\(limit.id)/\(part.id)",
                    title: "\(limit.title), \(part.title)",
                    tests: try names.tests(part.tests, at: "\(path).subShares[\(position)].when"),
                    share: part.share
                )
            )
        }
        parts.append(
            Part(
                account: "\(limit.id)/\(Limit.rest)",
                title: "\(limit.title), what the others may use",
                tests: [],
                share: Proportion.one - min(Proportion.one, parts.reduce(0) { $0 + $1.share })
            )
        )
        return parts
    }

    /// The period of the account for a day inside the limit's validity.
    func period(on date: CalendarDate) -> String {
        limit.window.period(on: date) ?? fixedPeriod
    }

    /// The caps that hold on a day, lowest first; empty if the limit only counts.
    func levels(on date: CalendarDate) -> [Level] {
        guard case .steps(let steps, _, _) = limit.window else { return levels[0] }
        guard let step = steps.lastIndex(where: { $0.from <= date }) else { return [] }
        return levels[levels.count == steps.count ? step : 0]
    }

    /// The cap of a subject at a level.
    ///
    /// - Parameters:
    ///   - level: The level.
    ///   - subject: Whose account.
    ///   - date: The day.
    ///   - catalogue: The catalogue, for a cap in equivalents.
    ///   - standing: What has been agreed and granted.
    ///   - sum: The denominator, for a share.
    ///   - part: The sub-share, if the account is one's.
    /// - Returns: In the account's unit; nil if a figure for it is missing.
    func cap(
        _ level: Level,
        of subject: [String],
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing,
        sum: UInt64? = nil,
        part: Part? = nil
    ) -> UInt64? {
        guard
            let whole = wholeCap(
                level,
                of: subject,
                on: date,
                catalogue: catalogue,
                standing: standing,
                sum: sum
            )
        else { return nil }
        return part.map { Proportion.amount($0.share, of: whole) } ?? whole
    }

    private func wholeCap(
        _ level: Level,
        of subject: [String],
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing,
        sum: UInt64?
    ) -> UInt64? {
        var cap = level.stated
        if limit.metric.isRelative {
            guard let stated = cap, let sum else { return nil }
            return Proportion.amount(stated, of: sum)
        }
        if let stated = cap, case .equivalents(let sku) = limit.metric {
            guard let item = catalogue.item(sku) else { return nil }
            let (product, overflow) = stated.multipliedReportingOverflow(by: item.tpp.tenths)
            guard !overflow, product < Tpp.totalBound else { return nil }
            cap = product
        }
        guard limit.isGranted else {
            return cap.map { raised($0, of: subject, on: date, standing: standing) }
        }
        let granted = standing.granted(of: limit.id, to: subject, on: date) ?? 0
        return cap.map { min(granted, $0) } ?? granted
    }

    /// A cap with the uplift of the subject's country.
    private func raised(
        _ cap: UInt64,
        of subject: [String],
        on date: CalendarDate,
        standing: some Standing
    ) -> UInt64 {
        guard let uplift = limit.uplift, let destinationPosition,
            subject.indices.contains(destinationPosition)
        else { return cap }
        let country = subject[destinationPosition]
        let agreed = standing.uplift(of: limit.id, for: country, on: date)
        let written = uplift.entries.first {
            $0.country == country && $0.validity.contains(date)
        }?.percent
        // A cap below 2^52 and a percentage of at most 200 cannot overflow.
        return cap * (100 + max(written ?? 0, min(agreed, uplift.percentMax))) / 100
    }
}

extension Validity {
    /// `2025-2027` for whole years, else both dates, or `since-` and the first.
    var periodName: String {
        guard let through else { return "since-\(from)" }
        let isWholeYears =
            from.month == 1 && from.day == 1 && through.month == 12 && through.day == 31
        guard isWholeYears else { return "\(from)..\(through)" }
        return from.year == through.year ? String(through.year) : "\(from.year)-\(through.year)"
    }
}

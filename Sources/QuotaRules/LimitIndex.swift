internal import CBOR

/// A limit with every name looked up.
final class LimitIndex: Sendable {
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
    /// The period of the accounts, unless it is a year.
    let fixedPeriod: String?
    /// When the limit holds.
    let validity: Validity?

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
        switch limit.window {
        case .cumulative, .steps: fixedPeriod = limit.window.validity.map(Self.name)
        case .shipment: fixedPeriod = "shipment"
        case .calendarYear, .reportingDates: fixedPeriod = nil
        }
    }

    /// `2025-2027` for whole years, else both dates, or `since-` and the first.
    private static func name(_ validity: Validity) -> String {
        guard let through = validity.through else { return "since-\(validity.from)" }
        let isWholeYears =
            validity.from.month == 1 && validity.from.day == 1 && through.month == 12
            && through.day == 31
        guard isWholeYears else { return "\(validity.from)..\(through)" }
        return validity.from.year == through.year
            ? String(through.year) : "\(validity.from.year)-\(through.year)"
    }

    /// The period of the account for a day inside the limit's validity.
    func period(on date: CalendarDate) -> String {
        fixedPeriod ?? String(date.year)
    }

    /// The cap of a subject on a day in the account's unit; nil for none, or if a figure for it is
    /// missing.
    func cap(
        of subject: [String],
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing
    ) -> UInt64? {
        let stated = statedCap(on: date, catalogue: catalogue)
        guard limit.isGranted else {
            return stated.map { raised($0, of: subject, on: date, standing: standing) }
        }
        let granted = standing.granted(of: limit.id, to: subject, on: date) ?? 0
        // A figure that the catalogue lacks makes the cap unknown, granted or not.
        if stated == nil, limit.cap != nil { return nil }
        return stated.map { min(granted, $0) } ?? granted
    }

    /// The cap that the policy states for a day, in the account's unit.
    private func statedCap(on date: CalendarDate, catalogue: ChipCatalogue) -> UInt64? {
        let stated: UInt64?
        if case .steps(let steps, _) = limit.window {
            stated = steps.last { $0.from <= date }?.cap
        } else {
            stated = limit.cap
        }
        guard var cap = stated else { return nil }
        if case .equivalents(let sku) = limit.metric {
            guard let item = catalogue.item(sku) else { return nil }
            let (product, overflow) = cap.multipliedReportingOverflow(by: item.tpp.tenths)
            guard !overflow, product < Tpp.totalBound else { return nil }
            cap = product
        }
        return cap
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

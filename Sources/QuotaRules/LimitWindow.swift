internal import CBOR

/// Over which time a limit adds up.
public enum LimitWindow: Hashable, Sendable {
    /// One step of a cap that changes by date.
    ///
    /// It holds until the next.
    public struct Step: Hashable, Sendable {
        /// The first day.
        public let from: CalendarDate
        /// The cap, in units of the limit's metric.
        public let cap: UInt64
    }

    /// A day of each year, written `MM-DD`; never 29 February.
    public struct DayOfYear: Hashable, Sendable {
        /// `MM-DD`.
        public let text: String

        /// The day in a year, or nil after the year 9999.
        func day(in year: Int) -> CalendarDate? {
            let digits = String(year)
            return CalendarDate(
                String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-" + text
            )
        }

        init(_ item: CBORItem) throws(CBORFieldError) {
            text = try item.text(maxLength: 5)
            try item.require(
                CalendarDate("2023-\(text)") != nil,
                "expected a day that every year has, such as 02-01"
            )
        }
    }

    /// One sum over the whole time.
    case cumulative(Validity)
    /// A new sum each 1 January.
    case calendarYear(Validity)
    /// A new sum each year, on a day of the year.
    case year(from: DayOfYear, Validity)
    /// A cap that changes by date, such as each quarter: against one sum over the whole time, or
    /// with a new sum at each step. The last step holds through the given day, or for ever.
    case steps([Step], through: CalendarDate?, isNewSum: Bool)
    /// Each claim by itself; nothing is kept.
    case shipment
    /// One sum that is measured at certain days of each year; above the cap before such a day is a
    /// warning.
    case reportingDates([DayOfYear], Validity)

    /// When the limit holds; nil for always.
    public var validity: Validity? {
        switch self {
        case .cumulative(let validity), .calendarYear(let validity), .year(_, let validity),
            .reportingDates(_, let validity):
            validity
        case .steps(let steps, let through, _):
            steps.first.map { Validity(from: $0.from, through: through) }
        case .shipment: nil
        }
    }
}

extension LimitWindow {
    /// The period of the account for a day inside the limit's validity, if it depends on the day.
    func period(on date: CalendarDate) -> String? {
        switch self {
        case .calendarYear: return String(date.year)
        case .year(let anchor, _):
            guard let turn = anchor.day(in: date.year) else { return nil }
            let start = date < turn ? anchor.day(in: date.year - 1) : turn
            let end = start.flatMap { anchor.day(in: $0.year + 1)?.adding(days: -1) }
            // The years before 1 and after 9999 have no days; what touches them is named by its turn.
            guard let start, let end else { return "turn-\(turn)" }
            return "\(start)..\(end)"
        case .steps(let steps, let through, let isNewSum):
            guard isNewSum, let position = steps.lastIndex(where: { $0.from <= date }) else {
                return nil
            }
            let next = steps.index(after: position)
            return Validity(
                from: steps[position].from,
                through: next < steps.endIndex ? steps[next].from.adding(days: -1) : through
            ).periodName
        case .cumulative, .shipment, .reportingDates: return nil
        }
    }

    /// The first day from `date` on at which the sum is measured; nil for other windows.
    func reportingDate(from date: CalendarDate) -> CalendarDate? {
        guard case .reportingDates(let days, _) = self else { return nil }
        let coming = days.compactMap { day in
            day.day(in: date.year).flatMap { $0 < date ? day.day(in: date.year + 1) : $0 }
        }
        return coming.min()
    }
}

extension LimitWindow {
    private enum Kind: String, CaseIterable {
        case cumulative
        case calendarYear = "calendar_year"
        case year
        case steps
        case shipment
        case reportingDates = "reporting_dates"
    }

    init(_ item: CBORItem, metric: LimitMetric) throws(CBORFieldError) {
        var fields = try item.fields()
        switch try fields.item("kind").choice(Kind.self) {
        case .cumulative: self = .cumulative(try Validity(from: &fields))
        case .calendarYear: self = .calendarYear(try Validity(from: &fields))
        case .year:
            let anchor = try DayOfYear(fields.item("anchor"))
            self = .year(from: anchor, try Validity(from: &fields))
        case .steps: self = try Self.steps(&fields, metric: metric)
        case .shipment: self = .shipment
        case .reportingDates:
            let days = try fields.item("dates").list { item throws(CBORFieldError) in
                try DayOfYear(item)
            }
            for (position, name) in PolicyNames.repeated(days.map(\.text)) {
                try fields.require(
                    false,
                    at: "dates[\(position)]",
                    "'\(name)' stands here twice"
                )
            }
            self = .reportingDates(days, try Validity(from: &fields))
        }
        try fields.finish()
    }

    private static func steps(
        _ fields: inout CBORFields,
        metric: LimitMetric
    ) throws(CBORFieldError) -> LimitWindow {
        let steps = try fields.item("steps").list(maxCount: 200) { item throws(CBORFieldError) in
            try Step(item, metric: metric)
        }
        let through = try fields.ifPresent("through") { item throws(CBORFieldError) in
            try item.date()
        }
        for index in steps.indices.dropFirst() {
            try fields.require(
                steps[index].from > steps[index - 1].from,
                at: "steps[\(index)].from",
                "must be later than the step before, \(steps[index - 1].from)"
            )
        }
        if let through, let last = steps.last {
            try fields.require(through >= last.from, at: "through", "is before the last step")
        }
        return .steps(steps, through: through, isNewSum: try fields.flag("newSum"))
    }

    func cbor(metric: LimitMetric) -> CBORValue {
        switch self {
        case .cumulative(let validity):
            .object([("kind", .text(Kind.cumulative.rawValue))] + validity.pairs)
        case .calendarYear(let validity):
            .object([("kind", .text(Kind.calendarYear.rawValue))] + validity.pairs)
        case .year(let anchor, let validity):
            .object(
                [("kind", .text(Kind.year.rawValue)), ("anchor", .text(anchor.text))]
                    + validity.pairs
            )
        case .steps(let steps, let through, let isNewSum):
            .object([
                ("kind", .text(Kind.steps.rawValue)),
                ("steps", .array(steps.map { $0.cbor(metric: metric) })),
                ("through", through.map { .date($0) }), ("newSum", isNewSum ? true : nil),
            ])
        case .shipment: .object([("kind", .text(Kind.shipment.rawValue))])
        case .reportingDates(let days, let validity):
            .object(
                [
                    ("kind", .text(Kind.reportingDates.rawValue)),
                    ("dates", .texts(days.map(\.text))),
                ] + validity.pairs
            )
        }
    }
}

extension LimitWindow.Step {
    init(_ item: CBORItem, metric: LimitMetric) throws(CBORFieldError) {
        var fields = try item.fields()
        from = try fields.item("from").date()
        cap = try metric.cap(fields.item("cap"))
        try fields.finish()
    }

    func cbor(metric: LimitMetric) -> CBORValue {
        .object([
            ("from", .date(from)),
            ("cap", .decimal(cap, fractionDigits: metric.capFractionDigits)),
        ])
    }
}

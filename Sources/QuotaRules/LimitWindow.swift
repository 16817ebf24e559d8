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

    /// One sum over the whole time.
    case cumulative(Validity)
    /// A new sum each 1 January.
    case calendarYear(Validity)
    /// One sum over the whole time against a cap that changes, such as each quarter. The last step
    /// holds through the given day, or for ever.
    case steps([Step], through: CalendarDate?)
    /// Each claim by itself; nothing is kept.
    case shipment
    /// The state at certain days of each year, `MM-DD`.
    case reportingDates([String])

    /// When the limit holds; nil for always.
    public var validity: Validity? {
        switch self {
        case .cumulative(let validity), .calendarYear(let validity): validity
        case .steps(let steps, let through):
            steps.first.map { Validity(from: $0.from, through: through) }
        case .shipment, .reportingDates: nil
        }
    }
}

extension LimitWindow {
    private enum Kind: String, CaseIterable {
        case cumulative
        case calendarYear = "calendar_year"
        case steps
        case shipment
        case reportingDates = "reporting_dates"
    }

    init(_ item: CBORItem, metric: LimitMetric) throws(CBORFieldError) {
        var fields = try item.fields()
        switch try fields.item("kind").choice(Kind.self) {
        case .cumulative: self = .cumulative(try Validity(from: &fields))
        case .calendarYear: self = .calendarYear(try Validity(from: &fields))
        case .steps:
            let steps = try fields.item("steps").list(maxCount: 200) {
                item throws(CBORFieldError) in
                try Step(item, metric: metric)
            }
            let through = try fields.ifPresent("through") { item throws(CBORFieldError) in
                try item.date()
            }
            self = .steps(steps, through: through)
            try checkSteps(item.path)
        case .shipment: self = .shipment
        case .reportingDates:
            self = .reportingDates(
                try fields.item("dates").list { item throws(CBORFieldError) in
                    let text = try item.text(maxLength: 5)
                    guard CalendarDate("2024-\(text)") != nil else {
                        throw item.error("expected a day of the year such as 02-01")
                    }
                    return text
                }
            )
        }
        try fields.finish()
    }

    private func checkSteps(_ path: String) throws(CBORFieldError) {
        guard case .steps(let steps, let through) = self else { return }
        for index in steps.indices.dropFirst() where steps[index].from <= steps[index - 1].from {
            throw CBORFieldError(
                path: "\(path).steps[\(index)].from",
                problem: "must be later than the step before, \(steps[index - 1].from)"
            )
        }
        if let through, let last = steps.last, through < last.from {
            throw CBORFieldError(path: "\(path).through", problem: "is before the last step")
        }
    }

    func cbor(metric: LimitMetric) -> CBORValue {
        switch self {
        case .cumulative(let validity):
            .object([("kind", .text(Kind.cumulative.rawValue))] + validity.pairs)
        case .calendarYear(let validity):
            .object([("kind", .text(Kind.calendarYear.rawValue))] + validity.pairs)
        case .steps(let steps, let through):
            .object([
                ("kind", .text(Kind.steps.rawValue)),
                ("steps", .array(steps.map { $0.cbor(metric: metric) })),
                ("through", through.map { .date($0) }),
            ])
        case .shipment: .object([("kind", .text(Kind.shipment.rawValue))])
        case .reportingDates(let dates):
            .object([("kind", .text(Kind.reportingDates.rawValue)), ("dates", .texts(dates))])
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

internal import CBOR

/// Something that may give room back.
public enum ReleaseEvent: String, Hashable, Sendable, CaseIterable {
    /// The claim is cancelled before anything moved.
    case cancellation
    /// The cargo came back.
    case returned = "return"
    /// The licence ended with a part unshipped.
    case expiry
    /// Loss, damage, failure, retirement.
    case attrition
    /// The items went on to another country.
    case reexport
}

/// Which events give room back under a limit.
public struct LimitRelease: Hashable, Sendable {
    /// An event as it is written.
    struct Entry: Hashable, Sendable {
        let event: ReleaseEvent
        /// The parameter that it depends on, if any.
        let condition: ParameterCondition?
    }

    /// The events that do, as the policy's parameters stand.
    public let events: [ReleaseEvent]
    /// What is written: each event, and the parameter that it depends on.
    let entries: [Entry]
    /// The paragraph, or the reading where the text is silent.
    public let citation: String

    init(_ item: CBORItem, _ parameters: [PolicyParameter]) throws(CBORFieldError) {
        var fields = try item.fields()
        var entries: [Entry] = []
        var events: [ReleaseEvent] = []
        for place in try fields.array("on", maxCount: ReleaseEvent.allCases.count) {
            let entry = try Self.entry(place)
            try place.require(
                !entries.contains { $0.event == entry.event },
                "stands here twice"
            )
            entries.append(entry)
            if try entry.condition?.holds(in: parameters, at: "\(place.path).parameter") ?? true {
                events.append(entry.event)
            }
        }
        self.entries = entries
        self.events = events
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    /// An event by its name, or with the parameter that it depends on.
    private static func entry(
        _ item: CBORItem
    ) throws(CBORFieldError) -> Entry {
        guard case .map = item.value else {
            return Entry(event: try item.choice(ReleaseEvent.self), condition: nil)
        }
        var fields = try item.fields()
        let event = try fields.item("event").choice(ReleaseEvent.self)
        let condition = try ParameterCondition(fields.item("parameter"))
        try fields.finish()
        return Entry(event: event, condition: condition)
    }

    var cbor: CBORValue {
        let on = entries.map { entry in
            entry.condition.map {
                CBORValue.object([
                    ("event", .text(entry.event.rawValue)), ("parameter", $0.cbor),
                ])
            } ?? .text(entry.event.rawValue)
        }
        return .object([("on", .array(on)), ("citation", .text(citation))])
    }
}

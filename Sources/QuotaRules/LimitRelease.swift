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
    /// The events that do.
    public let events: [ReleaseEvent]
    /// The paragraph, or the reading where the text is silent.
    public let citation: String

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        var events: [ReleaseEvent] = []
        for entry in try fields.array("on", maxCount: ReleaseEvent.allCases.count) {
            let event = try entry.choice(ReleaseEvent.self)
            guard !events.contains(event) else { throw entry.error("stands here twice") }
            events.append(event)
        }
        self.events = events
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("on", .texts(events.map(\.rawValue))), ("citation", .text(citation)),
        ])
    }
}

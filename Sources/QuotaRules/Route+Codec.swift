internal import CBOR

extension Route {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        validity = try fields.ifPresent("validity") { item throws(CBORFieldError) in
            try Validity(item)
        }
        eligibleItems = try fields.ifPresent("eligibleItems") { item throws(CBORFieldError) in
            try item.identifier()
        }
        requiredRoles = try fields.item("requiredRoles").identifiers()
        evidence = try fields.listIfPresent("evidence") { item throws(CBORFieldError) in
            try Evidence(item)
        }
        rules = try fields.item("rules").list { item throws(CBORFieldError) in
            try Rule(item)
        }
        notices = try fields.listIfPresent("notices") { item throws(CBORFieldError) in
            try NoticeRule(item)
        }
        duties = try fields.listIfPresent("duties") { item throws(CBORFieldError) in
            try Duty(item)
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("citation", .text(citation)),
            ("validity", validity?.cbor), ("eligibleItems", eligibleItems.map { .text($0) }),
            ("requiredRoles", .texts(requiredRoles)),
            ("evidence", .listIfAny(evidence.map(\.cbor))),
            ("rules", .array(rules.map(\.cbor))),
            ("notices", .listIfAny(notices.map(\.cbor))),
            ("duties", .listIfAny(duties.map(\.cbor))),
        ])
    }
}

extension Route.Evidence {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        type = try fields.item("type").identifier()
        missing = try fields.item("missing").choice(Missing.self, standIn: .notice)
        text = try fields.item("text").prose()
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("type", .text(type)), ("missing", .text(missing.rawValue)), ("text", .text(text)),
            ("citation", .text(citation)),
        ])
    }
}

extension Route.Rule {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        tests = try fields.listIfPresent("when") { item throws(CBORFieldError) in
            try PartyTest(item)
        }
        condition = try fields.ifPresent("parameter") { item throws(CBORFieldError) in
            try ParameterCondition(item)
        }
        validity = try fields.ifPresent("validity") { item throws(CBORFieldError) in
            try Validity(item)
        }
        consequence = try Consequence(fields.item("then"))
        limits = try fields.identifiersIfPresent("limits")
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("when", .listIfAny(tests.map(\.cbor))),
            ("parameter", condition?.cbor), ("validity", validity?.cbor),
            ("then", consequence.cbor), ("limits", .textsIfAny(limits)),
        ])
    }
}

extension Route.Duty {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        text = try fields.item("text").prose()
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue { .object([("text", .text(text)), ("citation", .text(citation))]) }
}

extension NoticeRule {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        recipient = try fields.item("recipient").prose()
        text = try fields.item("text").prose()
        citation = try fields.item("citation").prose()
        deadline = try Deadline(fields.item("deadline"))
        threshold = try fields.ifPresent("threshold") { item throws(CBORFieldError) in
            try Threshold(item)
        }
        condition = try fields.ifPresent("parameter") { item throws(CBORFieldError) in
            try ParameterCondition(item)
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("recipient", .text(recipient)), ("text", .text(text)),
            ("citation", .text(citation)), ("deadline", deadline.cbor),
            ("threshold", threshold?.cbor), ("parameter", condition?.cbor),
        ])
    }
}

extension NoticeRule.Deadline {
    private enum Kind: String, CaseIterable {
        case beforeShipment = "before_shipment"
        case afterExport = "after_export"
        case afterReceipt = "after_receipt"
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        self =
            switch try fields.item("kind").choice(Kind.self) {
            case .beforeShipment: .beforeShipment
            case .afterExport: .daysAfterExport(try fields.unsigned("days", max: 3_660))
            case .afterReceipt: .daysAfterReceipt(try fields.unsigned("days", max: 3_660))
            }
        try fields.finish()
    }

    var cbor: CBORValue {
        switch self {
        case .beforeShipment: .object([("kind", .text(Kind.beforeShipment.rawValue))])
        case .daysAfterExport(let days):
            .object([("kind", .text(Kind.afterExport.rawValue)), ("days", .unsigned(days))])
        case .daysAfterReceipt(let days):
            .object([("kind", .text(Kind.afterReceipt.rawValue)), ("days", .unsigned(days))])
        }
    }
}

extension NoticeRule.Threshold {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        limit = try fields.item("limit").identifier()
        measure = try fields.item("measure").choice(Measure.self, standIn: .shipment)
        atLeast = try fields.text("atLeast", maxLength: 24)
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("limit", .text(limit)), ("measure", .text(measure.rawValue)),
            ("atLeast", .text(atLeast)),
        ])
    }
}

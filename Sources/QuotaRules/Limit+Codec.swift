internal import CBOR

extension Limit {
    init(_ item: CBORItem, _ parameters: [PolicyParameter]) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        let metric = try LimitMetric(fields.item("metric"))
        self.metric = metric
        subject = try fields.array("subject", maxCount: 4).reading { part throws(CBORFieldError) in
            try LimitSubject(part)
        }
        holders = try fields.ifPresent("holders") { item throws(CBORFieldError) in
            try item.identifier()
        }
        attributionReading = try fields.ifPresent("attribution") { item throws(CBORFieldError) in
            try Reading(item, parameters)
        }
        window = try LimitWindow(fields.item("window"), metric: metric)
        countBasisReading = try Reading(fields.item("countBasis"), parameters)
        cap = try fields.ifPresent("cap") { item throws(CBORFieldError) in
            try metric.cap(item)
        }
        items = try fields.ifPresent("items") { item throws(CBORFieldError) in
            try item.identifier()
        }
        tests = try fields.listIfPresent("when") { item throws(CBORFieldError) in
            try PartyTest(item)
        }
        denominator = try fields.ifPresent("denominator") { item throws(CBORFieldError) in
            try Denominator(item)
        }
        subShares = try fields.listIfPresent("subShares") { item throws(CBORFieldError) in
            try SubShare(item)
        }
        uplift = try fields.ifPresent("uplift") { item throws(CBORFieldError) in
            try LimitUplift(item)
        }
        exceeded = try fields.ifPresent("exceeded") { item throws(CBORFieldError) in
            try Consequence(item)
        }
        tiers = try fields.listIfPresent("tiers", maxCount: 16) { item throws(CBORFieldError) in
            try Tier(item, metric: metric)
        }
        isGranted = try fields.flag("granted")
        countsOpening = try fields.flag("countsOpening")
        release = try LimitRelease(fields.item("release"), parameters)
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("citation", .text(citation)),
            ("metric", metric.cbor), ("subject", .texts(subject.map(\.text))),
            ("holders", holders.map { .text($0) }),
            ("attribution", attributionReading?.cbor),
            ("window", window.cbor(metric: metric)),
            ("countBasis", countBasisReading.cbor),
            ("cap", cap.map { .decimal($0, fractionDigits: metric.capFractionDigits) }),
            ("items", items.map { .text($0) }), ("when", .listIfAny(tests.map(\.cbor))),
            ("denominator", denominator?.cbor),
            ("subShares", .listIfAny(subShares.map(\.cbor))), ("uplift", uplift?.cbor),
            ("granted", isGranted ? true : nil), ("countsOpening", countsOpening ? true : nil),
            ("exceeded", exceeded?.cbor),
            ("tiers", .listIfAny(tiers.map { $0.cbor(metric: metric) })),
            ("release", release.cbor),
        ])
    }
}

extension Limit.Denominator {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        kind = try fields.item("kind").choice(Kind.self, standIn: .sameProduct)
        limit = try fields.item("limit").identifier()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([("kind", .text(kind.rawValue)), ("limit", .text(limit))])
    }
}

extension Limit.SubShare {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        tests = try fields.item("when").list { item throws(CBORFieldError) in
            try PartyTest(item)
        }
        let share = try fields.item("share")
        self.share = try share.decimal(fractionDigits: 2)
        try share.require(
            (1...Proportion.one).contains(self.share),
            "a share is more than 0 and at most 100 percent"
        )
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("when", .array(tests.map(\.cbor))),
            ("share", .decimal(share, fractionDigits: 2)),
        ])
    }
}

extension Limit.Tier {
    init(_ item: CBORItem, metric: LimitMetric) throws(CBORFieldError) {
        var fields = try item.fields()
        cap = try metric.cap(fields.item("cap"))
        exceeded = try Consequence(fields.item("exceeded"))
        try fields.finish()
    }

    func cbor(metric: LimitMetric) -> CBORValue {
        .object([
            ("cap", .decimal(cap, fractionDigits: metric.capFractionDigits)),
            ("exceeded", exceeded.cbor),
        ])
    }
}

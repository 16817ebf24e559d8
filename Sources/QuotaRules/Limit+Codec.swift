internal import CBOR

extension Limit {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        let metric = try LimitMetric(fields.item("metric"))
        self.metric = metric
        var subject: [LimitSubject] = []
        for part in try fields.array("subject", maxCount: 4) {
            subject.append(try LimitSubject(part))
        }
        self.subject = subject
        holders = try fields.ifPresent("holders") { item throws(CBORFieldError) in
            try item.identifier()
        }
        attribution = try fields.ifPresent("attribution") { item throws(CBORFieldError) in
            try item.choice(Attribution.self)
        }
        window = try LimitWindow(fields.item("window"), metric: metric)
        countBasis = try fields.item("countBasis").choice(CountBasis.self)
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
        isGranted = try fields.flag("granted")
        countsOpening = try fields.flag("countsOpening")
        release = try LimitRelease(fields.item("release"))
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("citation", .text(citation)),
            ("metric", metric.cbor), ("subject", .texts(subject.map(\.text))),
            ("holders", holders.map { .text($0) }),
            ("attribution", attribution.map { .text($0.rawValue) }),
            ("window", window.cbor(metric: metric)),
            ("countBasis", .text(countBasis.rawValue)),
            ("cap", cap.map { .decimal($0, fractionDigits: metric.capFractionDigits) }),
            ("items", items.map { .text($0) }), ("when", .listIfAny(tests.map(\.cbor))),
            ("denominator", denominator?.cbor),
            ("subShares", .listIfAny(subShares.map(\.cbor))), ("uplift", uplift?.cbor),
            ("granted", isGranted ? true : nil), ("countsOpening", countsOpening ? true : nil),
            ("exceeded", exceeded?.cbor), ("release", release.cbor),
        ])
    }
}

extension Limit.Denominator {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        kind = try fields.item("kind").choice(Kind.self)
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
        title = try fields.item("title").prose()
        tests = try fields.item("when").list { item throws(CBORFieldError) in
            try PartyTest(item)
        }
        share = try LimitMetric.share.cap(fields.item("share"))
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("title", .text(title)), ("when", .array(tests.map(\.cbor))),
            ("share", .decimal(share, fractionDigits: LimitMetric.share.capFractionDigits)),
        ])
    }
}

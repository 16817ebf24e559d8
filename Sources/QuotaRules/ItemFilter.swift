internal import CBOR

/// A set of catalogue items, named by what they can do: an item belongs if one alternative holds.
public struct ItemFilter: Hashable, Sendable {
    /// A half-open range of numbers; an absent end is open.
    public struct Band: Hashable, Sendable {
        /// The smallest number inside.
        public let atLeast: UInt64?
        /// The smallest number above.
        public let below: UInt64?
    }

    /// Conditions that must all hold.
    ///
    /// An absent one holds for every item.
    public struct Alternative: Hashable, Sendable {
        /// TPP of one integrated circuit, in tenths.
        public let tpp: Band?
        /// Performance density, in hundredths of TPP per square millimetre.
        public let density: Band?
        /// Memory bandwidth of one integrated circuit, in GB/s.
        public let memoryBandwidth: Band?
        /// Whether it is designed or marketed for data centres.
        public let isDatacentre: Bool?
        /// Export control classification numbers; each covers its own paragraphs too.
        public let eccn: [String]
        /// Designers.
        public let designers: [String]
        /// Items by id.
        public let skus: [String]
    }

    /// The id.
    public let id: String
    /// What it is called.
    public let title: String
    /// The paragraph.
    public let citation: String
    /// The alternatives.
    public let alternatives: [Alternative]

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        alternatives = try fields.item("any").list { item throws(CBORFieldError) in
            try Alternative(item)
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("citation", .text(citation)),
            ("any", .array(alternatives.map(\.cbor))),
        ])
    }
}

extension ItemFilter.Band {
    /// TPP has one digit after the point, densities two, bandwidths none.
    init(_ item: CBORItem, fractionDigits: Int) throws(CBORFieldError) {
        var fields = try item.fields()
        let read = { (item: CBORItem) throws(CBORFieldError) in
            try item.decimal(fractionDigits: fractionDigits, below: Tpp.claimBound)
        }
        atLeast = try fields.ifPresent("atLeast", read)
        below = try fields.ifPresent("below", read)
        try fields.finish()
        try item.require(
            atLeast != nil || below != nil,
            "expected 'atLeast', 'below' or both"
        )
        if let atLeast, let below {
            try item.require(below > atLeast, "no number is in this band")
        }
    }

    func cbor(fractionDigits: Int) -> CBORValue {
        .object([
            ("atLeast", atLeast.map { .decimal($0, fractionDigits: fractionDigits) }),
            ("below", below.map { .decimal($0, fractionDigits: fractionDigits) }),
        ])
    }
}

extension ItemFilter.Alternative {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        tpp = try fields.ifPresent("tpp") { item throws(CBORFieldError) in
            try ItemFilter.Band(item, fractionDigits: 1)
        }
        density = try fields.ifPresent("density") { item throws(CBORFieldError) in
            try ItemFilter.Band(item, fractionDigits: 2)
        }
        memoryBandwidth = try fields.ifPresent("memoryBandwidth") {
            item throws(CBORFieldError) in
            try ItemFilter.Band(item, fractionDigits: 0)
        }
        isDatacentre = try fields.optionalBoolean("datacentre")
        eccn = try fields.identifiersIfPresent("eccn")
        designers = try fields.listIfPresent("designers") { item throws(CBORFieldError) in
            try item.text(maxLength: 64)
        }
        skus = try fields.identifiersIfPresent("skus")
        try fields.finish()
        try item.require(cbor != .map([]), "expected at least one condition")
    }

    var cbor: CBORValue {
        .object([
            ("tpp", tpp?.cbor(fractionDigits: 1)),
            ("density", density?.cbor(fractionDigits: 2)),
            ("memoryBandwidth", memoryBandwidth?.cbor(fractionDigits: 0)),
            ("datacentre", isDatacentre.map { .boolean($0) }),
            ("eccn", .textsIfAny(eccn)), ("designers", .textsIfAny(designers)),
            ("skus", .textsIfAny(skus)),
        ])
    }
}

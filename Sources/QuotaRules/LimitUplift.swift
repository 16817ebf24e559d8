internal import CBOR

/// Higher caps for countries that have given assurances.
public struct LimitUplift: Hashable, Sendable {
    /// A higher cap for one country.
    public struct Entry: Hashable, Sendable {
        /// The country.
        public let country: String
        /// By how many percent the cap is higher.
        public let percent: UInt64
        /// When.
        public let validity: Validity
        /// What shows it, such as the reference of the exchange of letters.
        public let evidence: String
        /// The paragraph.
        public let citation: String
    }

    /// The most percent that an entry may give, at most 100.
    public let percentMax: UInt64
    /// The paragraph.
    public let citation: String
    /// The entries, at most one a country and day.
    public let entries: [Entry]

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        percentMax = try fields.unsigned("percentMax", max: 100)
        citation = try fields.item("citation").prose()
        let percentMax = percentMax
        entries = try fields.array("entries", maxCount: 300).reading {
            entry throws(CBORFieldError) in
            try Entry(entry, percentMax: percentMax)
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("percentMax", .unsigned(percentMax)), ("citation", .text(citation)),
            ("entries", .array(entries.map(\.cbor))),
        ])
    }
}

extension LimitUplift.Entry {
    init(_ item: CBORItem, percentMax: UInt64) throws(CBORFieldError) {
        var fields = try item.fields()
        country = try fields.item("country").country()
        let percent = try fields.item("percent")
        self.percent = try percent.unsigned()
        try percent.require(
            (1...max(1, percentMax)).contains(self.percent),
            "an uplift is from 1 to \(percentMax) percent, found \(self.percent)"
        )
        validity = try Validity(from: &fields)
        evidence = try fields.item("evidence").prose()
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object(
            [
                ("country", .text(country)), ("percent", .unsigned(percent)),
                ("evidence", .text(evidence)), ("citation", .text(citation)),
            ] + validity.pairs
        )
    }
}

/// The question of `/v1/proof/total`.
package struct TotalQuery: Hashable, Sendable {
    /// The country.
    package var country: String
    /// The limit's id; nil for the country cap of the policy in force.
    package var limit: String?
    /// The period; nil for the one that holds the last block's time.
    package var period: String?

    /// Makes a question.
    package init(country: String, limit: String? = nil, period: String? = nil) {
        self.country = country
        self.limit = limit
        self.period = period
    }
}

/// `/v1/proof/consistency`: that a tree only ever grew.
package struct ConsistencyDocument: Codable, Hashable, Sendable {
    /// The earlier size.
    package var old: UInt64
    /// The later size.
    package var new: UInt64
    /// RFC 9162 consistency path, base64 of 32 bytes each.
    package var path: [String]

    /// Makes a proof.
    package init(old: UInt64, new: UInt64, path: [String]) {
        self.old = old
        self.new = new
        self.path = path
    }
}

/// `/v1/genesis`: the first leaf, which names the founders, the policy and the catalogue.
package struct GenesisDocument: Codable, Hashable, Sendable {
    /// The log's origin.
    package var origin: String
    /// SHA-256 of the statement, lower-case hex.
    package var chainID: String
    /// The genesis statement, base64 of a tagged COSE_Sign1.
    package var statement: String

    /// Makes a document.
    package init(origin: String, chainID: String, statement: String) {
        self.origin = origin
        self.chainID = chainID
        self.statement = statement
    }
}

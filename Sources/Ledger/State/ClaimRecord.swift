public import CBOR
public import QuotaCrypto
public import QuotaRules

/// What became of a claim: the value under `["claim", issuer, id]` in the state map.
///
/// Layout: `{index, leaf: bstr32, state, movements: [[limit, [* subject], period, amount]]}`.
public struct ClaimRecord: Hashable, Sendable {
    /// Where a claim stands.
    public enum State: String, Hashable, Sendable {
        /// It counts.
        case admitted
        /// Its issuer withdrew it.
        case cancelled
    }

    /// What a claim added to one account.
    public struct Posting: Hashable, Sendable {
        /// The account.
        public let account: AccountKey
        /// How much, in the account's smallest unit.
        public let amount: UInt64

        /// `amount` added to `account`.
        public init(account: AccountKey, amount: UInt64) {
            self.account = account
            self.amount = amount
        }
    }

    /// The index of the claim's statement.
    public let index: UInt64
    /// The leaf hash of the claim's statement.
    public let leafHash: Digest
    /// Where it stands.
    public let state: State
    /// What it added and still holds; a cancelled claim keeps what the rules do not release.
    public let postings: [Posting]

    /// A record with the given contents.
    public init(index: UInt64, leafHash: Digest, state: State, postings: [Posting]) {
        self.index = index
        self.leafHash = leafHash
        self.state = state
        self.postings = postings
    }

    /// Reads the value of a claim.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> ClaimRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let index = try fields.unsigned("index")
        let leafHash = try fields.digest("leaf")
        let state = try fields.item("state")
        guard let known = State(rawValue: try state.text(maxLength: 16)) else {
            throw state.error("expected 'admitted' or 'cancelled'")
        }
        var postings: [Posting] = []
        for item in try fields.array("movements", maxCount: 4_096) {
            postings.append(try Posting(item))
        }
        try fields.finish()
        return ClaimRecord(index: index, leafHash: leafHash, state: known, postings: postings)
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        // In encoding order already: this runs for every claim.
        CBORValue.map([
            CBORMapEntry("leaf", .bytes(leafHash.bytes)),
            CBORMapEntry("index", .unsigned(index)),
            CBORMapEntry("state", .text(state.rawValue)),
            CBORMapEntry("movements", .array(postings.map(\.cbor))),
        ]).encoded()
    }
}

extension ClaimRecord.Posting {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 4)
        var subject: [String] = []
        for part in try parts[1].array(maxCount: 16) {
            subject.append(try part.text(maxLength: 256))
        }
        self.init(
            account: AccountKey(
                limit: try parts[0].text(maxLength: 256),
                subject: subject,
                period: try parts[2].text(maxLength: 256)
            ),
            amount: try parts[3].unsigned()
        )
    }

    fileprivate var cbor: CBORValue {
        .array([
            .text(account.limit), .array(account.subject.map { .text($0) }),
            .text(account.period), .unsigned(amount),
        ])
    }
}

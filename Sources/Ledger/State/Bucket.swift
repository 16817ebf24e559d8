public import CBOR

/// Where in its life a quantity stands: one column of every account and of every line of a claim.
///
/// The raw values are the words of the formats; the order is the order of the columns.
public enum Bucket: String, CaseIterable, Hashable, Sendable {
    /// Claimed, and held until the reservation runs out.
    case reserved
    /// Covered by a licence, and not shipped yet.
    case licensed
    /// Shipped, and not accepted yet.
    case inTransit = "in_transit"
    /// Accepted by the receiver.
    case delivered
    /// Missing at acceptance: shipped by the one, not received by the other.
    case shortfall
    /// Frozen while somebody contests it.
    case disputed
    /// Reported as lost.
    case lost
    /// Came back to the exporter. Final.
    case returned
    /// Destroyed or written off. Final.
    case retired
    /// Cancelled, lapsed or expired before it was shipped. Final.
    case expired
    /// Went on into another claim, by re-export or transfer. Final.
    case passedOn = "passed_on"

    /// Whether a quantity in this bucket never moves again.
    public var isFinal: Bool {
        switch self {
        case .returned, .retired, .expired, .passedOn: true
        case .reserved, .licensed, .inTransit, .delivered, .shortfall, .disputed, .lost: false
        }
    }
}

/// One number for each ``Bucket``.
///
/// As CBOR: an array in the order of the buckets, from the first; zeros at its end are left out.
public struct BucketValues: Hashable, Sendable {
    private var reserved: UInt64 = 0
    private var licensed: UInt64 = 0
    private var inTransit: UInt64 = 0
    private var delivered: UInt64 = 0
    private var shortfall: UInt64 = 0
    private var disputed: UInt64 = 0
    private var lost: UInt64 = 0
    private var returned: UInt64 = 0
    private var retired: UInt64 = 0
    private var expired: UInt64 = 0
    private var passedOn: UInt64 = 0

    /// Nothing anywhere.
    public init() {}

    /// Everything in one bucket.
    public init(_ value: UInt64, in bucket: Bucket) {
        self[bucket] = value
    }

    /// The number of a bucket.
    public subscript(bucket: Bucket) -> UInt64 {
        get {
            switch bucket {
            case .reserved: reserved
            case .licensed: licensed
            case .inTransit: inTransit
            case .delivered: delivered
            case .shortfall: shortfall
            case .disputed: disputed
            case .lost: lost
            case .returned: returned
            case .retired: retired
            case .expired: expired
            case .passedOn: passedOn
            }
        }
        set {
            switch bucket {
            case .reserved: reserved = newValue
            case .licensed: licensed = newValue
            case .inTransit: inTransit = newValue
            case .delivered: delivered = newValue
            case .shortfall: shortfall = newValue
            case .disputed: disputed = newValue
            case .lost: lost = newValue
            case .returned: returned = newValue
            case .retired: retired = newValue
            case .expired: expired = newValue
            case .passedOn: passedOn = newValue
            }
        }
    }

    /// The numbers in the order of the buckets.
    public var all: [UInt64] {
        [
            reserved, licensed, inTransit, delivered, shortfall, disputed, lost, returned, retired,
            expired, passedOn,
        ]
    }

    /// The sum; each number is below 2^52, so that it does not overflow.
    public var sum: UInt64 {
        reserved + licensed + inTransit + delivered + shortfall + disputed + lost + returned
            + retired + expired + passedOn
    }

    /// Whether every number is 0.
    public var isZero: Bool { self == BucketValues() }
}

extension BucketValues {
    /// Reads the array; each number is below `bound`.
    init(_ item: CBORItem, below bound: UInt64) throws(CBORFieldError) {
        let items = try item.array(maxCount: Bucket.allCases.count)
        self.init()
        for (bucket, item) in zip(Bucket.allCases, items) {
            self[bucket] = try item.unsigned(max: bound - 1)
        }
        // One encoding for one value.
        if items.last?.value == .unsigned(0) { throw item.error("ends in zeros") }
    }

    /// The numbers as CBOR.
    public var cbor: CBORValue {
        // A new claim has all in the first bucket.
        if reserved > 0, sum == reserved { return .array([.unsigned(reserved)]) }
        var values = all
        while values.last == 0 { values.removeLast() }
        return .array(values.map { .unsigned($0) })
    }
}

public import QuotaCrypto

/// Which states a node keeps on offer for those who join, and for how long.
///
/// States are persistent values, so holding a few old ones costs what has changed since. Times are
/// monotonic milliseconds.
public struct SnapshotShelf<Source: Sendable>: Sendable {
    /// The bounds.
    public struct Limits: Hashable, Sendable {
        /// A block that crosses a multiple of so many leaves leaves its state on offer.
        public var markLeaves: UInt64 = 1_024
        /// How many such states.
        public var marksMax = 3
        /// How many others.
        public var leasesMax = 3
        /// How long a state stays on offer after the last question about it.
        public var leaseTime: UInt64 = 600_000
        /// How long the present state stays on offer for whoever was told of it.
        public var offerTime: UInt64 = 10_000

        /// The default bounds.
        public init() {}
    }

    private struct Item: Sendable {
        let block: Digest
        let size: UInt64
        let source: Source
    }

    private let limits: Limits
    private var present: Item?
    private var marks: [Item] = []
    private var leases: [(item: Item, until: UInt64)] = []

    /// An empty shelf.
    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes note of a state that is durable: the one behind `block`, which closes a log of `size` leaves.
    public mutating func note(_ source: Source, block: Digest, size: UInt64) {
        let before = present?.size
        guard present?.block != block else { return }
        let item = Item(block: block, size: size, source: source)
        present = item
        guard before.map({ $0 / limits.markLeaves < size / limits.markLeaves }) ?? true else {
            return
        }
        marks.append(item)
        if marks.count > limits.marksMax { marks.removeFirst() }
    }

    /// What is on offer, each once; the present state stays so for a while from now on.
    public mutating func offers(now: UInt64) -> [Source] {
        leases.removeAll { $0.until < now }
        if let present, leases.count < limits.leasesMax,
            !leases.contains(where: { $0.item.block == present.block })
        {
            leases.append((present, now + limits.offerTime))
        }
        var seen: Set<Digest> = []
        return (leases.map(\.item) + marks).filter { seen.insert($0.block).inserted }
            .prefix(SnapshotOffer.countMax).map(\.source)
    }

    /// The state behind a block, which stays on offer for a while from now on; nil if it is not, or no more.
    public mutating func lease(_ block: Digest, now: UInt64) -> Source? {
        if let place = leases.firstIndex(where: { $0.item.block == block }) {
            leases[place].until = now + limits.leaseTime
            return leases[place].item.source
        }
        guard let item = marks.first(where: { $0.block == block }) else { return nil }
        if leases.count < limits.leasesMax { leases.append((item, now + limits.leaseTime)) }
        return item.source
    }
}

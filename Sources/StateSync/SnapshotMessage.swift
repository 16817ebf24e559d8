import CBOR
public import QuotaCrypto

/// A state that a node can hand over.
public struct SnapshotOffer: Hashable, Sendable {
    /// The digest of the block that the state stands behind.
    public let block: Digest
    /// The height of that block.
    public let height: UInt64
    /// The size of the log that it closes.
    public let size: UInt64
    /// Into how many slots to divide the map, as a power of two; a piece of advice.
    public let bits: Int

    /// The most bits of an offer.
    public static let bitsMax = 12
    /// The most offers of one answer.
    public static let countMax = 8

    /// An offer of the state behind a block.
    public init(block: Digest, height: UInt64, size: UInt64, bits: Int) {
        self.block = block
        self.height = height
        self.size = size
        self.bits = bits
    }
}

/// What a node that joins asks of another one.
public enum SnapshotRequest: Hashable, Sendable {
    /// Which states it can hand over.
    case offers
    /// What proves the state behind a block.
    case head(block: Digest)
    /// The part of that state's map around a path, with at least so many bits.
    case chunk(block: Digest, path: Digest, bits: Int)
    /// The 256 leaves, or what is left of them, from a multiple of 256 on, with their way up to the
    /// root of the log of that size.
    case history(first: UInt64, size: UInt64)

    /// The most bytes of an encoded request.
    public static let byteCountMax = 128

    /// The wire form: `[id, 0]`, `[id, 1, block]`, `[id, 2, block, path, bits]` or `[id, 3, first, size]`.
    public func encoded(id: UInt64) -> [UInt8] {
        let items: [CBORValue] =
            switch self {
            case .offers: [.unsigned(0)]
            case .head(let block): [.unsigned(1), .bytes(block.bytes)]
            case .chunk(let block, let path, let bits):
                [.unsigned(2), .bytes(block.bytes), .bytes(path.bytes), .unsigned(UInt64(bits))]
            case .history(let first, let size): [.unsigned(3), .unsigned(first), .unsigned(size)]
            }
        return CBORValue.array([.unsigned(id)] + items).encoded()
    }

    /// A request from its wire form; nil if it is none.
    public static func decode(_ bytes: [UInt8]) -> (id: UInt64, request: SnapshotRequest)? {
        let limits = CBORLimits(byteCountMax: byteCountMax, depthMax: 2, itemCountMax: 8)
        guard let value = try? CBORValue.decode(bytes, limits: limits),
            let items = try? CBORItem(value).array(maxCount: 5), items.count >= 2,
            let id = try? items[0].unsigned(), let kind = try? items[1].unsigned()
        else { return nil }
        switch (kind, items.count) {
        case (0, 2): return (id, .offers)
        case (1, 3): return (try? items[2].digest()).map { (id, .head(block: $0)) }
        case (2, 5):
            guard let block = try? items[2].digest(), let path = try? items[3].digest(),
                let bits = try? items[4].unsigned(max: UInt64(SnapshotOffer.bitsMax))
            else { return nil }
            return (id, .chunk(block: block, path: path, bits: Int(bits)))
        case (3, 4):
            guard let first = try? items[2].unsigned(max: 1 << 62),
                let size = try? items[3].unsigned(max: 1 << 62)
            else { return nil }
            return (id, .history(first: first, size: size))
        default: return nil
        }
    }
}

/// What a node answers to a `SnapshotRequest`.
public enum SnapshotAnswer: Hashable, Sendable {
    /// The states that it can hand over.
    case offers([SnapshotOffer])
    /// An encoded `SnapshotHead`, `MapChunk` or `HistoryPart`, whichever was asked for.
    case part([UInt8])
    /// It does not have what was asked for, or no longer.
    case absent

    /// The most bytes of an encoded answer.
    public static let byteCountMax = SnapshotHead.byteCountMax + 64

    /// The wire form: `[id, 0, [* [block, height, size, bits]]]`, `[id, 1, part]` or `[id, 2]`.
    public func encoded(id: UInt64) -> [UInt8] {
        let items: [CBORValue] =
            switch self {
            case .offers(let offers):
                [
                    .unsigned(0),
                    .array(
                        offers.map {
                            .array([
                                .bytes($0.block.bytes), .unsigned($0.height), .unsigned($0.size),
                                .unsigned(UInt64($0.bits)),
                            ])
                        }
                    ),
                ]
            case .part(let bytes): [.unsigned(1), .bytes(bytes)]
            case .absent: [.unsigned(2)]
            }
        return CBORValue.array([.unsigned(id)] + items).encoded()
    }

    /// An answer from its wire form; nil if it is none.
    public static func decode(_ bytes: [UInt8]) -> (id: UInt64, answer: SnapshotAnswer)? {
        let limits = CBORLimits(byteCountMax: byteCountMax, depthMax: 4, itemCountMax: 64)
        guard let value = try? CBORValue.decode(bytes, limits: limits),
            let items = try? CBORItem(value).array(maxCount: 3), items.count >= 2,
            let id = try? items[0].unsigned(), let kind = try? items[1].unsigned()
        else { return nil }
        switch (kind, items.count) {
        case (0, 3): return (try? offers(items[2])).map { (id, .offers($0)) }
        case (1, 3):
            return (try? items[2].bytes(maxCount: SnapshotHead.byteCountMax))
                .map { (id, .part($0)) }
        case (2, 2): return (id, .absent)
        default: return nil
        }
    }

    private static func offers(_ item: CBORItem) throws(CBORFieldError) -> [SnapshotOffer] {
        var offers: [SnapshotOffer] = []
        for item in try item.array(maxCount: SnapshotOffer.countMax) {
            let items = try item.array(count: 4)
            offers.append(
                SnapshotOffer(
                    block: try items[0].digest(),
                    height: try items[1].unsigned(max: 1 << 62),
                    size: try items[2].unsigned(max: 1 << 62),
                    bits: Int(try items[3].unsigned(max: UInt64(SnapshotOffer.bitsMax)))
                )
            )
        }
        return offers
    }
}

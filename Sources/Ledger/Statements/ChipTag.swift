import CBOR

/// A keyed tag of one chip: 16 bytes that say nothing about it to whoever lacks the key.
///
/// The first 16 bytes of BLAKE2b of `vendor:serial` under a key that members share off the ledger.
/// The same chip gives the same tag, so that the ledger sees a chip that is claimed twice.
public struct ChipTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of bytes of a tag.
    public static let byteCount = 16
    /// The most tags of one statement.
    public static let countMax = 3_500

    private let high: UInt64
    private let low: UInt64

    /// A tag of exactly 16 bytes, or nil.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(bytes[...])
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// In the order of the bytes.
    public static func < (left: ChipTag, right: ChipTag) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension ChipTag {
    /// Reads tags that stand one after the other in a byte string, ascending.
    static func list(_ item: CBORItem) throws(CBORFieldError) -> [ChipTag] {
        let bytes = try item.bytes(maxCount: countMax * byteCount)
        guard !bytes.isEmpty, bytes.count.isMultiple(of: byteCount) else {
            throw item.error("expected tags of \(byteCount) bytes each")
        }
        var tags: [ChipTag] = []
        tags.reserveCapacity(bytes.count / byteCount)
        for start in stride(from: 0, to: bytes.count, by: byteCount) {
            let tag = ChipTag(bytes[start..<(start + byteCount)])
            guard tags.last.map({ $0 < tag }) ?? true else {
                throw item.error("tags must ascend, each once")
            }
            tags.append(tag)
        }
        return tags
    }

    /// Tags as a byte string, or nil for none.
    static func cbor(_ tags: [ChipTag]) -> CBORValue? {
        tags.isEmpty ? nil : .bytes(tags.sorted().flatMap(\.bytes))
    }
}

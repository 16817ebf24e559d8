import CBOR
import Ledger
import MerkleLog
public import QuotaCrypto

/// Up to 256 leaves from a multiple of 256 on, with what proves them under the root of a log.
///
/// Wire form, deterministic CBOR: `[[+ leaf: bstr], [* bstr32]]`. A whole hash tile of leaves is proven
/// by the way from its root to the log's; the last, broken one by the hashes that the snapshot's edge
/// holds, and needs no way.
public struct HistoryPart: Hashable, Sendable {
    /// The leaves.
    public let leaves: [[UInt8]]
    /// The siblings from the tile's own upward.
    public let path: [Digest]

    /// The leaves of a whole tile.
    public static let width: UInt64 = 256
    /// The most bytes of an encoded part.
    public static let byteCountMax = 4 << 20

    /// A part as received; nothing is checked until `verify`.
    public init(leaves: [[UInt8]], path: [Digest]) {
        self.leaves = leaves
        self.path = path
    }

    /// The one encoding of the part.
    public func encoded() -> [UInt8] {
        CBORValue.array([
            .array(leaves.map { .bytes($0) }), .array(path.map { .bytes($0.bytes) }),
        ]).encoded()
    }

    /// A part from its one encoding.
    ///
    /// - Throws: `SnapshotError` that names the field.
    public static func decode(_ bytes: [UInt8]) throws(SnapshotError) -> HistoryPart {
        let limits = CBORLimits(byteCountMax: byteCountMax, depthMax: 3, itemCountMax: 512)
        do {
            let items = try CBORItem(try CBORValue.decode(bytes, limits: limits)).array(count: 2)
            var leaves: [[UInt8]] = []
            for item in try items[0].array(maxCount: Int(width)) {
                leaves.append(try item.bytes(maxCount: Statement.maximumBytes))
            }
            return HistoryPart(leaves: leaves, path: try items[1].digests(maxCount: 64))
        } catch {
            throw SnapshotError("history", "\(error)")
        }
    }

    /// Checks that these are the leaves from `first` on of the log with a root.
    ///
    /// - Parameters:
    ///   - first: A multiple of 256.
    ///   - size: The size of the log.
    ///   - root: Its root.
    ///   - edge: The hashes of the leaves from the last multiple of 256 up to `size`.
    /// - Returns: The leaves' hashes.
    /// - Throws: `SnapshotError` that says what does not hold.
    @discardableResult
    public func verify(
        first: UInt64,
        size: UInt64,
        root: Digest,
        edge: [Digest]
    ) throws(SnapshotError) -> [Digest] {
        let hashes = leaves.map { TreeHash.leaf($0) }
        guard first < size, first % Self.width == 0,
            UInt64(hashes.count) == min(Self.width, size - first)
        else { throw SnapshotError("history", "it does not hold the leaves asked for") }
        guard UInt64(hashes.count) == Self.width else {
            guard hashes == edge, path.isEmpty else {
                throw SnapshotError("history", "the last leaves are others")
            }
            return hashes
        }
        let top = Self.fold(hashes[...])
        guard Self.root(top, tile: first >> 8, last: (size - 1) >> 8, path) == root else {
            throw SnapshotError("history", "the leaves from \(first) on do not lead to the root")
        }
        return hashes
    }

    /// The root of a complete subtree over 2^k hashes.
    static func fold(_ hashes: ArraySlice<Digest>) -> Digest {
        var row = Array(hashes)
        while row.count > 1 {
            row = stride(from: 0, to: row.count - 1, by: 2).map {
                TreeHash.node(row[$0], row[$0 + 1])
            }
        }
        return row.first ?? TreeHash.empty
    }

    /// Where the way from a tile leads; nil if its length is impossible (RFC 9162 2.1.3.2).
    private static func root(
        _ top: Digest,
        tile: UInt64,
        last: UInt64,
        _ path: [Digest]
    ) -> Digest? {
        var (hash, number, end) = (top, tile, last)
        for sibling in path {
            guard end > 0 else { return nil }
            if number & 1 == 1 || number == end {
                hash = TreeHash.node(sibling, hash)
                while number & 1 == 0, number > 0 { (number, end) = (number >> 1, end >> 1) }
            } else {
                hash = TreeHash.node(hash, sibling)
            }
            (number, end) = (number >> 1, end >> 1)
        }
        return end == 0 ? hash : nil
    }
}

import CBOR
public import MerkleLog
import QuotaCrypto

/// A tile as the entries say it must be.
public struct AuditedTile: Hashable, Sendable {
    /// The tile's name.
    public let path: TilePath
    /// The tile's bytes.
    public let bytes: [UInt8]

    /// Compares the tile that a log serves.
    ///
    /// - Parameter served: The bytes served under `path`, or those of the full tile where the
    ///   partial one is gone.
    /// - Throws: `VerificationFailure` of kind `tileMismatch`.
    public func check(_ served: [UInt8]) throws(VerificationFailure) {
        let fullCount = TilePath.fullWidth * Digest.byteCount
        let isReplaced = path.isPartial && served.count == fullCount
        guard served == bytes || (isReplaced && served.starts(with: bytes)) else {
            throw VerificationFailure(
                .tileMismatch,
                "\(path) is not what the entries hash to"
            )
        }
    }
}

/// Makes every tile of a log from its leaf hashes, keeping one unfinished tile a level.
struct TileRows: Hashable, Sendable {
    private struct Row: Hashable {
        var index: UInt64 = 0
        var hashes: [Digest] = []
    }

    private var rows: [Row] = []

    /// Adds a leaf; gives the tiles that are full now, lowest level first.
    mutating func append(_ leafHash: Digest) -> [AuditedTile] {
        var full: [AuditedTile] = []
        var hash = leafHash
        for level in 0..<8 {
            if level == rows.count { rows.append(Row()) }
            rows[level].hashes.append(hash)
            guard rows[level].hashes.count == TilePath.fullWidth else { break }
            if let tile = tile(level) { full.append(tile) }
            hash = Self.root(of: rows[level].hashes)
            rows[level].index += 1
            rows[level].hashes = []
        }
        return full
    }

    /// The tiles that are not full, lowest level first.
    var partial: [AuditedTile] {
        rows.indices.compactMap { rows[$0].hashes.isEmpty ? nil : tile($0) }
    }

    private func tile(_ level: Int) -> AuditedTile? {
        let row = rows[level]
        guard
            let path = TilePath(.hashes(level: level), index: row.index, width: row.hashes.count)
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(row.hashes.count * Digest.byteCount)
        for hash in row.hashes { hash.append(to: &bytes) }
        return AuditedTile(path: path, bytes: bytes)
    }

    private static func root(of hashes: [Digest]) -> Digest {
        var tree = CompactTree()
        for hash in hashes { tree.append(hash) }
        return tree.root
    }
}

extension TileRows {
    /// The unfinished tiles as CBOR: `[[index, [* bstr32]]]`, lowest level first.
    var cbor: CBORValue {
        .array(
            rows.map { row in
                .array([
                    .unsigned(row.index), .array(row.hashes.map { .bytes($0.bytes) }),
                ])
            }
        )
    }

    /// Unfinished tiles as `cbor` gave them.
    init(_ item: CBORItem) throws(CBORFieldError) {
        for item in try item.array(maxCount: 8) {
            let parts = try item.array(count: 2)
            var row = Row(index: try parts[0].unsigned(max: 1 << 56))
            for hash in try parts[1].array(maxCount: TilePath.fullWidth - 1) {
                guard let digest = Digest(try hash.bytes(count: Digest.byteCount)) else {
                    throw hash.error("expected a hash")
                }
                row.hashes.append(digest)
            }
            rows.append(row)
        }
        for (level, row) in rows.enumerated() where level > 0 {
            let below = rows[level - 1].index
            guard below >> 8 == row.index, below & 0xFF == UInt64(row.hashes.count) else {
                throw item.error("expected levels that fit each other")
            }
        }
    }

    /// The hash of the last leaf, if its tile is not full.
    var lastLeaf: Digest? { rows.first?.hashes.last }

    /// The tree that the tiles are of.
    var tree: CompactTree {
        var size: UInt64 = 0
        var peaks: [Digest] = []
        for (level, row) in rows.enumerated().reversed() {
            var part = CompactTree()
            for hash in row.hashes { part.append(hash) }
            peaks += part.peaks
            size += UInt64(row.hashes.count) << UInt64(8 * level)
        }
        return CompactTree(size: size, peaks: peaks) ?? CompactTree()
    }
}

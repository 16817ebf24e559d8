public import QuotaCrypto

/// Gives the bytes of tiles by name: a folder, a cache, answers from a node.
public protocol TileSource {
    /// The bytes of the tile; where the partial tile is gone, those of the full one may be given.
    func tile(_ path: TilePath) throws -> [UInt8]
}

/// Reads complete subtree hashes out of a log's tiles, so that a client can make its own proofs.
///
/// The hashes are as good as the tiles: check every proof against a signed root.
public struct TileSubtreeSource<Tiles: TileSource>: SubtreeSource {
    /// The tree size that the tiles are read for; it decides the width of partial tiles.
    public let size: UInt64
    /// Where the tiles come from.
    public let tiles: Tiles

    /// A reader of the tiles of the tree of `size` leaves.
    public init(size: UInt64, tiles: Tiles) {
        self.size = size
        self.tiles = tiles
    }

    /// The hash of a complete subtree, folded from at most 128 hashes of one tile.
    ///
    /// - Throws: `SubtreeUnavailable` if it reaches beyond `size`, `TileError` if a tile's length
    ///   is wrong, or what the tiles' source throws.
    public func hash(level: Int, index: UInt64) throws -> Digest {
        guard (0..<UInt64.bitWidth).contains(level), index < size >> level else {
            throw SubtreeUnavailable(level: level, index: index)
        }
        let height = level % 8
        let first = index << height
        let content = TilePath.Content.hashes(level: level / 8)
        guard let path = TilePath(content, index: first >> 8, size: size) else {
            throw SubtreeUnavailable(level: level, index: index)
        }
        var row = try hashes(path)[...].dropFirst(Int(first & 0xff)).prefix(1 << height)
        for _ in 0..<height { row = Self.parents(of: row)[...] }
        guard let hash = row.first else { throw SubtreeUnavailable(level: level, index: index) }
        return hash
    }

    private func hashes(_ path: TilePath) throws -> [Digest] {
        let bytes = try tiles.tile(path)
        let isFull = bytes.count == TilePath.fullWidth * Digest.byteCount
        return try Tile.hashes(isFull ? path.full : path, in: bytes)
    }

    private static func parents(of row: ArraySlice<Digest>) -> [Digest] {
        stride(from: row.startIndex, to: row.endIndex - 1, by: 2).map {
            TreeHash.node(row[$0], row[$0 + 1])
        }
    }
}

public import QuotaCrypto

/// Contents of hash tiles: up to 256 hashes of 32 bytes, one after the other.
///
/// Source: C2SP tlog-tiles v0.1.0.
public enum Tile {
    /// The bytes of a hash tile.
    ///
    /// - Parameters:
    ///   - path: a tile of hashes; the source must cover it.
    ///   - source: complete subtree hashes.
    /// - Returns: 32 bytes for each item.
    /// - Throws: `TileError.notHashes` for an entry bundle, or what the source throws.
    public static func bytes(_ path: TilePath, from source: some SubtreeSource) throws -> [UInt8] {
        guard case .hashes(let level) = path.content, level < 8 else {
            throw TileError.notHashes(path)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.width * Digest.byteCount)
        for item in path.firstItem..<path.firstItem + UInt64(path.width) {
            try source.hash(level: 8 * level, index: item).append(to: &bytes)
        }
        return bytes
    }

    /// The hashes in a tile's bytes.
    ///
    /// - Throws: `TileError.byteCount` unless there are exactly 32 bytes for each item.
    public static func hashes(_ path: TilePath, in bytes: [UInt8]) throws(TileError) -> [Digest] {
        let expected = path.width * Digest.byteCount
        guard bytes.count == expected else {
            throw .byteCount(path, expected: expected, actual: bytes.count)
        }
        return stride(from: 0, to: expected, by: Digest.byteCount).compactMap {
            Digest(bytes[$0..<$0 + Digest.byteCount])
        }
    }
}

/// Why a tile or an entry bundle was refused.
public enum TileError: Error, Hashable, CustomStringConvertible {
    /// A hash tile was expected, at a level that a 64-bit tree can have (0 to 7).
    case notHashes(TilePath)
    /// The tile has a length other than 32 bytes for each hash.
    case byteCount(TilePath, expected: Int, actual: Int)
    /// The bundle ends inside entry `entry` (counted from 0).
    case truncatedEntry(Int)
    /// Bytes follow the bundle's last entry.
    case trailingBytes(Int)
    /// An entry is longer than 65,535 bytes.
    case entryTooLong(Int)
    /// A bundle has no entries or more than 256.
    case entryCount(Int)

    /// A sentence that says what was expected and what came.
    public var description: String {
        switch self {
        case .notHashes(let path): "\(path) is not a tile of hashes of a 64-bit tree"
        case .byteCount(let path, let expected, let actual):
            "\(path) must have \(expected) bytes, but has \(actual)"
        case .truncatedEntry(let entry): "the bundle ends inside entry \(entry)"
        case .trailingBytes(let count): "\(count) bytes follow the bundle's last entry"
        case .entryTooLong(let count): "an entry has \(count) bytes, the limit is 65535"
        case .entryCount(let count): "a bundle has 1 to 256 entries, not \(count)"
        }
    }
}

import MerkleLog
import QuotaCrypto

/// The growing right edge of the tree: the hashes of the last tile of each level.
///
/// A tile of level L holds up to 256 hashes of complete subtrees of 256^L leaves. A full tile leaves
/// the edge, is stored, and becomes one hash of the level above.
struct TileEdge: Sendable {
    /// One tile to store, full or not.
    struct Change {
        var level: Int
        var number: UInt64
        var hashes: [Digest]
    }

    static let width = TilePath.fullWidth

    /// Leaves in the tree.
    private(set) var size: UInt64 = 0

    /// Hashes of the last, not full, tile of each level.
    private(set) var levels: [[Digest]] = [[]]

    init() {}

    /// An edge as stored: `levels[L]` must have as many hashes as `size` demands.
    init?(size: UInt64, levels: [[Digest]]) {
        let counts = TileEdge.counts(size: size)
        guard levels.map(\.count) == counts else { return nil }
        self.size = size
        self.levels = levels
    }

    /// How many hashes the last tile of each level holds in a tree of `size` leaves.
    static func counts(size: UInt64) -> [Int] {
        var counts: [Int] = []
        var rest = size
        repeat {
            counts.append(Int(rest % UInt64(width)))
            rest /= UInt64(width)
        } while rest > 0
        return counts
    }

    /// Appends leaf hashes; returns every tile that became full or, above level 0, grew.
    mutating func append(_ hashes: some Sequence<Digest>) -> [Change] {
        var full: [Change] = []
        var grown: Set<Int> = []
        for hash in hashes {
            var carry = hash
            var level = 0
            size += 1
            while true {
                if level == levels.count { levels.append([]) }
                levels[level].append(carry)
                guard levels[level].count == TileEdge.width else { break }
                full.append(
                    Change(level: level, number: number(level) - 1, hashes: levels[level])
                )
                carry = TileEdge.fold(levels[level][...])
                levels[level].removeAll(keepingCapacity: true)
                level += 1
            }
            if level > 0 { grown.insert(level) }
        }
        let partial = grown.sorted().filter { !levels[$0].isEmpty }.map {
            Change(level: $0, number: number($0), hashes: levels[$0])
        }
        return full + partial
    }

    /// Number of the last, not full, tile of `level`.
    private func number(_ level: Int) -> UInt64 {
        size >> UInt64(8 * (level + 1))
    }

    /// Root of a complete subtree over 2^k hashes.
    static func fold(_ hashes: ArraySlice<Digest>) -> Digest {
        guard hashes.count > 1 else { return hashes.first ?? TreeHash.empty }
        var row = Array(hashes)
        while row.count > 1 {
            row = stride(from: 0, to: row.count - 1, by: 2).map {
                TreeHash.node(row[$0], row[$0 + 1])
            }
        }
        return row[0]
    }
}

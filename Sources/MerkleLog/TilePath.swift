/// The name of one tile or entry bundle of a log.
///
/// Text form, without a leading slash: `tile/<L>/<N>[.p/<W>]` for hashes and
/// `tile/entries/<N>[.p/<W>]` for entries, with N in groups of three digits, all but the last
/// marked by `x`. Source: C2SP tlog-tiles v0.1.0.
public struct TilePath: Hashable, Sendable, CustomStringConvertible {
    /// What a tile holds.
    public enum Content: Hashable, Sendable {
        /// Hashes of complete subtrees of 256^level leaves; level is 0 to 63.
        case hashes(level: Int)
        /// The log's entries.
        case entries
    }

    /// The number of items in a full tile.
    public static let fullWidth = 256
    /// The highest level that has a name.
    public static let levelMax = 63

    /// Hashes at a level, or entries.
    public let content: Content
    /// The tile's number at its level.
    public let index: UInt64
    /// The number of items: 256 for a full tile, 1 to 255 for a partial one.
    public let width: Int

    /// A tile's name; nil if the level, the width or the number is out of range.
    ///
    /// The number may be at most 2^56 - 1, so that no leaf index overflows 64 bits.
    public init?(_ content: Content, index: UInt64, width: Int = TilePath.fullWidth) {
        if case .hashes(let level) = content, !(0...Self.levelMax).contains(level) { return nil }
        guard index < 1 << 56, (1...Self.fullWidth).contains(width) else { return nil }
        self.content = content
        self.index = index
        self.width = width
    }

    /// Whether the tile holds entries rather than hashes.
    public var isEntries: Bool { content == .entries }

    /// The tile's level; entries lie below the hashes of level 0 and share its numbering.
    public var level: Int {
        switch content {
        case .hashes(let level): level
        case .entries: 0
        }
    }

    /// Whether the tile has fewer than 256 items.
    public var isPartial: Bool { width < Self.fullWidth }

    /// The number of the first item: of a leaf, or of a subtree at tree level 8 * `level`.
    public var firstItem: UInt64 { index << 8 }

    /// Whether a tree of `size` leaves has every item of this tile.
    public func isCovered(bySize size: UInt64) -> Bool {
        firstItem + UInt64(width) <= size >> (8 * level)
    }

    /// The full tile that replaces this one when the tree has grown.
    public var full: TilePath { TilePath(unchecked: content, index: index, width: Self.fullWidth) }

    private init(unchecked content: Content, index: UInt64, width: Int) {
        self.content = content
        self.index = index
        self.width = width
    }

    /// The widest tile with this number in a tree of `size` leaves; nil if it would be empty.
    public init?(_ content: Content, index: UInt64, size: UInt64) {
        guard let full = TilePath(content, index: index) else { return nil }
        let count = size >> (8 * full.level)
        guard full.firstItem < count else { return nil }
        let width = min(count - full.firstItem, UInt64(Self.fullWidth))
        self.init(unchecked: content, index: index, width: Int(width))
    }

    /// Every tile that a tree of `size` leaves is made of, the widest of each, lowest level first.
    ///
    /// The list has about `size` / 255 names.
    public static func hashTiles(size: UInt64) -> [TilePath] {
        var paths: [TilePath] = []
        for level in 0...levelMax {
            let count = size >> (8 * level)
            guard count > 0 else { break }
            for index in 0...((count - 1) >> 8) {
                if let path = TilePath(.hashes(level: level), index: index, size: size) {
                    paths.append(path)
                }
            }
        }
        return paths
    }
}

/// Entry bundles: up to 256 entries, each after its length in two bytes, big-endian.
///
/// Source: C2SP tlog-tiles v0.1.0.
public enum EntryBundle {
    /// The longest entry that a bundle can carry.
    public static let entryBytesMax = 65_535

    /// The bytes of a bundle.
    ///
    /// - Parameter entries: 1 to 256 entries of at most 65,535 bytes.
    /// - Returns: the entries, each after its length.
    /// - Throws: `TileError` if there are too many, none, or one is too long.
    public static func encode(_ entries: [[UInt8]]) throws(TileError) -> [UInt8] {
        guard (1...TilePath.fullWidth).contains(entries.count) else {
            throw .entryCount(entries.count)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + 2 + $1.count })
        for entry in entries {
            guard entry.count <= entryBytesMax else { throw .entryTooLong(entry.count) }
            bytes.append(UInt8(entry.count >> 8))
            bytes.append(UInt8(entry.count & 0xff))
            bytes += entry
        }
        return bytes
    }

    /// The entries in a bundle's bytes.
    ///
    /// - Parameters:
    ///   - bytes: exactly one bundle.
    ///   - count: the number of entries, which the tile's width tells.
    /// - Returns: the entries, in order.
    /// - Throws: `TileError` if an entry is cut off, or bytes are left over.
    public static func decode(_ bytes: [UInt8], count: Int) throws(TileError) -> [[UInt8]] {
        guard (1...TilePath.fullWidth).contains(count) else { throw .entryCount(count) }
        var entries: [[UInt8]] = []
        entries.reserveCapacity(count)
        var rest = bytes[...]
        for entry in 0..<count {
            guard let high = rest.popFirst(), let low = rest.popFirst() else {
                throw .truncatedEntry(entry)
            }
            let length = Int(high) << 8 | Int(low)
            guard rest.count >= length else { throw .truncatedEntry(entry) }
            entries.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty else { throw .trailingBytes(rest.count) }
        return entries
    }
}

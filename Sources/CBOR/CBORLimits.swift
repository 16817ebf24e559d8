/// Bounds that a decoder enforces before it allocates.
public struct CBORLimits: Hashable, Sendable {
    /// The most bytes an encoding may have.
    public let byteCountMax: Int
    /// The deepest nesting: 1 allows a single item without children.
    ///
    /// At most 64.
    public let depthMax: Int
    /// The most data items in total; a map pair counts as two, a tag and its content as two.
    public let itemCountMax: Int

    /// Bounds of your own.
    public init(byteCountMax: Int, depthMax: Int, itemCountMax: Int) {
        precondition(depthMax <= 64, "the decoder descends at most 64 levels")
        self.byteCountMax = byteCountMax
        self.depthMax = depthMax
        self.itemCountMax = itemCountMax
    }

    /// For one entry of the log: 65,535 bytes, 16 levels, 16,384 items.
    public static let statement = CBORLimits(
        byteCountMax: 65_535,
        depthMax: 16,
        itemCountMax: 16_384
    )

    /// For messages that carry many entries: 16 MiB, 16 levels, 262,144 items.
    public static let message = CBORLimits(
        byteCountMax: 16 << 20,
        depthMax: 16,
        itemCountMax: 262_144
    )
}

/// The bounds of one block.
public enum BlockLimits {
    /// The most statements of a block.
    public static let statementCountMax = 2_000
    /// The most bytes of all statements of a block together.
    public static let statementBytesMax = 1 << 20
    /// The most bytes of an encoded header.
    public static let headerBytesMax = 1_024
    /// The most bytes of an encoded block: the statements, a head each, header and checkpoint.
    public static let blockBytesMax = statementBytesMax + 16 * 1_024
}

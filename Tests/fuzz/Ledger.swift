/// Stands in for the module of the same name: the one bound of its statements that decoders need.
public enum Statement {
    /// The most bytes of one.
    public static let maximumBytes = 65_535
}

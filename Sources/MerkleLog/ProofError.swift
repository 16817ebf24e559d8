/// Why a proof was refused.
///
/// Every case is found before or without trusting any byte of the proof.
public enum ProofError: Error, Hashable, CustomStringConvertible {
    /// The leaf's index is not below the tree's size.
    case indexOutOfRange(index: UInt64, size: UInt64)
    /// The older tree is larger than the newer one.
    case sizesReversed(old: UInt64, new: UInt64)
    /// The path does not have the one length that the sizes allow.
    case pathLength(expected: Int, actual: Int)
    /// The path does not lead to the newer (or only) root.
    case rootMismatch
    /// The path does not lead to the older root.
    case oldRootMismatch

    /// A sentence that says what was expected and what came.
    public var description: String {
        switch self {
        case .indexOutOfRange(let index, let size):
            "leaf index \(index) is not inside a tree of size \(size)"
        case .sizesReversed(let old, let new):
            "the older size \(old) is larger than the newer size \(new)"
        case .pathLength(let expected, let actual):
            "the proof path must have \(expected) hashes, but has \(actual)"
        case .rootMismatch:
            "the proof path does not lead to the root"
        case .oldRootMismatch:
            "the proof path does not lead to the older root"
        }
    }
}

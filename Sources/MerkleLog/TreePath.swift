/// The shape of a path from one leaf to the root, from index and size alone.
///
/// Below `inner` levels the path runs inside the smallest subtree that holds both the leaf and the
/// tree's right edge; above it, only complete left siblings remain, one for each set bit.
struct TreePath {
    /// The number of siblings inside that subtree.
    let inner: Int
    /// The number of complete left siblings above it.
    let border: Int

    /// The path of leaf `index` in a tree of `size` leaves; the caller has checked `index < size`.
    init(index: UInt64, size: UInt64) {
        precondition(index < size, "a path needs a leaf inside the tree")
        inner = UInt64.bitWidth - (index ^ (size - 1)).leadingZeroBitCount
        border = (index >> inner).nonzeroBitCount
    }

    /// The exact number of hashes in the inclusion path.
    var length: Int { inner + border }
}

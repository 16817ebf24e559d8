import MerkleLog
import QuotaCrypto
import TestSupport

/// The tree as RFC 9162 section 2.1 defines it: recursive, on plain lists, sharing no code with the
/// product but the hash function.
enum NaiveTree {
    static func leafHash(_ bytes: [UInt8]) -> Digest { SHA256.hash([0] + bytes) }

    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard let first = leaves.first else { return SHA256.hash([]) }
        guard leaves.count > 1 else { return first }
        let (left, right) = split(leaves)
        return join(root(left), root(right))
    }

    /// PATH(m, D[n]) of section 2.1.3.1.
    static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let (left, right) = split(leaves)
        return index < left.count
            ? path(index, left) + [root(right)]
            : path(index - left.count, right) + [root(left)]
    }

    /// PROOF(m, D[n]) of section 2.1.4.1.
    static func proof(_ size: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        size == 0 || size == leaves.count ? [] : subproof(size, leaves, isWhole: true)
    }

    private static func subproof(
        _ size: Int,
        _ leaves: ArraySlice<Digest>,
        isWhole: Bool
    ) -> [Digest] {
        guard size < leaves.count else { return isWhole ? [] : [root(leaves)] }
        let (left, right) = split(leaves)
        return size <= left.count
            ? subproof(size, left, isWhole: isWhole) + [root(right)]
            : subproof(size - left.count, right, isWhole: false) + [root(left)]
    }

    private static func join(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.hash([1] + left.bytes + right.bytes)
    }

    private static func split(
        _ leaves: ArraySlice<Digest>
    ) -> (ArraySlice<Digest>, ArraySlice<Digest>) {
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        return (leaves.prefix(half), leaves.dropFirst(half))
    }
}

/// Leaf hashes that differ, the same on every run.
func sampleLeaves(_ count: Int) -> [Digest] {
    (0..<count).map { TreeHash.leaf(Array("leaf \($0)".utf8)) }
}

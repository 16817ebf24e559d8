import QuotaCrypto

/// A subtree: nothing, one leaf lifted to the highest place where it is alone, or two halves.
///
/// Nodes never change, so versions of a map share what they have in common.
enum MapNode: Sendable {
    case empty
    case leaf(MapLeaf)
    case inner(MapInner)

    /// The subtree's hash.
    func hash(_ hasher: MapHasher) -> Digest {
        switch self {
        case .empty: hasher.empty
        case .leaf(let leaf): leaf.hash
        case .inner(let inner): inner.hash
        }
    }
}

/// One key with its value.
final class MapLeaf: Sendable {
    let hash: Digest
    let path: Digest
    let key: [UInt8]
    let value: [UInt8]

    init(path: Digest, key: [UInt8], value: [UInt8], hasher: MapHasher) {
        hash = hasher.leaf(path: path, valueHash: SHA256.hash(value))
        self.path = path
        self.key = key
        self.value = value
    }
}

/// Two halves, which together hold at least two keys.
final class MapInner: Sendable {
    let hash: Digest
    let left: MapNode
    let right: MapNode

    init(left: MapNode, right: MapNode, hasher: MapHasher) {
        hash = hasher.inner(left.hash(hasher), right.hash(hasher))
        self.left = left
        self.right = right
    }

    /// The half that a path goes into at this node's depth.
    func child(_ bit: Bool) -> MapNode { bit ? right : left }
}

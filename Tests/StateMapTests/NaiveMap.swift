import QuotaCrypto

/// The map's root as formats.md section 3 defines it: recursive, on a plain list of pairs, sharing no
/// code with the product but the hash function.
struct NaiveMap {
    let leafPrefix: [UInt8]
    let innerPrefix: [UInt8]
    let empty: [UInt8]

    static let jellyfish = NaiveMap(
        leafPrefix: Array("JMT::LeafNode".utf8),
        innerPrefix: Array("JMT::IntrnalNode".utf8),
        empty: Array("SPARSE_MERKLE_PLACEHOLDER_HASH__".utf8)
    )

    func root(_ pairs: [[UInt8]: [UInt8]]) -> [UInt8] {
        root(pairs.map { (SHA256.hash($0.key).bytes, SHA256.hash($0.value).bytes) }, depth: 0)
    }

    private func root(_ leaves: [(path: [UInt8], value: [UInt8])], depth: Int) -> [UInt8] {
        guard let first = leaves.first else { return empty }
        guard leaves.count > 1 else {
            return SHA256.hash(leafPrefix + first.path + first.value).bytes
        }
        func isRight(_ path: [UInt8]) -> Bool { path[depth / 8] >> (7 - depth % 8) & 1 == 1 }
        let left = root(leaves.filter { !isRight($0.path) }, depth: depth + 1)
        let right = root(leaves.filter { isRight($0.path) }, depth: depth + 1)
        return SHA256.hash(innerPrefix + left + right).bytes
    }
}

/// A key that differs for each number.
func sampleKey(_ number: Int) -> [UInt8] { Array("key \(number)".utf8) }

import CBOR
import QuotaCrypto

/// Siblings on a way to the root as they travel: how many, which of them are empty, and the others.
///
/// Bit i of the bitmap (most significant first) is set if sibling i is empty and left out of the
/// list; spare bits are 0. Siblings stand leaf side first.
struct MapSiblings {
    let depth: CBORValue
    let bitmap: CBORValue
    let list: CBORValue

    /// The three fields as received; nothing is checked until `decoded`.
    init(depth: CBORValue, bitmap: CBORValue, list: CBORValue) {
        self.depth = depth
        self.bitmap = bitmap
        self.list = list
    }

    /// The three fields that stand for `siblings`; nil is an empty subtree.
    init(_ siblings: [Digest?]) {
        var bits = [UInt8](repeating: 0, count: (siblings.count + 7) / 8)
        for index in siblings.indices where siblings[index] == nil {
            bits[index / 8] |= 0x80 >> UInt8(index % 8)
        }
        depth = .unsigned(UInt64(siblings.count))
        bitmap = .bytes(bits)
        list = .array(siblings.compactMap { $0.map { .bytes($0.bytes) } })
    }

    /// The siblings.
    ///
    /// - Throws: `MapProofError` that names the field.
    func decoded(empty: Digest) throws(MapProofError) -> [Digest?] {
        guard let depth = depth.unsignedValue, depth <= UInt64(MapProof.depthMax) else {
            throw .malformed(field: "depth", problem: "expected 0 to \(MapProof.depthMax)")
        }
        let count = Int(depth)
        guard let bits = bitmap.bytesValue, bits.count == (count + 7) / 8 else {
            throw .malformed(field: "bitmap", problem: "expected \((count + 7) / 8) bytes")
        }
        func isSet(_ bit: Int) -> Bool { bits[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 }
        for bit in count..<bits.count * 8 where isSet(bit) {
            throw .malformed(field: "bitmap", problem: "spare bit \(bit) is set")
        }
        let listedCount = (0..<count).count { !isSet($0) }
        guard let listed = list.arrayValue, listed.count == listedCount else {
            throw .malformed(field: "siblings", problem: "expected \(listedCount) hashes")
        }
        var rest = listed[...]
        var siblings: [Digest?] = []
        for index in 0..<count {
            guard !isSet(index) else {
                siblings.append(nil)
                continue
            }
            guard let hash = rest.popFirst()?.bytesValue.flatMap({ Digest($0) }) else {
                throw .malformed(
                    field: "siblings[\(index)]",
                    problem: "expected a byte string of 32 bytes"
                )
            }
            guard hash != empty else { throw .emptySiblingListed(index) }
            siblings.append(hash)
        }
        return siblings
    }
}

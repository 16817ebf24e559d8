import Foundation
import QuotaCrypto
import StateMap
import TestSupport
import Testing

/// The published roots of the Jellyfish tree and the published proofs of the ICS-23 sparse tree.
@Suite(.enabled(if: VectorFolder.isPresent, "the published vectors are not beside the package"))
struct PublishedVectorTests {
    @Test func `the Jellyfish roots come out`() throws {
        let file: JellyfishFile = try VectorFolder.json("map-jmt/sha2_256_vectors.json")
        #expect(file.vectors.count == 3)
        for vector in file.vectors {
            var map = StateMap()
            for pair in vector.data {
                let key = try #require(Hex.decode(pair.key))
                let value = try #require(Hex.decode(pair.value))
                map.update([(key, value)])
            }
            #expect(map.root.description == vector.root)
            #expect(map.count == vector.data.count)
        }
    }

    @Test(arguments: ["left", "middle", "right"])
    func `the ICS-23 proofs of presence verify`(place: String) throws {
        let vector: ICS23Vector = try VectorFolder.json("map-ics23/exist_\(place).json")
        let message = try ICS23Message(vector)
        let proof = try #require(message.existence.first).mapProof
        #expect(proof.key == message.key)
        #expect(proof.value == message.value)
        try proof.verify(root: message.root, hasher: .ics23)
        #expect(throws: MapProofError.self) { try proof.verify(root: message.root) }
    }

    /// ICS-23 shows absence by the two neighbours.
    ///
    /// Each must verify by itself, and the native proof
    /// of absence that follows from a neighbour must verify too.
    @Test(arguments: ["left", "middle", "right"])
    func `the ICS-23 proofs of absence verify`(place: String) throws {
        let vector: ICS23Vector = try VectorFolder.json("map-ics23/nonexist_\(place).json")
        let message = try ICS23Message(vector)
        #expect(message.existence.count == (place == "middle" ? 2 : 1))
        let path = SHA256.hash(message.key)
        var common: [(proof: MapProof, depth: Int)] = []
        for neighbour in message.existence.map(\.mapProof) {
            try neighbour.verify(root: message.root, hasher: .ics23)
            let other = SHA256.hash(neighbour.key)
            let depth = (0..<256).first { path.bit($0) != other.bit($0) } ?? 256
            common.append((neighbour, depth))
        }
        let nearest = try #require(common.max { $0.depth < $1.depth })
        let absence = try nativeAbsence(of: message.key, beside: nearest.proof, nearest.depth)
        try absence.verify(root: message.root, hasher: .ics23)
        #expect(try MapProof.decode(absence.encoded(), hasher: .ics23) == absence)
    }

    private func nativeAbsence(
        of key: [UInt8],
        beside neighbour: MapProof,
        _ common: Int
    ) throws -> MapProof {
        let depth = neighbour.siblings.count
        let leaf = MapProof.Terminal(
            path: SHA256.hash(neighbour.key),
            valueHash: SHA256.hash(neighbour.value ?? [])
        )
        guard common < depth else {
            return MapProof(key: key, value: nil, terminal: leaf, siblings: neighbour.siblings)
        }
        // The ways part above the neighbour's leaf, at an inner node whose other half is empty.
        let below = depth - 1 - common
        #expect(neighbour.siblings[below] == nil)
        var hash = SHA256.hash([0] + leaf.path.bytes + leaf.valueHash.bytes)
        for (index, sibling) in neighbour.siblings[..<below].enumerated() {
            let other = (sibling ?? MapHasher.ics23.empty).bytes
            let isRight = leaf.path.bit(depth - 1 - index)
            hash = SHA256.hash([1] + (isRight ? other + hash.bytes : hash.bytes + other))
        }
        return MapProof(
            key: key,
            value: nil,
            terminal: nil,
            siblings: [hash] + neighbour.siblings[(below + 1)...]
        )
    }
}

extension MapHasher {
    /// The parameters of the ICS-23 sparse Merkle tree.
    static let ics23 = MapHasher(leafPrefix: [0], innerPrefix: [1], empty: .zero)
}

private struct JellyfishFile: Decodable {
    struct Vector: Decodable {
        struct Pair: Decodable {
            let key: String
            let value: String
        }

        enum CodingKeys: String, CodingKey {
            case root = "expected_root"
            case data
        }

        let root: String
        let data: [Pair]
    }

    let vectors: [Vector]
}

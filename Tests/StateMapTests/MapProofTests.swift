import CBOR
import QuotaCrypto
import StateMap
import TestSupport
import Testing

struct MapProofTests {
    private static func map(_ count: Int) -> StateMap {
        var map = StateMap()
        map.update((0..<count).map { (sampleKey($0), Array("value \($0)".utf8)) })
        return map
    }

    @Test(arguments: [0, 1, 2, 3, 10, 300])
    func `every key is proven present, every other absent`(count: Int) throws {
        let map = Self.map(count)
        var kinds: Set<String> = []
        for number in 0..<(count + 300) {
            let key = sampleKey(number)
            let proof = map.proof(for: key)
            #expect(proof.value == map[key])
            try proof.verify(root: map.root)
            #expect(try proof.value(of: key, root: map.root) == map[key])
            #expect(try MapProof.decode(proof.encoded()) == proof)
            kinds.insert(proof.value != nil ? "present" : proof.terminal != nil ? "leaf" : "gap")
        }
        if count == 300 { #expect(kinds == ["present", "leaf", "gap"]) }
    }

    @Test func `a proof holds for its key and its root only`() throws {
        let map = Self.map(50)
        let other = map.updated([(sampleKey(1), [0])])
        let proof = map.proof(for: sampleKey(0))
        #expect(throws: MapProofError.rootMismatch) { try proof.verify(root: other.root) }
        #expect(throws: MapProofError.otherKey) {
            try proof.value(of: sampleKey(1), root: map.root)
        }
        #expect(throws: MapProofError.rootMismatch) {
            try proof.verify(root: map.root, hasher: .ics23)
        }
    }

    @Test(arguments: [3, 40])
    func `every changed byte of every proof is refused`(count: Int) {
        let map = Self.map(count)
        for number in stride(from: 0, to: 2 * count, by: 3) {
            let bytes = map.proof(for: sampleKey(number)).encoded()
            #expect(Self.accepts(bytes, key: sampleKey(number), root: map.root))
            for place in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[place] ^= 1 << UInt8(bit)
                    #expect(!Self.accepts(changed, key: sampleKey(number), root: map.root))
                }
                #expect(
                    !Self.accepts(
                        Array(bytes[..<place]),
                        key: sampleKey(number),
                        root: map.root
                    )
                )
            }
            #expect(!Self.accepts(bytes + [0], key: sampleKey(number), root: map.root))
        }
    }

    private static func accepts(_ bytes: [UInt8], key: [UInt8], root: Digest) -> Bool {
        guard let proof = try? MapProof.decode(bytes) else { return false }
        return (try? proof.value(of: key, root: root)) != nil || proof.isGoodAbsence(key, root)
    }

    @Test func `absence cannot be shown by a leaf from elsewhere`() throws {
        let map = Self.map(20)
        let present = sampleKey(3)
        let good = map.proof(for: present)
        let leaf = MapProof.Terminal(
            path: SHA256.hash(present),
            valueHash: SHA256.hash(good.value ?? [])
        )
        let ownLeaf = MapProof(key: present, value: nil, terminal: leaf, siblings: good.siblings)
        #expect(throws: MapProofError.terminalIsKey) { try ownLeaf.verify(root: map.root) }
        // Another present key whose way parts from that leaf's above it.
        let elsewhere = try #require(
            (0..<20).map(sampleKey).first { key in
                SHA256.hash(key).bit(0) != SHA256.hash(present).bit(0)
            }
        )
        let moved = MapProof(key: elsewhere, value: nil, terminal: leaf, siblings: good.siblings)
        #expect(throws: MapProofError.terminalElsewhere) { try moved.verify(root: map.root) }
        let both = MapProof(
            key: present,
            value: good.value,
            terminal: leaf,
            siblings: good.siblings
        )
        #expect(throws: MapProofError.terminalWithValue) { try both.verify(root: map.root) }
    }

    @Test func `shapes that no tree has are refused`() {
        let empty = MapHasher.jellyfish.empty
        func refuses(_ siblings: [Digest?], _ error: MapProofError) {
            let proof = MapProof(key: [1], value: [1], terminal: nil, siblings: siblings)
            #expect(throws: error) { try proof.verify(root: .zero) }
        }
        refuses([nil, .zero], .leafNotLifted)
        refuses([.zero, empty], .emptySiblingListed(1))
        refuses(Array(repeating: .zero, count: 257), .tooDeep(257))
        refuses(Array(repeating: .zero, count: 256), .rootMismatch)
        let gap = MapProof(key: [1], value: nil, terminal: nil, siblings: [nil])
        #expect(throws: MapProofError.leafNotLifted) { try gap.verify(root: .zero) }
    }

    @Test func `the codec refuses every second spelling`() throws {
        let hash = CBORValue.bytes(Digest.zero.bytes)
        let empty = CBORValue.bytes(MapHasher.jellyfish.empty.bytes)
        func refuses(_ field: String, _ items: CBORValue...) {
            #expect {
                try MapProof.decode(CBORValue.array(items).encoded())
            } throws: { error in
                (error as? MapProofError)?.description.contains(field) ?? false
            }
        }
        let good: CBORValue = [1, .bytes([1]), .bytes([2]), .null, 2, .bytes([0x40]), [hash]]
        #expect(try MapProof.decode(good.encoded()).siblings == [.zero, nil])
        refuses("proof", 1, .bytes([1]), .null, .null, 0, .bytes([]))
        refuses("version", 2, .bytes([1]), .null, .null, 0, .bytes([]), [])
        refuses("key", 1, "k", .null, .null, 0, .bytes([]), [])
        refuses("value", 1, .bytes([1]), 7, .null, 0, .bytes([]), [])
        refuses("terminal", 1, .bytes([1]), .null, [hash], 0, .bytes([]), [])
        refuses("terminal", 1, .bytes([1]), .null, [hash, .bytes([1])], 0, .bytes([]), [])
        refuses("depth", 1, .bytes([1]), .null, .null, 257, .bytes([]), [])
        refuses("depth", 1, .bytes([1]), .null, .null, -1, .bytes([]), [])
        refuses("bitmap", 1, .bytes([1]), .null, .null, 2, .bytes([0, 0]), [hash, hash])
        refuses("bitmap", 1, .bytes([1]), .null, .null, 2, .bytes([0x20]), [hash, hash])
        refuses("siblings", 1, .bytes([1]), .null, .null, 2, .bytes([0x40]), [hash, hash])
        refuses("siblings[0]", 1, .bytes([1]), .null, .null, 1, .bytes([0]), [.bytes([1])])
        refuses("empty", 1, .bytes([1]), .null, .null, 1, .bytes([0]), [empty])
        refuses("encoding", .array([[[[]]]]))
    }

    @Test func `a proof of full depth survives its codec`() throws {
        let siblings: [Digest?] = (0..<256).map { $0 % 3 == 1 ? nil : .zero }
        let proof = MapProof(key: [1], value: nil, terminal: nil, siblings: siblings)
        #expect(try MapProof.decode(proof.encoded()) == proof)
    }
}

extension MapProof {
    /// Whether the proof shows that the key is absent.
    fileprivate func isGoodAbsence(_ key: [UInt8], _ root: Digest) -> Bool {
        key == self.key && value == nil && (try? verify(root: root)) != nil
    }
}

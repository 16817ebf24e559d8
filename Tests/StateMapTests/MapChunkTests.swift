import CBOR
import QuotaCrypto
import StateMap
import TestSupport
import Testing

struct MapChunkTests {
    private static func value(_ number: Int) -> [UInt8] { Array("value \(number)".utf8) }

    private static func map(_ numbers: some Sequence<Int>) -> StateMap {
        var map = StateMap()
        map.update(numbers.map { (sampleKey($0), value($0)) })
        return map
    }

    /// Keys with their values in the order of the paths.
    private static func content(_ map: StateMap) -> [MapChunk.Entry] {
        var entries: [MapChunk.Entry] = []
        map.forEach { entries.append(MapChunk.Entry(key: $0, value: $1)) }
        return entries
    }

    /// All chunks from the first path to the last, each checked and read back from its bytes.
    private static func walk(_ map: StateMap, bits: Int, bytesMax: Int) throws -> [MapChunk] {
        var chunks: [MapChunk] = []
        var path: Digest? = .zero
        while let here = path {
            let chunk = map.chunk(at: here, bits: bits, bytesMax: bytesMax)
            #expect(try MapChunk.decode(chunk.encoded()) == chunk)
            path = try chunk.verify(at: here, root: map.root)
            #expect(path == chunk.end(from: here))
            if let path { #expect(here < path) }
            chunks.append(chunk)
        }
        return chunks
    }

    @Test func `every map of up to seven keys comes whole, in whatever pieces`() throws {
        for subset in 0..<128 {
            let map = Self.map((0..<7).filter { subset >> $0 & 1 == 1 })
            for bits in [0, 1, 2, 5, 9] {
                for bytesMax in [0, 30, 60, 10_000] {
                    let chunks = try Self.walk(map, bits: bits, bytesMax: bytesMax)
                    #expect(chunks.flatMap(\.entries) == Self.content(map))
                    #expect(chunks.allSatisfy { $0.entries.count < 2 || bytesMax > 30 })
                }
            }
        }
    }

    @Test func `in every small map a chunk that lacks, adds or changes an entry is refused`() {
        let stranger = MapChunk.Entry(key: sampleKey(100), value: [1])
        for subset in 0..<64 {
            let map = Self.map((0..<6).filter { subset >> $0 & 1 == 1 })
            for place in 0..<6 {
                let path = SHA256.hash(sampleKey(place))
                for bits in 0..<5 {
                    let chunk = map.chunk(at: path, bits: bits, bytesMax: 10_000)
                    var others: [[MapChunk.Entry]] = []
                    for index in chunk.entries.indices {
                        var entries = chunk.entries
                        entries.remove(at: index)
                        others.append(entries)
                        entries = chunk.entries
                        entries[index] = MapChunk.Entry(key: entries[index].key, value: [9])
                        others.append(entries)
                        entries = chunk.entries
                        entries.insert(entries[index], at: index)
                        others.append(entries)
                    }
                    if chunk.entries.count > 1 { others.append(chunk.entries.reversed()) }
                    for index in 0...chunk.entries.count {
                        var entries = chunk.entries
                        entries.insert(stranger, at: index)
                        others.append(entries)
                    }
                    for entries in others {
                        let changed = MapChunk(entries: entries, siblings: chunk.siblings)
                        #expect(throws: MapProofError.self) {
                            try changed.verify(at: path, root: map.root)
                        }
                    }
                }
            }
        }
    }

    @Test func `random maps come whole in pieces of every size`() throws {
        var random = SplitMix64(seed: 20)
        for _ in 0..<30 {
            let count = Int(random.next() % 700)
            var map = StateMap()
            map.update((0..<count).map { (sampleKey($0), random.bytes(Int(random.next() % 90))) })
            let bytesMax = Int(random.next() % 9_000)
            let bits = Int(random.next() % 8)
            let chunks = try Self.walk(map, bits: bits, bytesMax: bytesMax)
            #expect(chunks.flatMap(\.entries) == Self.content(map))
            for chunk in chunks where chunk.entries.count > 1 {
                let bytes = chunk.entries.reduce(0) { $0 + $1.key.count + $1.value.count + 16 }
                #expect(bytes <= bytesMax)
            }
            var rebuilt = StateMap()
            rebuilt.update(chunks.flatMap(\.entries).map { ($0.key, $0.value) })
            #expect(rebuilt.root == map.root)
        }
    }

    @Test(arguments: [0, 1, 2, 40])
    func `every changed byte of a chunk is refused`(count: Int) {
        let map = Self.map(0..<count)
        for bits in [0, 1, 3] {
            let path = SHA256.hash(sampleKey(1))
            let bytes = map.chunk(at: path, bits: bits, bytesMax: 600).encoded()
            #expect(Self.accepts(bytes, at: path, root: map.root))
            for place in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[place] ^= 1 << UInt8(bit)
                    #expect(!Self.accepts(changed, at: path, root: map.root))
                }
                #expect(!Self.accepts(Array(bytes[..<place]), at: path, root: map.root))
            }
            #expect(!Self.accepts(bytes + [0], at: path, root: map.root))
        }
    }

    private static func accepts(_ bytes: [UInt8], at path: Digest, root: Digest) -> Bool {
        guard let chunk = try? MapChunk.decode(bytes) else { return false }
        return (try? chunk.verify(at: path, root: root)) != nil
            || chunk.isLast(at: path, root: root)
    }

    @Test func `a chunk holds for its place and its root only`() throws {
        let map = Self.map(0..<200)
        let chunk = map.chunk(at: .zero, bits: 4, bytesMax: 100_000)
        let next = try #require(try chunk.verify(at: .zero, root: map.root))
        #expect(throws: MapProofError.entryElsewhere(0)) {
            try chunk.verify(at: next, root: map.root)
        }
        let other = map.updated([(sampleKey(1), [0])])
        #expect(throws: MapProofError.rootMismatch) {
            try chunk.verify(at: .zero, root: other.root)
        }
        #expect(throws: MapProofError.rootMismatch) {
            try chunk.verify(at: .zero, root: map.root, hasher: .ics23)
        }
        let gap = MapChunk(entries: [], siblings: chunk.siblings)
        #expect(throws: MapProofError.rootMismatch) { try gap.verify(at: .zero, root: map.root) }
    }

    @Test func `shapes that no map has are refused`() {
        func refuses(_ siblings: [Digest?], _ error: MapProofError) {
            let chunk = MapChunk(entries: [], siblings: siblings)
            #expect(throws: error) { try chunk.verify(at: .zero, root: .zero) }
        }
        refuses([nil, .zero], .leafNotLifted)
        refuses([.zero, MapHasher.jellyfish.empty], .emptySiblingListed(1))
        refuses(Array(repeating: .zero, count: 257), .tooDeep(257))
        refuses(Array(repeating: .zero, count: 256), .rootMismatch)
    }

    @Test func `the codec refuses every second spelling`() throws {
        let hash = CBORValue.bytes(Digest.zero.bytes)
        func refuses(_ field: String, _ items: CBORValue...) {
            #expect {
                try MapChunk.decode(CBORValue.array(items).encoded())
            } throws: { error in
                (error as? MapProofError)?.description.contains(field) ?? false
            }
        }
        let good: CBORValue = [1, 2, .bytes([0x40]), [hash], [.bytes([1]), .bytes([2])]]
        #expect(try MapChunk.decode(good.encoded()).siblings == [.zero, nil])
        refuses("chunk", 1, 0, .bytes([]), [])
        refuses("version", 2, 0, .bytes([]), [], [])
        refuses("depth", 1, 257, .bytes([]), [], [])
        refuses("bitmap", 1, 1, .bytes([0x40]), [hash], [])
        refuses("siblings", 1, 1, .bytes([0]), [], [])
        refuses("entries", 1, 0, .bytes([]), [], [.bytes([1])])
        refuses("entries[0]", 1, 0, .bytes([]), [], [.bytes([1]), 2])
        refuses("encoding", .array([[[[]]]]))
    }

    @Test func `random bytes are refused without a trap`() {
        var random = SplitMix64(seed: 21)
        let bytes = Self.map(0..<30).chunk(at: .zero, bits: 1, bytesMax: 10_000).encoded()
        for _ in 0..<5_000 {
            var changed = bytes
            for _ in 0..<(1 + random.next() % 6) {
                changed[Int(random.next() % UInt64(changed.count))] = UInt8(random.next() & 0xFF)
            }
            guard let chunk = try? MapChunk.decode(changed) else { continue }
            #expect(chunk.encoded() == changed)
            _ = try? chunk.verify(at: .zero, root: .zero)
        }
    }
}

extension MapChunk {
    /// Whether the chunk holds and nothing comes after it.
    fileprivate func isLast(at path: Digest, root: Digest) -> Bool {
        do { return try verify(at: path, root: root) == nil } catch { return false }
    }
}

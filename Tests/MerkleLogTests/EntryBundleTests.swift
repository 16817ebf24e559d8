import MerkleLog
import TestSupport
import Testing

struct EntryBundleTests {
    @Test(arguments: UInt64(0)..<4)
    func `entries come back from their bundle`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let entries = (0..<Int.random(in: 1...256, using: &random)).map { _ in
                random.bytes(Int.random(in: 0...40, using: &random))
            }
            let bytes = try EntryBundle.encode(entries)
            #expect(try EntryBundle.decode(bytes, count: entries.count) == entries)
        }
    }

    @Test func `lengths are two bytes, big-endian, up to 65535`() throws {
        #expect(try EntryBundle.encode([[7], []]) == [0, 1, 7, 0, 0])
        let longest = [UInt8](repeating: 1, count: 65_535)
        let bytes = try EntryBundle.encode([longest])
        #expect(bytes.prefix(2) == [0xff, 0xff])
        #expect(try EntryBundle.decode(bytes, count: 1) == [longest])
        #expect(throws: TileError.entryTooLong(65_536)) {
            try EntryBundle.encode([longest + [1]])
        }
    }

    @Test func `wrong counts, cut and left-over bytes are refused`() throws {
        let bytes = try EntryBundle.encode([[1, 2], [3]])
        #expect(throws: TileError.truncatedEntry(2)) { try EntryBundle.decode(bytes, count: 3) }
        #expect(throws: TileError.trailingBytes(3)) { try EntryBundle.decode(bytes, count: 1) }
        for count in 0..<bytes.count {
            #expect(throws: TileError.self) {
                try EntryBundle.decode(Array(bytes.prefix(count)), count: 2)
            }
        }
        #expect(throws: TileError.entryCount(0)) { try EntryBundle.decode([], count: 0) }
        #expect(throws: TileError.entryCount(257)) { try EntryBundle.decode([], count: 257) }
        #expect(throws: TileError.entryCount(0)) { try EntryBundle.encode([]) }
    }
}

import QuotaCrypto
import StateSync
import Testing

/// Which states stay on offer, and for how long.
struct SnapshotShelfTests {
    private func block(_ number: UInt64) -> Digest { SHA256.hash(Array("\(number)".utf8)) }

    private func shelf(holding sizes: [UInt64]) -> SnapshotShelf<UInt64> {
        var limits = SnapshotShelf<UInt64>.Limits()
        limits.markLeaves = 10
        limits.leaseTime = 100
        limits.offerTime = 20
        var shelf = SnapshotShelf<UInt64>(limits: limits)
        for size in sizes { shelf.note(size, block: block(size), size: size) }
        return shelf
    }

    @Test func `the first state, three marks and the present one are on offer`() {
        var shelf = shelf(holding: [4, 8, 12, 15, 21, 28, 34, 36])
        // Those that crossed a multiple of ten; the first one had to make room.
        #expect(shelf.offers(now: 0) == [36, 12, 21, 34])
        #expect(shelf.lease(block(28), now: 0) == nil)
    }

    @Test func `the present state is forgotten unless somebody asks for it`() {
        var shelf = shelf(holding: [4, 6])
        #expect(shelf.offers(now: 0) == [6, 4])
        shelf.note(7, block: block(7), size: 7)
        #expect(shelf.offers(now: 20) == [6, 7, 4])
        #expect(shelf.lease(block(6), now: 21) == 6)
        #expect(shelf.offers(now: 100).contains(6))
        #expect(!shelf.offers(now: 122).contains(6))
        #expect(shelf.lease(block(6), now: 122) == nil)
    }

    @Test func `what is asked for outlives its mark, and few at once`() {
        var shelf = shelf(holding: [4, 11, 22])
        for size: UInt64 in [4, 11, 22] { #expect(shelf.lease(block(size), now: 0) == size) }
        for size: UInt64 in [31, 42, 53] { shelf.note(size, block: block(size), size: size) }
        #expect(shelf.offers(now: 50) == [4, 11, 22, 31, 42, 53])
        // The marks still stand when the leases have ended.
        #expect(shelf.offers(now: 200) == [53, 31, 42])
    }

    @Test func `the same block is noted once`() {
        var shelf = shelf(holding: [4])
        shelf.note(99, block: block(4), size: 40)
        #expect(shelf.offers(now: 0) == [4])
    }
}

public import QuotaCrypto
internal import Votes

/// The members of one epoch, by position, and who leads which view.
public struct Committee: Hashable, Sendable {
    /// How many members vote.
    public let count: Int
    /// Leaders of views 1, 2, 3 …, repeated: a permutation of the members' positions.
    public let leaderOrder: [Int]

    /// A committee of `count` members in which `leaderOrder` take turns.
    ///
    /// - Precondition: `leaderOrder` is a permutation of `0..<count`, and `count` is in 1...256.
    public init(count: Int, leaderOrder: [Int]) {
        precondition((1...Limits.memberMax).contains(count), "a committee has 1 to 256 members")
        precondition(leaderOrder.sorted() == Array(0..<count), "each member leads once a round")
        self.count = count
        self.leaderOrder = leaderOrder
    }

    /// A committee whose leader order follows from the digest of the block that sealed its set.
    public init(count: Int, seal: Digest) {
        self.init(count: count, leaderOrder: Committee.leaderOrder(count: count, seal: seal))
    }

    /// How many members may be faulty: f = ⌊(n−1)/3⌋.
    public var faultyMax: Int { (count - 1) / 3 }

    /// How many votes certify: q = n − f.
    ///
    /// Two quorums share at least f + 1 members.
    public var quorum: Int { count - faultyMax }

    /// The member that proposes in `view` (views start at 1).
    public func leader(of view: UInt64) -> Int {
        precondition(view > 0, "view 0 is the root and has no leader")
        return leaderOrder[Int((view - 1) % UInt64(count))]
    }

    /// Fisher–Yates over the positions 0..<count (members sorted by identifier), drawn from SHA-256.
    ///
    /// Draw number i is the first 8 bytes, big endian, of SHA-256(`"leader"` ‖ seal ‖ i as u64 big
    /// endian); draws above the largest multiple of the range are skipped, so that no order is
    /// favoured.
    public static func leaderOrder(count: Int, seal: Digest) -> [Int] {
        var order = Array(0..<count)
        var draw: UInt64 = 0
        for last in stride(from: count - 1, to: 0, by: -1) {
            let range = UInt64(last + 1)
            let accepted = UInt64.max - UInt64.max % range
            var value = UInt64.max
            repeat {
                var seed = Array("leader".utf8)
                seal.append(to: &seed)
                seed.append(bigEndian: draw)
                value = SHA256.hash(seed).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
                draw += 1
            } while value >= accepted
            order.swapAt(last, Int(value % range))
        }
        return order
    }
}

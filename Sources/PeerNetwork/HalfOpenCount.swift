/// Connections that have not finished their handshake, in all and by address.
struct HalfOpenCount {
    private let max: Int
    private let perAddressMax: Int
    private var all = 0
    private var byAddress: [String: Int] = [:]

    init(max: Int, perAddressMax: Int) {
        self.max = max
        self.perAddressMax = perAddressMax
    }

    /// Counts one more from `address`; false when there are too many already.
    mutating func admit(_ address: String) -> Bool {
        guard all < max, byAddress[address, default: 0] < perAddressMax else { return false }
        all += 1
        byAddress[address, default: 0] += 1
        return true
    }

    /// One from `address` is through, or gone.
    mutating func release(_ address: String) {
        all -= 1
        let left = byAddress[address, default: 1] - 1
        byAddress[address] = left > 0 ? left : nil
    }
}

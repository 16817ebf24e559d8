/// A seeded generator (SplitMix64): the spread of timers, the choice of peers, simulated faults.
///
/// Nothing that members must agree on may come from it.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator that starts from `seed`.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` − 1; `bound` is at least 1.
    ///
    /// Slightly uneven, which is harmless here.
    package mutating func number(below bound: UInt64) -> UInt64 {
        next() % max(1, bound)
    }
}

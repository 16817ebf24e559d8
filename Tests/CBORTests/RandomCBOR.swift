import CBOR
import TestSupport

/// Random values of the profile, with maps in encoding order.
enum RandomCBOR {
    static func value(depth: Int, using random: inout SplitMix64) -> CBORValue {
        let kindCount = depth > 1 ? 9 : 6
        switch Int.random(in: 0..<kindCount, using: &random) {
        case 0: return .unsigned(number(using: &random))
        case 1: return .negative(number(using: &random))
        case 2: return .bytes(random.bytes(Int.random(in: 0...40, using: &random)))
        case 3: return .text(text(using: &random))
        case 4: return .boolean(Bool.random(using: &random))
        case 5: return .null
        case 6:
            return .array(
                (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    value(depth: depth - 1, using: &random)
                }
            )
        case 7: return map(depth: depth, using: &random)
        default: return .tagged(number(using: &random), value(depth: depth - 1, using: &random))
        }
    }

    private static func map(depth: Int, using random: inout SplitMix64) -> CBORValue {
        var entries: [CBORMapEntry] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let key = value(depth: min(depth - 1, 2), using: &random)
            guard !entries.contains(where: { $0.key == key }) else { continue }
            entries.append(CBORMapEntry(key, value(depth: depth - 1, using: &random)))
        }
        return .sortedMap(entries)
    }

    private static func number(using random: inout SplitMix64) -> UInt64 {
        random.next() >> UInt64.random(in: 0...63, using: &random)
    }

    private static func text(using random: inout SplitMix64) -> String {
        let letters = Array("abz09 -_.üé水𐅑\u{0}\"\\")
        return String(
            (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in
                letters.randomElement(using: &random)
            }
        )
    }
}

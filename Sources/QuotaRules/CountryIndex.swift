/// A country code as a small number, for tables: `AA` is 0, `ZZ` is 675.
enum CountryIndex {
    /// How many codes of two letters there are.
    static let count = 26 * 26

    /// The number of a code of two capital letters, or nil for other text.
    static func of(_ code: String) -> Int? {
        var bytes = code.utf8.makeIterator()
        guard let first = bytes.next(), let second = bytes.next(), bytes.next() == nil,
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first),
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(second)
        else { return nil }
        return Int(first - UInt8(ascii: "A")) * 26 + Int(second - UInt8(ascii: "A"))
    }

    /// The code of a number below `count`.
    static func code(_ index: Int) -> String {
        let letters = [UInt8(index / 26), UInt8(index % 26)].map { $0 + UInt8(ascii: "A") }
        return String(decoding: letters, as: UTF8.self)
    }
}

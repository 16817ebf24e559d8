/// Bytes as Base64 text, strict: each byte string has one spelling (RFC 4648).
public enum Base64 {
    /// Section 4: `+`, `/`, padded with `=`.
    public static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet: standard, padded: true)
    }

    /// Section 5: `-`, `_`, no padding.
    public static func urlEncode(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet: urlSafe, padded: false)
    }

    /// The bytes of padded section 4 text; nil for white space, missing padding, a foreign character
    /// or unused bits that are not zero.
    public static func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        return decode(digits, alphabet: standard)
    }

    /// The bytes of unpadded section 5 text; nil as for `decode`.
    public static func urlDecode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8), alphabet: urlSafe)
    }

    private struct Alphabet: Sendable {
        let digit62: UInt8
        let digit63: UInt8

        func digit(_ value: UInt8) -> UInt8 {
            switch value {
            case 0..<26: UInt8(ascii: "A") + value
            case 26..<52: UInt8(ascii: "a") + (value - 26)
            case 52..<62: UInt8(ascii: "0") + (value - 52)
            case 62: digit62
            default: digit63
            }
        }

        func value(_ digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
            case digit62: 62
            case digit63: 63
            default: nil
            }
        }
    }

    private static let standard = Alphabet(digit62: UInt8(ascii: "+"), digit63: UInt8(ascii: "/"))
    private static let urlSafe = Alphabet(digit62: UInt8(ascii: "-"), digit63: UInt8(ascii: "_"))

    private static func encode(_ bytes: [UInt8], alphabet: Alphabet, padded: Bool) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var window: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            window = window << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                output.append(alphabet.digit(UInt8(truncatingIfNeeded: window >> bits) & 63))
            }
            window &= 0xFF
        }
        if bits > 0 {
            output.append(alphabet.digit(UInt8(truncatingIfNeeded: window << (6 - bits)) & 63))
        }
        while padded && !output.count.isMultiple(of: 4) { output.append(UInt8(ascii: "=")) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func decode(_ digits: [UInt8], alphabet: Alphabet) -> [UInt8]? {
        guard digits.count % 4 != 1 else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(digits.count * 3 / 4)
        var window: UInt32 = 0
        var bits: UInt32 = 0
        for digit in digits {
            guard let value = alphabet.value(digit) else { return nil }
            window = window << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: window >> bits))
                window &= (1 << bits) - 1
            }
        }
        return window == 0 ? output : nil
    }
}

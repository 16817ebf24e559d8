/// The codewords of a QR code: data, padding and Reed-Solomon error correction, interleaved.
///
/// Source: ISO/IEC 18004:2015, sections 7.4 to 7.6, level M.
struct QRBlocks {
    private let version: Int
    private let blockCount: Int
    private let correctionCount: Int
    private let total: Int

    /// Error correction codewords of each block, by version (table 9, level M).
    private static let correction = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
        26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ]
    /// Blocks, by version (table 9, level M).
    private static let blocks = [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
        17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ]

    /// The layout of a version from 1 to 40.
    init(_ version: Int) {
        self.version = version
        blockCount = Self.blocks[version - 1]
        correctionCount = Self.correction[version - 1]
        var modules = (16 * version + 128) * version + 64
        if version >= 2 {
            let patterns = version / 7 + 2
            modules -= (25 * patterns - 10) * patterns - 55
            if version >= 7 { modules -= 36 }
        }
        total = modules / 8
    }

    private var dataCount: Int { total - blockCount * correctionCount }

    /// The bits of the length field in byte mode.
    private var lengthBits: Int { version < 10 ? 8 : 16 }

    /// How many bytes fit, beside mode and length.
    var capacity: Int { (dataCount * 8 - 4 - lengthBits) / 8 }

    /// All codewords in the order in which they are drawn.
    func codewords(of bytes: [UInt8]) -> [UInt8] {
        let data = padded(bytes)
        let shortLength = total / blockCount
        let shortCount = blockCount - total % blockCount
        let divisor = QRField.divisor(correctionCount)
        var blocks: [(data: [UInt8], correction: [UInt8])] = []
        var position = 0
        for block in 0..<blockCount {
            let length = shortLength - correctionCount + (block < shortCount ? 0 : 1)
            let part = Array(data[position..<(position + length)])
            position += length
            blocks.append((part, QRField.remainder(part, divisor)))
        }
        var result: [UInt8] = []
        for place in 0...(shortLength - correctionCount) {
            result += blocks.compactMap { place < $0.data.count ? $0.data[place] : nil }
        }
        for place in 0..<correctionCount { result += blocks.map { $0.correction[place] } }
        return result
    }

    /// Mode, length, bytes, terminator, then the padding codewords in turn.
    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for place in (0..<count).reversed() { bits.append(value >> place & 1 == 1) }
        }
        append(0b0100, 4)
        append(bytes.count, lengthBits)
        for byte in bytes { append(Int(byte), 8) }
        append(0, min(4, dataCount * 8 - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var data = stride(from: 0, to: bits.count, by: 8).map { first in
            bits[first..<(first + 8)].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        var padding: UInt8 = 0xEC
        while data.count < dataCount {
            data.append(padding)
            padding ^= 0xEC ^ 0x11
        }
        return data
    }
}

/// The field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1, and polynomials over it.
private enum QRField {
    static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for place in (0..<8).reversed() {
            product = product << 1 ^ (product >> 7) * 0x11D
            product ^= Int(right >> UInt8(place) & 1) * Int(left)
        }
        return UInt8(truncatingIfNeeded: product)
    }

    /// The product of (x - 2^i) for i from 0 to `degree` - 1, without its leading 1.
    static func divisor(_ degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for place in 0..<degree {
                result[place] = multiply(result[place], root)
                if place + 1 < degree { result[place] ^= result[place + 1] }
            }
            root = multiply(root, 2)
        }
        return result
    }

    static func remainder(_ data: [UInt8], _ divisor: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for place in result.indices { result[place] ^= multiply(divisor[place], factor) }
        }
        return result
    }
}

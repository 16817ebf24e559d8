/// Text as a QR code of error correction level M, which survives the loss of 15 % of its area.
///
/// Byte mode, versions 1 to 40. Source: ISO/IEC 18004:2015.
public struct QRCode: Hashable, Sendable {
    /// The number of modules of one side, without the quiet zone.
    public let side: Int
    /// The rows from top to bottom, each from left to right; true is dark.
    public private(set) var modules: [[Bool]]
    /// The modules that carry no data.
    private var isFunction: [[Bool]]
    private let version: Int

    /// The most bytes that a code can hold.
    public static let byteCountMax = 2_331

    /// The code of a text in UTF-8; nil if it is longer than ``byteCountMax`` bytes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = (1...40).first(where: { QRBlocks($0).capacity >= bytes.count }) else {
            return nil
        }
        self.version = version
        side = 17 + 4 * version
        modules = [[Bool]](repeating: [Bool](repeating: false, count: side), count: side)
        isFunction = modules
        drawPatterns()
        drawData(QRBlocks(version).codewords(of: bytes))
        modules = bestMasked().modules
    }

    private mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) {
        modules[row][column] = isDark
        isFunction[row][column] = true
    }

    // MARK: Patterns

    private mutating func drawPatterns() {
        for place in 0..<side {
            set(6, place, place.isMultiple(of: 2))
            set(place, 6, place.isMultiple(of: 2))
        }
        for (row, column) in [(3, 3), (3, side - 4), (side - 4, 3)] { drawFinder(row, column) }
        let places = alignmentPlaces
        for row in places {
            for column in places where !isFinderCorner(row, column) { drawAlignment(row, column) }
        }
        drawFormat(mask: 0)
        drawVersion()
    }

    /// The three corners where a finder pattern stands, and no alignment pattern.
    private func isFinderCorner(_ row: Int, _ column: Int) -> Bool {
        (row == 6 && column == 6) || (row == 6 && column == side - 7)
            || (row == side - 7 && column == 6)
    }

    /// A finder pattern around its middle, with its light border.
    private mutating func drawFinder(_ row: Int, _ column: Int) {
        for rowStep in -4...4 {
            for columnStep in -4...4 {
                let (y, x) = (row + rowStep, column + columnStep)
                guard (0..<side).contains(y), (0..<side).contains(x) else { continue }
                let distance = max(abs(rowStep), abs(columnStep))
                set(y, x, distance != 2 && distance != 4)
            }
        }
    }

    private mutating func drawAlignment(_ row: Int, _ column: Int) {
        for rowStep in -2...2 {
            for columnStep in -2...2 {
                set(row + rowStep, column + columnStep, max(abs(rowStep), abs(columnStep)) != 1)
            }
        }
    }

    /// Rows and columns of the alignment patterns' middles (Annex E): evenly spaced from the far end.
    private var alignmentPlaces: [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        // The gap in equal even steps, rounded up; the standard makes one exception.
        let (gap, pairs) = (side - 13, 2 * (count - 1))
        let step = version == 32 ? 26 : (gap + pairs - 1) / pairs * 2
        return [6] + (0..<(count - 1)).reversed().map { side - 7 - $0 * step }
    }

    /// The level and the mask, with a BCH code (section 7.9), in two places.
    private mutating func drawFormat(mask: Int) {
        // Level M is 00.
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
        for place in 0...5 { set(place, 8, bit(place)) }
        set(7, 8, bit(6))
        set(8, 8, bit(7))
        set(8, 7, bit(8))
        for place in 9..<15 { set(8, 14 - place, bit(place)) }
        for place in 0..<8 { set(8, side - 1 - place, bit(place)) }
        for place in 8..<15 { set(side - 15 + place, 8, bit(place)) }
        set(side - 8, 8, true)
    }

    /// The version with a BCH code (section 7.10), from version 7 on.
    private mutating func drawVersion() {
        guard version >= 7 else { return }
        var rest = version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version << 12 | rest
        for place in 0..<18 {
            let isDark = bits >> place & 1 == 1
            let (far, near) = (side - 11 + place % 3, place / 3)
            set(near, far, isDark)
            set(far, near, isDark)
        }
    }

    // MARK: Data

    /// Writes bits in pairs of columns from the right, up and down in turn, around the patterns.
    private mutating func drawData(_ bytes: [UInt8]) {
        var place = 0
        var right = side - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            let isUpward = (right + 1) & 2 == 0
            for step in 0..<side {
                let row = isUpward ? side - 1 - step : step
                for column in [right, right - 1] where !isFunction[row][column] {
                    guard place < bytes.count * 8 else { continue }
                    modules[row][column] = bytes[place >> 3] >> UInt8(7 - place & 7) & 1 == 1
                    place += 1
                }
            }
            right -= 2
        }
    }

    /// The code under the mask whose result is the easiest to read.
    private func bestMasked() -> QRCode {
        let candidates = (0..<8).map { masked($0) }
        return candidates.min { $0.penalty < $1.penalty } ?? self
    }

    private func masked(_ mask: Int) -> QRCode {
        var code = self
        for row in 0..<side {
            for column in 0..<side where !isFunction[row][column] && Self.flips(mask, row, column) {
                code.modules[row][column].toggle()
            }
        }
        code.drawFormat(mask: mask)
        return code
    }

    /// The mask conditions of table 10.
    private static func flips(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
        switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: row * column % 2 + row * column % 3 == 0
        case 6: (row * column % 2 + row * column % 3) % 2 == 0
        default: ((row + column) % 2 + row * column % 3) % 2 == 0
        }
    }

    /// How hard a scanner finds the code: long runs, blocks, an uneven balance.
    ///
    /// Section 7.8.3, rules 1, 2 and 4. Any mask is valid; this only chooses among them.
    private var penalty: Int {
        var penalty = 0
        let columns = (0..<side).map { column in modules.map { $0[column] } }
        for line in modules + columns {
            var run = 1
            for place in 1..<side {
                run = line[place] == line[place - 1] ? run + 1 : 1
                penalty += run == 5 ? 3 : run > 5 ? 1 : 0
            }
        }
        for row in 1..<side {
            for column in 1..<side {
                let here = modules[row][column]
                if modules[row - 1][column] == here, modules[row][column - 1] == here,
                    modules[row - 1][column - 1] == here
                {
                    penalty += 3
                }
            }
        }
        let dark = modules.reduce(0) { $0 + $1.count(where: { $0 }) }
        return penalty + abs(dark * 20 - side * side * 10) / (side * side) * 10
    }
}

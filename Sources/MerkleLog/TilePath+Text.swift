extension TilePath {
    /// The longest text form: level, 19 digits in 7 groups, and a width.
    private static let textBytesMax = 64

    /// The text form without a leading slash.
    public var description: String {
        var text =
            switch content {
            case .hashes(let level): "tile/\(level)/"
            case .entries: "tile/entries/"
            }
        text += Self.groups(of: index)
        if isPartial { text += ".p/\(width)" }
        return text
    }

    /// A name from its text form without a leading slash; nil if it is not the canonical form.
    ///
    /// Refuses leading zeros, missing or superfluous groups, widths outside 1...255 and any other
    /// spelling: a tile has exactly one name.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.textBytesMax else { return nil }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard parts.popFirst() == "tile", let first = parts.popFirst() else { return nil }
        var width = Self.fullWidth
        if let last = parts.last, parts.count >= 2, parts[parts.endIndex - 2].hasSuffix(".p") {
            guard let partial = Self.decimal(last), (1..<UInt64(Self.fullWidth)).contains(partial)
            else { return nil }
            width = Int(partial)
            parts.removeLast()
            parts[parts.endIndex - 1].removeLast(2)
        }
        let content: Content
        if first == "entries" {
            content = .entries
        } else {
            guard let level = Self.decimal(first), level <= UInt64(Self.levelMax) else {
                return nil
            }
            content = .hashes(level: Int(level))
        }
        guard let index = Self.index(of: parts) else { return nil }
        self.init(content, index: index, width: width)
        guard description.utf8.elementsEqual(text.utf8) else { return nil }
    }

    private static func groups(of index: UInt64) -> String {
        var rest = index
        var text = threeDigits(rest % 1000)
        while rest >= 1000 {
            rest /= 1000
            text = "x" + threeDigits(rest % 1000) + "/" + text
        }
        return text
    }

    private static func threeDigits(_ value: UInt64) -> String {
        let digits = String(value)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }

    /// The number that the groups spell; the caller compares the canonical form.
    private static func index(of groups: ArraySlice<Substring>) -> UInt64? {
        var value: UInt64 = 0
        guard !groups.isEmpty else { return nil }
        for group in groups {
            guard let digits = decimal(group.drop { $0 == "x" }, leadingZeros: true) else {
                return nil
            }
            let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
            let (sum, carry) = product.addingReportingOverflow(digits)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    private static func decimal(_ text: Substring, leadingZeros: Bool = false) -> UInt64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard leadingZeros || text.utf8.count == 1 || text.utf8.first != 0x30 else { return nil }
        return UInt64(text)
    }
}

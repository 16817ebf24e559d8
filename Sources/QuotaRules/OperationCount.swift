public import CBOR

/// A number of operations, up to 10^40: more than 64 bits hold, exact, without floating point.
///
/// Written as decimal digits without leading zeros.
public struct OperationCount: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The decimal digits.
    public let text: String

    /// The most digits.
    public static let digitsMax = 40

    private static let zero = OperationCount(digits: "0")

    private init(digits: String) { text = digits }

    /// The number that `text` writes, or nil if it has another form or more digits than are allowed.
    public init?(_ text: String) {
        let digits = text.utf8
        guard (1...Self.digitsMax).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        self.text = text
    }

    /// Reads decimal text.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ item: CBORItem) throws(CBORFieldError) {
        guard let count = OperationCount(try item.text(maxLength: Self.digitsMax)) else {
            self = try item.excused(.zero, or: "expected digits in quotes without leading zeros")
            return
        }
        self = count
    }

    /// The smaller number comes first.
    public static func < (left: OperationCount, right: OperationCount) -> Bool {
        let (leftDigits, rightDigits) = (left.text.utf8, right.text.utf8)
        return leftDigits.count == rightDigits.count
            ? leftDigits.lexicographicallyPrecedes(rightDigits)
            : leftDigits.count < rightDigits.count
    }

    /// The decimal digits.
    public var description: String { text }
}

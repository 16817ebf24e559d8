/// Why bytes are not one item of the ledger's CBOR profile.
public struct CBORError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of defect.
    public enum Code: String, Hashable, Sendable {
        /// The bytes end inside an item.
        case truncated
        /// Bytes follow the item.
        case trailingBytes = "trailing-bytes"
        /// A length, number or tag is not in its shortest form.
        case notShortest = "not-shortest"
        /// An indefinite length.
        case indefiniteLength = "indefinite-length"
        /// A head that RFC 8949 reserves.
        case reservedHead = "reserved-head"
        /// A float.
        case float
        /// `undefined` or another simple value that the profile leaves out.
        case simpleValue = "simple-value"
        /// A map key is smaller than the one before it.
        case unsortedKeys = "unsorted-keys"
        /// A map key occurs twice.
        case duplicateKey = "duplicate-key"
        /// A text string is not UTF-8.
        case invalidText = "invalid-text"
        /// More bytes than the limits allow.
        case tooLong = "too-long"
        /// Nested deeper than the limits allow.
        case tooDeep = "too-deep"
        /// More items than the limits allow.
        case tooManyItems = "too-many-items"
    }

    /// The kind of defect.
    public let code: Code
    /// Where the offending item or head starts, in bytes from the start.
    public let offset: Int

    /// A defect at a place.
    public init(_ code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// What was expected and what came, with the place.
    public var description: String {
        let problem =
            switch code {
            case .truncated: "the bytes end inside an item"
            case .trailingBytes: "more bytes follow the item"
            case .notShortest: "a number or length is not in its shortest form"
            case .indefiniteLength: "indefinite lengths are refused"
            case .reservedHead: "a reserved head"
            case .float: "floats are refused"
            case .simpleValue: "only false, true and null are accepted as simple values"
            case .unsortedKeys: "map keys are not in the order of their bytes"
            case .duplicateKey: "a map key occurs twice"
            case .invalidText: "a text string is not UTF-8"
            case .tooLong: "more bytes than allowed here"
            case .tooDeep: "nested deeper than allowed here"
            case .tooManyItems: "more items than allowed here"
            }
        return "CBOR at byte \(offset): \(problem)"
    }
}

/// A decoded value together with its place, so that a wrong type is reported with its path.
public struct CBORItem: Hashable, Sendable {
    /// The value.
    public let value: CBORValue
    private let container: Container
    private let step: Step

    /// The last step of the path.
    ///
    /// The text of a path is made only when somebody asks for it: most values are right, and their
    /// paths are never read.
    enum Step: Hashable, Sendable {
        case none
        case field(String)
        case index(Int)

        func path(below container: String) -> String {
            switch self {
            case .none: container
            case .field(let name): "\(container).\(name)"
            case .index(let index): "\(container)[\(index)]"
            }
        }
    }

    /// The path of what holds the value: text, or one step below another one.
    private indirect enum Container: Hashable, Sendable {
        case path(String)
        case inside(Container, Step)
        /// As `path`, in a document that is read with excuses.
        case excusing(CBORExcuses, String)

        init(_ path: String, excuses: CBORExcuses?) {
            self = excuses.map { .excusing($0, path) } ?? .path(path)
        }

        var path: String {
            switch self {
            case .path(let path), .excusing(_, let path): path
            case .inside(let container, let step): step.path(below: container.path)
            }
        }

        var excuses: CBORExcuses? {
            switch self {
            case .path: nil
            case .excusing(let excuses, _): excuses
            case .inside(let container, _): container.excuses
            }
        }
    }

    /// A value at a place; `$` is the whole document.
    public init(_ value: CBORValue, path: String = "$", excuses: CBORExcuses? = nil) {
        self.init(value, in: path, step: .none, excuses: excuses)
    }

    /// A value one step below `container`.
    init(_ value: CBORValue, in container: String, step: Step, excuses: CBORExcuses?) {
        self.init(value, in: Container(container, excuses: excuses), step: step)
    }

    private init(_ value: CBORValue, in container: Container, step: Step) {
        self.value = value
        self.container = container
        self.step = step
    }

    /// Where it stands, as in `$.lines[2].sku`.
    public var path: String { step.path(below: container.path) }

    /// The places whose problem is known; nil in a document that is read for the first time.
    var excuses: CBORExcuses? { container.excuses }

    /// Whether two values are the same and stand at the same place.
    public static func == (left: CBORItem, right: CBORItem) -> Bool {
        left.value == right.value && left.path == right.path
    }

    /// Hashes the value and its place.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        hasher.combine(path)
    }

    /// An error about this value.
    public func error(_ problem: String) -> CBORFieldError {
        CBORFieldError(path: path, problem: problem)
    }

    /// Whether the value is null.
    public var isNull: Bool {
        if case .null = value { true } else { false }
    }

    /// Text of 1 (or `minLength`) to `maxLength` UTF-8 bytes without control characters.
    public func text(minLength: Int = 1, maxLength: Int) throws(CBORFieldError) -> String {
        guard case .text(let text) = value else { return try excused("", or: "expected text") }
        guard (minLength...maxLength).contains(text.utf8.count) else {
            return try excused(text, or: "expected \(minLength) to \(maxLength) bytes of text")
        }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return try excused(text, or: "control characters are not allowed")
        }
        return text
    }

    /// An integer from 0 to `max`.
    public func unsigned(max: UInt64 = .max) throws(CBORFieldError) -> UInt64 {
        guard case .unsigned(let number) = value else {
            return try excused(1, or: "expected an integer of at least 0")
        }
        guard number <= max else {
            return try excused(max, or: "expected at most \(max), found \(number)")
        }
        return number
    }

    /// An integer from −2^63 to 2^63 − 1.
    public func integer() throws(CBORFieldError) -> Int64 {
        guard let number = value.integerValue else {
            throw error("expected an integer of at most 63 bits")
        }
        return number
    }

    /// A byte string of exactly `count` bytes.
    public func bytes(count: Int) throws(CBORFieldError) -> [UInt8] {
        guard case .bytes(let bytes) = value else { throw error("expected a byte string") }
        guard bytes.count == count else {
            throw error("expected \(count) bytes, found \(bytes.count)")
        }
        return bytes
    }

    /// A byte string of at most `maxCount` bytes.
    public func bytes(maxCount: Int) throws(CBORFieldError) -> [UInt8] {
        guard case .bytes(let bytes) = value else { throw error("expected a byte string") }
        guard bytes.count <= maxCount else {
            throw error("expected at most \(maxCount) bytes, found \(bytes.count)")
        }
        return bytes
    }

    /// A boolean.
    public func boolean() throws(CBORFieldError) -> Bool {
        guard case .boolean(let flag) = value else {
            return try excused(false, or: "expected true or false")
        }
        return flag
    }

    /// The items of an array with at most `maxCount`, each with its index in the path.
    public func array(maxCount: Int) throws(CBORFieldError) -> [CBORItem] {
        guard case .array(let items) = value else {
            return try excused([], or: "expected an array")
        }
        guard items.count <= maxCount else {
            return try excused(
                [],
                or: "expected at most \(maxCount) items, found \(items.count)"
            )
        }
        let inner = step == .none ? container : .inside(container, step)
        return items.enumerated().map { CBORItem($1, in: inner, step: .index($0)) }
    }

    /// The items of an array with exactly `count`.
    public func array(count: Int) throws(CBORFieldError) -> [CBORItem] {
        let items = try array(maxCount: count)
        guard items.count == count else {
            throw error("expected \(count) items, found \(items.count)")
        }
        return items
    }

    /// A strict reader of a map with text keys.
    public func fields() throws(CBORFieldError) -> CBORFields {
        try CBORFields(value, path: path, excuses: excuses)
    }
}

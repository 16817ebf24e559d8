extension CBORValue {
    /// Decodes exactly one item that fills `bytes`.
    ///
    /// Accepts only the deterministic encoding, so `decode(bytes).encoded() == bytes`.
    ///
    /// - Throws: `CBORError` with the place of the first defect.
    public static func decode(
        _ bytes: [UInt8],
        limits: CBORLimits = .statement
    ) throws(CBORError) -> CBORValue {
        try decode(bytes[...], limits: limits)
    }

    /// Decodes exactly one item that fills a slice; offsets in errors count from the slice's start.
    public static func decode(
        _ bytes: ArraySlice<UInt8>,
        limits: CBORLimits = .statement
    ) throws(CBORError) -> CBORValue {
        guard bytes.count <= limits.byteCountMax else {
            throw CBORError(.tooLong, offset: limits.byteCountMax)
        }
        return try bytes.withUnsafeBufferPointer { (buffer) throws(CBORError) -> CBORValue in
            var decoder = CBORDecoder(buffer, limits: limits)
            let value = try decoder.item(depth: 1)
            guard decoder.position == buffer.count else {
                throw CBORError(.trailingBytes, offset: decoder.position)
            }
            return value
        }
    }
}

/// Reads items from the front of a buffer.
///
/// Each call either consumes one item or throws.
private struct CBORDecoder {
    private let buffer: UnsafeBufferPointer<UInt8>
    private let limits: CBORLimits
    private var itemCount = 0
    private(set) var position = 0

    init(_ buffer: UnsafeBufferPointer<UInt8>, limits: CBORLimits) {
        self.buffer = buffer
        self.limits = limits
    }

    mutating func item(depth: Int) throws(CBORError) -> CBORValue {
        let start = position
        guard depth <= limits.depthMax else { throw CBORError(.tooDeep, offset: start) }
        itemCount += 1
        guard itemCount <= limits.itemCountMax else {
            throw CBORError(.tooManyItems, offset: start)
        }
        let first = try byte()
        guard let type = CBORHead.MajorType(rawValue: first >> 5), type != .simple else {
            return try simple(first, start: start)
        }
        let argument = try argument(of: first, start: start)
        switch type {
        case .unsigned: return .unsigned(argument)
        case .negative: return .negative(argument)
        case .bytes: return .bytes(Array(try content(argument, start: start)))
        case .text: return .text(try text(argument, start: start))
        case .array: return .array(try array(argument, depth: depth, start: start))
        case .map: return .map(try map(argument, depth: depth, start: start))
        case .tag, .simple: return .tagged(argument, try item(depth: depth + 1))
        }
    }

    private mutating func byte() throws(CBORError) -> UInt8 {
        guard position < buffer.count else { throw CBORError(.truncated, offset: position) }
        defer { position += 1 }
        return buffer[position]
    }

    private mutating func argument(of first: UInt8, start: Int) throws(CBORError) -> UInt64 {
        let short = first & 31
        let width: Int
        switch short {
        case 0..<24: return UInt64(short)
        case 24...27: width = 1 << Int(short - 24)
        case 31:
            // A tag or integer has no indefinite form: 31 is reserved there.
            let hasLength = (2...5).contains(first >> 5)
            throw CBORError(hasLength ? .indefiniteLength : .reservedHead, offset: start)
        default: throw CBORError(.reservedHead, offset: start)
        }
        guard buffer.count - position >= width else {
            throw CBORError(.truncated, offset: start)
        }
        var argument: UInt64 = 0
        for _ in 0..<width { argument = argument << 8 | UInt64(try byte()) }
        let smallest: UInt64 = width == 1 ? 24 : 1 << UInt64(width * 4)
        guard argument >= smallest else { throw CBORError(.notShortest, offset: start) }
        return argument
    }

    private func simple(_ first: UInt8, start: Int) throws(CBORError) -> CBORValue {
        switch first {
        case CBORHead.false: return .boolean(false)
        case CBORHead.true: return .boolean(true)
        case CBORHead.null: return .null
        case 0xF9, 0xFA, 0xFB: throw CBORError(.float, offset: start)
        case 0xFF: throw CBORError(.indefiniteLength, offset: start)
        case 0xFC, 0xFD, 0xFE: throw CBORError(.reservedHead, offset: start)
        default: throw CBORError(.simpleValue, offset: start)
        }
    }

    private mutating func content(
        _ count: UInt64,
        start: Int
    ) throws(CBORError) -> UnsafeBufferPointer<UInt8> {
        guard count <= UInt64(buffer.count - position) else {
            throw CBORError(.truncated, offset: start)
        }
        let end = position + Int(count)
        defer { position = end }
        return UnsafeBufferPointer(rebasing: buffer[position..<end])
    }

    private mutating func text(_ count: UInt64, start: Int) throws(CBORError) -> String {
        guard let text = String(validating: try content(count, start: start), as: UTF8.self) else {
            throw CBORError(.invalidText, offset: start)
        }
        return text
    }

    /// Refuses a count that the rest of the bytes cannot hold, before anything is reserved.
    private func checkCount(
        _ count: UInt64,
        itemsEach: UInt64,
        start: Int
    ) throws(CBORError) -> Int {
        guard count <= UInt64(buffer.count - position) / itemsEach else {
            throw CBORError(.truncated, offset: start)
        }
        guard count * itemsEach <= UInt64(limits.itemCountMax - itemCount) else {
            throw CBORError(.tooManyItems, offset: start)
        }
        return Int(count)
    }

    private mutating func array(
        _ count: UInt64,
        depth: Int,
        start: Int
    ) throws(CBORError) -> [CBORValue] {
        let count = try checkCount(count, itemsEach: 1, start: start)
        var items: [CBORValue] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try item(depth: depth + 1)) }
        return items
    }

    private mutating func map(
        _ count: UInt64,
        depth: Int,
        start: Int
    ) throws(CBORError) -> [CBORMapEntry] {
        let count = try checkCount(count, itemsEach: 2, start: start)
        var entries: [CBORMapEntry] = []
        entries.reserveCapacity(count)
        var previous: Range<Int>?
        for _ in 0..<count {
            let keyStart = position
            let key = try item(depth: depth + 1)
            let range = keyStart..<position
            if let previous, !buffer[previous].lexicographicallyPrecedes(buffer[range]) {
                let isSame = buffer[previous].elementsEqual(buffer[range])
                throw CBORError(isSame ? .duplicateKey : .unsortedKeys, offset: keyStart)
            }
            previous = range
            entries.append(CBORMapEntry(key, try item(depth: depth + 1)))
        }
        return entries
    }
}

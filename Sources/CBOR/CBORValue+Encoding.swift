extension CBORValue {
    /// The deterministic encoding of RFC 8949 section 4.2.1: shortest heads, definite lengths, map
    /// keys in the bytewise order of their encodings.
    ///
    /// A map with two equal keys is a programming error and stops the process.
    public func encoded() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(encodedByteCount)
        append(to: &output)
        return output
    }

    /// How many bytes the encoding has.
    private var encodedByteCount: Int {
        switch self {
        case .unsigned(let number), .negative(let number): CBORHead.byteCount(of: number)
        case .bytes(let bytes): CBORHead.byteCount(of: UInt64(bytes.count)) + bytes.count
        case .text(let text): CBORHead.byteCount(of: UInt64(text.utf8.count)) + text.utf8.count
        case .array(let items):
            items.reduce(CBORHead.byteCount(of: UInt64(items.count))) { $0 + $1.encodedByteCount }
        case .map(let entries):
            entries.reduce(CBORHead.byteCount(of: UInt64(entries.count))) {
                $0 + $1.key.encodedByteCount + $1.value.encodedByteCount
            }
        case .tagged(let number, let item):
            CBORHead.byteCount(of: number) + item.encodedByteCount
        case .boolean, .null: 1
        }
    }

    /// Appends the deterministic encoding to `output`.
    public func append(to output: inout [UInt8]) {
        switch self {
        case .unsigned(let number):
            CBORHead.append(.unsigned, number, to: &output)
        case .negative(let number):
            CBORHead.append(.negative, number, to: &output)
        case .bytes(let bytes):
            CBORHead.append(.bytes, UInt64(bytes.count), to: &output)
            output.append(contentsOf: bytes)
        case .text(let text):
            CBORHead.append(.text, UInt64(text.utf8.count), to: &output)
            output.append(contentsOf: text.utf8)
        case .array(let items):
            CBORHead.append(.array, UInt64(items.count), to: &output)
            for item in items { item.append(to: &output) }
        case .map(let entries):
            CBORValue.append(entries, to: &output)
        case .tagged(let number, let item):
            CBORHead.append(.tag, number, to: &output)
            item.append(to: &output)
        case .boolean(let value):
            output.append(value ? CBORHead.true : CBORHead.false)
        case .null:
            output.append(CBORHead.null)
        }
    }

    private static func append(_ entries: [CBORMapEntry], to output: inout [UInt8]) {
        CBORHead.append(.map, UInt64(entries.count), to: &output)
        let start = output.count
        var previousKey: Range<Int>?
        var isSorted = true
        for entry in entries {
            let keyStart = output.count
            entry.key.append(to: &output)
            let key = keyStart..<output.count
            if let previousKey {
                isSorted =
                    isSorted && output[previousKey].lexicographicallyPrecedes(output[key])
            }
            previousKey = key
            entry.value.append(to: &output)
        }
        guard !isSorted, case .map(let sorted) = sortedMap(entries) else { return }
        output.removeSubrange(start...)
        for entry in sorted {
            entry.key.append(to: &output)
            entry.value.append(to: &output)
        }
    }
}

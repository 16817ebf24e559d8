public import CBOR

extension CBORValue {
    /// This map with one value replaced or added.
    public func setting(_ key: String, to value: CBORValue) -> CBORValue {
        let others = (mapValue ?? []).filter { $0.key != .text(key) }
        return .sortedMap(others + [CBORMapEntry(.text(key), value)])
    }
}

package import CBOR
import QuotaCrypto

extension JSONValue {
    /// A CBOR item for people: byte strings become lower-case hex, tags are dropped, and map keys
    /// become text.
    package init(_ value: CBORValue) {
        self =
            switch value {
            case .unsigned(let number): .unsigned(number)
            case .negative(let number):
                Int64(exactly: number).map { .negative(-1 - $0) } ?? .text("-1-\(number)")
            case .bytes(let bytes): .text(Hex.encode(bytes))
            case .text(let text): .text(text)
            case .array(let items): .array(items.map(JSONValue.init))
            case .map(let entries): .object(Self.members(entries))
            case .tagged(_, let content): JSONValue(content)
            case .boolean(let flag): .boolean(flag)
            case .null: .null
            }
    }

    private static func members(_ entries: [CBORMapEntry]) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for entry in entries {
            let name =
                switch JSONValue(entry.key) {
                case .text(let text): text
                case .unsigned(let number): String(number)
                case .negative(let number): String(number)
                default: Hex.encode(entry.key.encoded())
                }
            members[name] = JSONValue(entry.value)
        }
        return members
    }
}

import CBOR
public import Ledger
import QuotaCrypto

/// What everybody can read in a statement: every value of its body that is no digest, by its path.
public struct StatementFacts: Hashable, Sendable {
    /// One value.
    public struct Fact: Hashable, Sendable {
        /// Where it stands, such as `lines[0].quantity`.
        public let path: String
        /// The value as text.
        public let value: String
    }

    /// The values, in the order of the body.
    public let facts: [Fact]

    /// The facts of a statement.
    public init(_ statement: Statement) {
        var facts: [Fact] = []
        if let body = try? CBORValue.decode(statement.bodyBytes) {
            Self.collect(body, path: "", into: &facts)
        }
        self.facts = facts
    }

    private static func collect(_ value: CBORValue, path: String, into facts: inout [Fact]) {
        switch value {
        case .unsigned(let number): facts.append(Fact(path: path, value: "\(number)"))
        case .negative(let number): facts.append(Fact(path: path, value: "-1-\(number)"))
        case .text(let text): facts.append(Fact(path: path, value: text))
        case .boolean(let flag): facts.append(Fact(path: path, value: flag ? "yes" : "no"))
        case .null: facts.append(Fact(path: path, value: "nothing"))
        case .bytes(let bytes):
            guard bytes.count != Digest.byteCount else { return }
            facts.append(Fact(path: path, value: Hex.encode(bytes)))
        case .tagged(_, let item): collect(item, path: path, into: &facts)
        case .array(let items):
            for (place, item) in items.enumerated() {
                collect(item, path: "\(path)[\(place)]", into: &facts)
            }
        case .map(let entries):
            for entry in entries {
                let name = entry.key.textValue ?? "?"
                collect(entry.value, path: path.isEmpty ? name : "\(path).\(name)", into: &facts)
            }
        }
    }
}

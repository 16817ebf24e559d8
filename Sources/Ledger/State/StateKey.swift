import CBOR
public import QuotaRules

/// The keys of the state map, deterministic CBOR arrays whose first item names the kind of entry.
///
/// | key | value |
/// |---|---|
/// | `["account", limit, subject..., period]` | ``AccountTotal`` |
/// | `["claim", issuer, id]` | ``ClaimRecord`` |
/// | `["event", issuer, id]` | `{index, leaf}` |
/// | `["cancel", issuer, claim]` | `{index, leaf}` |
/// | `["tag", bstr16]` | ``TagRecord`` |
/// | `["member" or "organisation" or "policy" or "catalogue" or "inventory", id]` | ``Registration`` |
/// | `["genesis"]` | `{index, leaf}` |
public enum StateKey {
    /// The key of the genesis statement.
    public static let genesis = CBORValue.array([.text("genesis")]).encoded()

    /// The key of an account.
    public static func account(_ key: AccountKey) -> [UInt8] {
        var items: [CBORValue] = [.text("account"), .text(key.limit)]
        items.append(contentsOf: key.subject.map { .text($0) })
        items.append(.text(key.period))
        return CBORValue.array(items).encoded()
    }

    /// The key of a claim.
    public static func claim(issuer: String, id: String) -> [UInt8] {
        CBORValue.array([.text("claim"), .text(issuer), .text(id)]).encoded()
    }

    /// The key of the cancellation of a claim.
    public static func cancel(issuer: String, claim: String) -> [UInt8] {
        CBORValue.array([.text("cancel"), .text(issuer), .text(claim)]).encoded()
    }

    /// The key of an event.
    public static func event(issuer: String, id: String) -> [UInt8] {
        CBORValue.array([.text("event"), .text(issuer), .text(id)]).encoded()
    }

    /// The key of a chip tag.
    public static func tag(_ tag: ChipTag) -> [UInt8] {
        CBORValue.array([.text("tag"), .bytes(tag.bytes)]).encoded()
    }

    /// The key of a member, organisation, policy or catalogue.
    public static func registered(_ kind: StatementKind, id: String) -> [UInt8] {
        CBORValue.array([.text(kind.rawValue), .text(id)]).encoded()
    }
}

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
/// | `["member" or "organisation" or "facility", id]` | ``Registration`` |
/// | `["inventory", country]` | ``InventoryRecord`` |
/// | `["policy" or "catalogue", id, version]` | ``Adoption`` |
/// | `["proposal", issuer, id]` | ``ProposalRecord`` |
/// | `["suspension", issuer, id]` | ``SuspensionRecord`` |
/// | `["vote", issuer, subject]` | `{index, leaf}` |
/// | `["storage", issuer, id]` | ``Registration`` |
/// | `["decision", issuer, id]` | ``DecisionRecord``, of the claim with that issuer and id |
/// | `["allocation", issuer, id]`, `["agreement", issuer, id]` | ``GrantRecord``, of that proposal |
/// | `["override", issuer, id]` | ``OverrideRecord``, of the claim with that issuer and id |
/// | `["ready", issuer, epoch.card]` | ``Registration`` |
/// | `["evidence", epoch.member]` | ``Registration``: the member is convicted in that epoch |
/// | `["validators"]` | ``Epoch``, from the second epoch on |
/// | `["genesis"]` | `{index, leaf}` |
public enum StateKey {
    /// The key of the genesis statement.
    public static let genesis = CBORValue.array([.text("genesis")]).encoded()

    /// The key of the validators in force; absent in the first epoch.
    public static let validators = CBORValue.array([.text("validators")]).encoded()

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

    /// The key of a member, organisation, facility, inventory or conviction.
    public static func registered(_ kind: StatementKind, id: String) -> [UInt8] {
        CBORValue.array([.text(kind.rawValue), .text(id)]).encoded()
    }

    /// The key of a statement whose subject belongs to its issuer.
    public static func owned(_ kind: StatementKind, issuer: String, subject: String) -> [UInt8] {
        CBORValue.array([.text(kind.rawValue), .text(issuer), .text(subject)]).encoded()
    }

    /// The key of a policy or catalogue.
    public static func document(_ kind: DocumentKind, id: String, version: UInt64) -> [UInt8] {
        CBORValue.array([.text(kind.rawValue), .text(id), .unsigned(version)]).encoded()
    }

    /// The key of something that follows from a proposal or belongs to a claim.
    static func derived(_ name: String, issuer: String, id: String) -> [UInt8] {
        CBORValue.array([.text(name), .text(issuer), .text(id)]).encoded()
    }
}

/// The documents that govern claims.
public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    /// The limits that claims are judged by.
    case policy
    /// What a unit of each SKU weighs.
    case catalogue
}

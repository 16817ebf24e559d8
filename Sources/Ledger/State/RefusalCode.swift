/// The stable codes of refusals: what programs compare, in every encoding of a refusal.
///
/// A code keeps its meaning for ever; new ones may be added.
public enum RefusalCode: String, CaseIterable, Hashable, Sendable {
    // The bytes are not a statement.

    /// A field has the wrong type, is missing, unknown, out of bounds, or not deterministic CBOR.
    case malformed
    /// More bytes than a statement may have.
    case tooLarge = "too-large"
    /// The algorithm is not Ed25519.
    case badAlgorithm = "bad-algorithm"
    /// The payload is missing.
    case payloadMissing = "payload-missing"

    // The statement is not for this ledger, or not by whom it says.

    /// The audience is another ledger's origin.
    case wrongOrigin = "wrong-origin"
    /// The issuer is not a member.
    case unknownIssuer = "unknown-issuer"
    /// The key identifier is not that of the issuer's (or approver's) key.
    case wrongKey = "wrong-key"
    /// A signature, or a proof of possession of a key, does not hold.
    case badSignature = "bad-signature"
    /// The issuer's role does not allow this statement, or this kind cannot be registered now.
    case notAuthorised = "not-authorised"
    /// Fewer validators approved than the threshold.
    case approvalsMissing = "approvals-missing"
    /// Made longer before the block time than is accepted.
    case tooOld = "too-old"
    /// Made after the block time.
    case tooNew = "too-new"

    // The ledger already says otherwise.

    /// The same bytes are already on the ledger, or in the same block.
    case duplicate
    /// Another statement has the same identity.
    case conflict
    /// The claim to cancel is not on the ledger.
    case unknownClaim = "unknown-claim"
    /// An organisation is not registered.
    case unknownOrganisation = "unknown-organisation"
    /// A SKU is not in the catalogue.
    case unknownSKU = "unknown-sku"

    // The rules say no.

    /// A quantity would pass a limit.
    case limitExceeded = "limit-exceeded"
    /// A document that the rule asks for is not named.
    case evidenceMissing = "evidence-missing"
    /// The rule asks for a decision that no statement records.
    case needsDecision = "needs-decision"
    /// Any other reason of the policy, a closed country group for example; the reasons say which.
    case ruleRefused = "rule-refused"

    /// A short human title, the `title` of problem details (RFC 9290; SCRAPI names the first four).
    public var title: String {
        switch self {
        case .malformed, .tooLarge: "Malformed request"
        case .badAlgorithm: "Bad Signature Algorithm"
        case .payloadMissing: "Payload Missing"
        default: "Rejected"
        }
    }
}

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
    /// A signature that the statement needs beside the issuer's is missing.
    case approvalsMissing = "approvals-missing"
    /// The approval of the issuer's second key is missing: the policy asks for it, or a card brings
    /// that key.
    case secondKeyMissing = "second-key-missing"
    /// The issuer, or an approver, is suspended; passes after a release, a key change or the lapse of
    /// the suspension.
    case suspended
    /// The membership of the issuer has ended.
    case expelled
    /// A key or an organisation is new and waits for its first use.
    case coolingOff = "cooling-off"
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
    /// A member that a statement is about does not exist, or no longer.
    case unknownMember = "unknown-member"
    /// The proposal or suspension that is voted on is not on the ledger.
    case unknownProposal = "unknown-proposal"
    /// A facility is not registered.
    case unknownFacility = "unknown-facility"
    /// The policy has no such limit.
    case unknownLimit = "unknown-limit"
    /// No policy of that id and version was adopted.
    case unknownPolicy = "unknown-policy"
    /// What is voted on, or would be ended, is decided or over.
    case notOpen = "not-open"
    /// The issuer has as many open proposals or suspensions as are allowed.
    case tooManyOpen = "too-many-open"
    /// The issuer did the same not long ago; the message says from when on it passes.
    case tooSoon = "too-soon"
    /// A SKU is not in the catalogue.
    case unknownSKU = "unknown-sku"

    /// The ledger no longer knows, or does not yet know, the validators of the epoch.
    case unknownEpoch = "unknown-epoch"

    // The ledger cannot be governed so.

    /// The effective date leaves less notice than the policy in force asks for.
    case noticeTooShort = "notice-too-short"
    /// The text of a policy is not in force, and its document does not say that members adopt it.
    case policyStatus = "policy-status"
    /// A limit counts in another unit than its accounts.
    case unitChanged = "unit-changed"
    /// A cap would lie below what is committed.
    case capBelowCommitted = "cap-below-committed"
    /// An allocation is above the cap of its limit.
    case overAllocated = "over-allocated"
    /// An agreement gives more than the limit's `percentMax`.
    case upliftExceeded = "uplift-exceeded"
    /// The validators of the next epoch may not be changed like this.
    case validatorChange = "validator-change"

    // The consignment is not where the event says.

    /// Nothing of the claim stands where the event takes from, or something else comes first.
    case wrongState = "wrong-state"
    /// The event is about more than there is; the message says how much would pass.
    case quantityExceeds = "quantity-exceeds"
    /// The receiving government has not consented.
    case notConsented = "not-consented"
    /// The licence has run out, or would before it begins, or is longer than one may be.
    case licenceExpired = "licence-expired"
    /// A chip tag is live in another claim; the message says in which.
    case tagInUse = "tag-in-use"
    /// A chip tag is not live in the claim.
    case unknownTag = "unknown-tag"

    // The rules say no.

    /// No policy is in force.
    case noPolicy = "no-policy"

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

/// What kind of cause a reason names.
///
/// The raw values are stable.
public enum ReasonCode: String, Hashable, Sendable, CaseIterable {
    /// The deciding rule of the policy, whether it admits or refuses.
    case rule = "rule"
    /// A limit would be passed.
    case limitExceeded = "limit-exceeded"
    /// A limit has no amount for the claim's date.
    case outsideWindow = "outside-window"
    /// The policy or the route is not valid on the claim's date.
    case outsideValidity = "outside-validity"
    /// The day of receipt is before the day of export.
    case receivedBeforeExport = "received-before-export"
    /// The policy has no such route.
    case unknownRoute = "unknown-route"
    /// No rule of the route covers the claim.
    case noRule = "no-rule"
    /// A country code that the policy does not know.
    case unknownCountry = "unknown-country"
    /// A role that the policy does not know.
    case unknownRole = "unknown-role"
    /// A role that the route needs is not filled.
    case missingParty = "missing-party"
    /// A role that decides whose account is used is filled twice.
    case ambiguousParty = "ambiguous-party"
    /// A party, or the exporter, has an empty id.
    case missingIdentity = "missing-identity"
    /// A limit is kept by facility, and the claim names none.
    case missingFacility = "missing-facility"
    /// The claim has no lines.
    case noLines = "no-lines"
    /// The catalogue has no such item.
    case unknownItem = "unknown-item"
    /// A line has quantity 0.
    case zeroQuantity = "zero-quantity"
    /// The claim is larger than one claim may be.
    case claimTooLarge = "claim-too-large"
    /// An account would be larger than an account may be.
    case totalTooLarge = "total-too-large"
    /// The catalogue lacks a figure that the classification needs.
    case undeterminedItem = "undetermined-item"
    /// The route does not cover this item.
    case ineligibleItem = "ineligible-item"
    /// Evidence that the route needs is not on file.
    case missingEvidence = "missing-evidence"
    /// Nothing in the claim is regulated by the policy.
    case notRegulated = "not-regulated"
    /// Another route would pass, or none would.
    case otherRoute = "other-route"
}

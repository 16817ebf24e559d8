internal import CBOR

/// One way to be allowed to ship: a licence, an exception, an authorization.
public struct Route: Hashable, Sendable {
    /// Evidence that the route asks for.
    public struct Evidence: Hashable, Sendable {
        /// What follows if it is not on file.
        public enum Missing: String, Hashable, Sendable, CaseIterable {
            /// The claim is refused.
            case refuse
            /// The claim passes with a notice that the evidence is due.
            case notice
        }

        /// The type, such as `lpp_certification`.
        public let type: String
        /// What follows if it is not on file.
        public let missing: Missing
        /// What it is, for people.
        public let text: String
        /// The paragraph.
        public let citation: String
    }

    /// What follows for claims that pass some tests.
    ///
    /// A rule applies when all its tests hold. The first that applies decides.
    public struct Rule: Hashable, Sendable {
        /// The id, one of its kind in the route.
        public let id: String
        /// The tests; none for a rule that always applies.
        public let tests: [PartyTest]
        /// The switch that must be set, if any.
        public let condition: ParameterCondition?
        /// When the rule holds; nil for as long as the policy.
        public let validity: Validity?
        /// What follows.
        public let consequence: Consequence
        /// The limits that a claim under this rule is counted against.
        public let limits: [String]
    }

    /// The name of the authority in a claim, such as `LPP`.
    public let id: String
    /// What it is called.
    public let title: String
    /// The paragraph.
    public let citation: String
    /// When it can be used; nil for as long as the policy.
    public let validity: Validity?
    /// The regulated items that it covers; nil for all.
    public let eligibleItems: String?
    /// The roles that must be filled.
    public let requiredRoles: [String]
    /// The evidence that it asks for.
    public let evidence: [Evidence]
    /// The rules, in order.
    public let rules: [Rule]
    /// The filings that it asks for.
    public let notices: [NoticeRule]
    /// Standing duties that no claim decides, for people.
    public let duties: [Duty]

    /// A duty that the route carries, such as record keeping.
    ///
    /// It is shown, not evaluated.
    public struct Duty: Hashable, Sendable {
        /// What must be done.
        public let text: String
        /// The paragraph.
        public let citation: String
    }
}

/// A filing that a route asks for.
public struct NoticeRule: Hashable, Sendable {
    /// When it must be made.
    public enum Deadline: Hashable, Sendable {
        /// Before the shipment.
        case beforeShipment
        /// At most this many days after export.
        case daysAfterExport(UInt64)
        /// At most this many days after receipt.
        case daysAfterReceipt(UInt64)
    }

    /// From which amount on it is due.
    public struct Threshold: Hashable, Sendable {
        /// What is compared.
        public enum Measure: String, Hashable, Sendable, CaseIterable {
            /// What this claim adds.
            case shipment
            /// The sum after this claim, and only by the claim that reaches the amount.
            case reached
            /// The sum after this claim, by every claim from there on.
            case total
        }

        /// The id of the limit whose amounts are compared.
        public let limit: String
        /// What is compared.
        public let measure: Measure
        /// The smallest amount for which the filing is due, as canonical text in the limit's unit.
        public let atLeast: String
    }

    /// The id, one of its kind in the route.
    public let id: String
    /// To whom.
    public let recipient: String
    /// What, for people.
    public let text: String
    /// The paragraph.
    public let citation: String
    /// When.
    public let deadline: Deadline
    /// From which amount on; nil for every claim.
    public let threshold: Threshold?
    /// The reading of the text under which it is asked for; nil under all.
    public let condition: ParameterCondition?
}

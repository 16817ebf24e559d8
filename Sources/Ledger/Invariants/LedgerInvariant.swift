/// A property that holds after every block, whatever was submitted.
///
/// The raw value is the name by which reports and tests speak of it.
public enum LedgerInvariant: String, CaseIterable, Hashable, Sendable {
    /// Caps hold, or members overrode them.
    case caps = "I1"
    /// Postings balance.
    case balance = "I2"
    /// Nothing is drawn beyond a licence.
    case licences = "I3"
    /// What is final stays final; a chip is live once.
    case finality = "I4"
    /// No stage of a consignment has more than the one before gave it.
    case stages = "I5"
    /// Everything carries the policy and the signatures that it needs.
    case signatures = "I6"
    /// Groups are summed by the parents in force, forward only.
    case groups = "I7"
    /// Accounts are the sums of their claims.
    case recomputation = "I8"
    /// Nobody decides alone.
    case company = "I9"
    /// What is new, suspended or expelled does not act.
    case coolingOff = "I10"
    /// Heads only grow.
    case growth = "I11"
    /// What is proven is what is judged by.
    case publicTotals = "I12"
    /// Order decides; times stay in their windows.
    case time = "I13"
    /// Numbers stay in their bounds.
    case bounds = "I14"
    /// A dispute gives no room back.
    case disputes = "I15"

    /// The property in one sentence.
    public var sentence: String {
        switch self {
        case .caps:
            "What a limit that refuses measures is at most its cap, or members overrode it and the "
                + "account is marked for ever."
        case .balance:
            "Only a claim and an amendment up add to accounts; every other event moves between "
                + "buckets and leaves their sum."
        case .licences:
            "What is shipped was licensed, within the tolerance that the policy states, and before "
                + "the licence ended."
        case .finality:
            "What came back, was destroyed, ended or was passed on stays so; a chip tag is live in "
                + "at most one claim and comes back to life only in another."
        case .stages:
            "What was ever on its way is what was shipped, and it is all in transit, accepted, "
                + "missing, lost, contested, returned, destroyed or passed on."
        case .signatures:
            "Every statement has the signatures that the policy in force asks for, by distinct keys "
                + "of members, and every claim names the policy that judged it."
        case .groups:
            "A claim counts for the group that its parties belonged to when it was judged, and "
                + "never for another one later."
        case .recomputation:
            "Every account, and so all room shown, is the sum of what the claims hold in it, bucket "
                + "by bucket, in its unit and in chips."
        case .company:
            "No member alone passes a proposal, confirms a suspension, approves a claim that waits, "
                + "goes beyond a cap or declares an inventory."
        case .coolingOff:
            "New keys and new organisations do not act inside their cooling-off, suspended and "
                + "expelled members do not act at all."
        case .growth:
            "Every block follows the one before: height, size, hash of the last header, and a tree "
                + "that only appends."
        case .publicTotals:
            "The state map, whose root is signed, holds exactly what claims are judged by."
        case .time:
            "Block time never goes back, statements lie in the window around it, and what runs out "
                + "has run out."
        case .bounds:
            "A claim moves less than 2^40 and an account holds less than 2^52, so that no sum "
                + "overflows and every program shows it exactly."
        case .disputes:
            "A limit gives back only what is final, and never takes it again: what is contested "
                + "still counts."
        }
    }
}

/// A property that does not hold, with the numbers.
public struct InvariantViolation: Hashable, Sendable, CustomStringConvertible {
    /// The property.
    public let invariant: LedgerInvariant
    /// Of what: an account, a claim, a statement, a key of the state map.
    public let subject: String
    /// What must be.
    public let expected: String
    /// What is.
    public let found: String

    /// The violation in a sentence.
    public var description: String {
        "\(invariant.rawValue) \(subject): expected \(expected), found \(found)"
    }
}

/// What the checks found so far.
struct InvariantFindings {
    private(set) var violations: [InvariantViolation] = []

    /// Notes a violation unless `holds`.
    mutating func expect(
        _ holds: Bool,
        _ invariant: LedgerInvariant,
        _ subject: @autoclosure () -> String,
        _ expected: @autoclosure () -> String,
        found: @autoclosure () -> String
    ) {
        guard !holds else { return }
        violations.append(
            InvariantViolation(
                invariant: invariant,
                subject: subject(),
                expected: expected(),
                found: found()
            )
        )
    }

    /// Notes a violation unless two values are equal.
    mutating func expect<Value: Equatable>(
        _ value: Value,
        equals expected: Value,
        _ invariant: LedgerInvariant,
        _ subject: @autoclosure () -> String
    ) {
        expect(value == expected, invariant, subject(), "\(expected)", found: "\(value)")
    }
}

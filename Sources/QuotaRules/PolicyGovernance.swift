internal import CBOR

/// What members decide together by votes.
///
/// The first twelve are the actions of proposals; the raw value is the action's name in a statement
/// and the key of its threshold in a policy.
public enum GovernanceMatter: String, Hashable, Sendable, CaseIterable {
    /// A new member.
    case member
    /// Another key of a member.
    case key
    /// The end of a membership.
    case expel
    /// The end of a confirmed suspension.
    case release
    /// Other facts of an organisation, its parent for example.
    case organisation
    /// Other facts of a facility, a new attestation for example.
    case facility
    /// The next policy.
    case policy
    /// The end of a policy without a successor.
    case withdraw
    /// The next chip catalogue.
    case catalogue
    /// What a subject of a granted limit may have.
    case allocation
    /// A higher cap for a country.
    case agreement
    /// One claim beyond the limits.
    case override
    /// What became of a consignment, where nobody may say so alone.
    case event
    /// A claim whose rule asks for a decision.
    case claim
    /// Whether a suspension stands.
    case suspension
    /// The registration of an organisation, by those who sign it instead of by votes.
    case registration
}

/// How the members govern the ledger under a policy: the section `governance` of a policy file.
///
/// Every field but the citation may be left out; the property then has the default.
///
/// | field | meaning | default |
/// |---|---|---|
/// | `thresholds` | approvals by matter, `default` for the others | two thirds; `override`: all but one, `registration`: two |
/// | `votingDays` | how long a proposal is open | 30 |
/// | `noticeDays` | `policy`, `withdraw`: least days from the decision to the effective date | 7, 0 |
/// | `coolingOffDays` | `key`, `organisation`: days from registration to first use | 4, 4 |
/// | `suspensionHours` | how long a suspension holds that nobody confirms | 72 |
/// | `twoKeys` | kinds of statement that need the second key of the issuer's organisation | none |
/// | `evidence` | what follows when a validator is convicted of contradicting votes | `record` |
public struct PolicyGovernance: Hashable, Sendable {
    /// Kinds of statement that can ask for a second key.
    public enum SignedKind: String, Hashable, Sendable, CaseIterable {
        /// A proposal.
        case proposal
        /// A vote.
        case vote
        /// An event of a consignment.
        case event
        /// An opening inventory.
        case inventory
        /// The registration of an organisation.
        case organisation
    }

    /// What follows when a validator is convicted of contradicting votes (consensus.md 2.8).
    public enum EvidenceEffect: String, Hashable, Sendable, CaseIterable {
        /// Nothing but the record; members may vote.
        case record
        /// Its node is no validator after the next seal that may leave it out.
        case suspend
    }

    /// The paragraph or agreement that sets this.
    public let citation: String
    /// Thresholds by matter, in the order of ``GovernanceMatter``.
    let thresholds: [Entry]
    /// The threshold of a matter that has none of its own.
    let defaultThreshold: ApprovalThreshold?
    private let stated: Stated

    /// The threshold of one matter.
    struct Entry: Hashable, Sendable {
        let matter: GovernanceMatter
        let threshold: ApprovalThreshold
    }

    /// The numbers as they are written.
    private struct Stated: Hashable, Sendable {
        var votingDays: UInt64?
        var policyNotice: UInt64?
        var withdrawNotice: UInt64?
        var hasNotice = false
        var keyCooling: UInt64?
        var organisationCooling: UInt64?
        var hasCooling = false
        var suspensionHours: UInt64?
        var twoKeys: [SignedKind] = []
        var evidence: EvidenceEffect?
    }

    /// What holds where a policy has no section `governance`.
    public static let standard = PolicyGovernance(
        citation: "none",
        thresholds: [],
        defaultThreshold: nil,
        stated: Stated()
    )

    private init(
        citation: String,
        thresholds: [Entry],
        defaultThreshold: ApprovalThreshold?,
        stated: Stated
    ) {
        self.citation = citation
        self.thresholds = thresholds
        self.defaultThreshold = defaultThreshold
        self.stated = stated
    }

    /// How many approvals a matter needs.
    public func threshold(of matter: GovernanceMatter) -> ApprovalThreshold {
        if let own = thresholds.first(where: { $0.matter == matter }) { return own.threshold }
        switch matter {
        case .override: return .allBut(1)
        case .registration: return .count(2)
        default: return defaultThreshold ?? .share(2, of: 3)
        }
    }

    /// For how many days a proposal is open.
    public var votingDays: UInt64 { stated.votingDays ?? 30 }
    /// How many days lie at least between the decision on a matter and its effective date.
    public func noticeDays(of matter: GovernanceMatter) -> UInt64 {
        switch matter {
        case .policy: stated.policyNotice ?? 7
        case .withdraw: stated.withdrawNotice ?? 0
        default: 0
        }
    }
    /// How many days a new key waits before its first use.
    public var keyCoolingOffDays: UInt64 { stated.keyCooling ?? 4 }
    /// How many days a new organisation waits before it can be a party.
    public var organisationCoolingOffDays: UInt64 { stated.organisationCooling ?? 4 }
    /// For how many hours a suspension holds that nobody confirms.
    public var suspensionHours: UInt64 { stated.suspensionHours ?? 72 }
    /// The kinds of statement that need the second key of the issuer's organisation.
    public var twoKeys: [SignedKind] { stated.twoKeys }
    /// What follows when a validator is convicted of contradicting votes.
    public var evidence: EvidenceEffect { stated.evidence ?? .record }
}

extension PolicyGovernance {
    /// The most days of any clock of the section.
    private static let daysMax: UInt64 = 366

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        let citation = try fields.item("citation").prose()
        var thresholds: [Entry] = []
        var defaultThreshold: ApprovalThreshold?
        if var entries = try fields.optionalFields("thresholds") {
            for matter in GovernanceMatter.allCases {
                let threshold = try entries.ifPresent(matter.rawValue) {
                    item throws(CBORFieldError) in
                    try ApprovalThreshold(item)
                }
                if let threshold { thresholds.append(Entry(matter: matter, threshold: threshold)) }
            }
            defaultThreshold = try entries.ifPresent("default") { item throws(CBORFieldError) in
                try ApprovalThreshold(item)
            }
            try entries.finish()
            try entries.require(
                !thresholds.isEmpty || defaultThreshold != nil,
                "is empty; leave it out instead"
            )
        }
        var stated = Stated()
        stated.votingDays = try fields.days("votingDays", from: 1)
        if var notice = try fields.optionalFields("noticeDays") {
            stated.hasNotice = true
            stated.policyNotice = try notice.days("policy")
            stated.withdrawNotice = try notice.days("withdraw")
            try notice.finish()
        }
        if var cooling = try fields.optionalFields("coolingOffDays") {
            stated.hasCooling = true
            stated.keyCooling = try cooling.days("key")
            stated.organisationCooling = try cooling.days("organisation")
            try cooling.finish()
        }
        if let hours = fields.optionalItem("suspensionHours") {
            stated.suspensionHours = try hours.unsigned(max: Self.daysMax * 24)
            try hours.require(stated.suspensionHours != 0, "expected at least 1")
        }
        stated.twoKeys = try fields.listIfPresent("twoKeys") { item throws(CBORFieldError) in
            try item.choice(SignedKind.self)
        }
        try fields.require(
            Set(stated.twoKeys).count == stated.twoKeys.count,
            at: "twoKeys",
            "a kind stands here twice"
        )
        stated.evidence = try fields.ifPresent("evidence") { item throws(CBORFieldError) in
            try item.choice(EvidenceEffect.self)
        }
        try fields.finish()
        self.init(
            citation: citation,
            thresholds: thresholds,
            defaultThreshold: defaultThreshold,
            stated: stated
        )
    }

    var cbor: CBORValue {
        var entries: [(String, CBORValue?)] = thresholds.map {
            ($0.matter.rawValue, $0.threshold.cbor)
        }
        entries.append(("default", defaultThreshold?.cbor))
        let hasThresholds = !thresholds.isEmpty || defaultThreshold != nil
        return .object([
            ("citation", .text(citation)), ("thresholds", hasThresholds ? .object(entries) : nil),
            ("votingDays", stated.votingDays.map { .unsigned($0) }),
            (
                "noticeDays",
                stated.hasNotice
                    ? .object([
                        ("policy", stated.policyNotice.map { .unsigned($0) }),
                        ("withdraw", stated.withdrawNotice.map { .unsigned($0) }),
                    ]) : nil
            ),
            (
                "coolingOffDays",
                stated.hasCooling
                    ? .object([
                        ("key", stated.keyCooling.map { .unsigned($0) }),
                        ("organisation", stated.organisationCooling.map { .unsigned($0) }),
                    ]) : nil
            ),
            ("suspensionHours", stated.suspensionHours.map { .unsigned($0) }),
            ("twoKeys", .textsIfAny(stated.twoKeys.map(\.rawValue))),
            ("evidence", stated.evidence.map { .text($0.rawValue) }),
        ])
    }
}

extension CBORFields {
    fileprivate mutating func days(
        _ name: String,
        from least: UInt64 = 0
    ) throws(CBORFieldError) -> UInt64? {
        try ifPresent(name) { item throws(CBORFieldError) in
            let days = try item.unsigned(max: 366)
            try item.require(days >= least, "expected at least \(least)")
            return days
        }
    }
}

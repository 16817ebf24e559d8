internal import CBOR

/// Who may sign an event, by what the member is to the claim.
public enum SignatureClass: String, CaseIterable, Hashable, Sendable {
    /// The member that made the claim. It counts as nothing else on its own claim.
    case exporter
    /// A member that signs for the organisation that holds the goods.
    case consignee
    /// Any government.
    case government
    /// A government of the exporter's country.
    case exportingGovernment = "exporting_government"
    /// A government of the country of destination.
    case receivingGovernment = "receiving_government"
    /// A laboratory or inspectorate.
    case inspector
}

/// How consignments live under a policy: the section `lifecycle` of a policy file.
///
/// Every field but the citation may be left out; the property of the same name then has the default.
///
/// | field | meaning | default |
/// |---|---|---|
/// | `reservationDays` | how long a reservation waits for a licence | 30 |
/// | `licenceDays` | the longest licence | 365 |
/// | `deliveryDays` | after how many days in transit a delivery is overdue | 60 |
/// | `presenceDays` | after how many days without a sighting presence is overdue | 180 |
/// | `tolerancePercent` | what may be shipped beyond the licence, out of the reservation | 0 |
/// | `quantityPerEventMax` | the most items of one claim or event | none |
/// | `licenceFree` | the routes that ship without a licence | none |
/// | `consent` | when the receiving government is asked, the first that applies | never |
/// | `signatures` | by event, the signatures it needs; in each, alternatives with a bar | ``standardSignatures`` |
public struct PolicyLifecycle: Hashable, Sendable {
    /// When the receiving government is asked.
    public struct Consent: Hashable, Sendable {
        /// Tests that must all hold.
        public let tests: [PartyTest]
        /// Whether silence stops the shipment; else it is only noted.
        public let isRequired: Bool
        /// After how many days a missing answer is a silence.
        public let noAnswerDays: UInt64
        /// The paragraph.
        public let citation: String
    }

    /// The signatures of one event: for each a distinct member of one of the classes.
    public typealias Signatures = [[SignatureClass]]

    /// Where it is published.
    public let citation: String
    private let written: Written
    /// When the receiving government is asked; the first that applies counts.
    public let consents: [Consent]
    /// The routes that ship without a licence.
    public let licenceFree: [String]
    private let signatures: [EventKind: Signatures]

    /// The numbers, as far as they are written.
    private struct Written: Hashable, Sendable {
        var reservationDays: UInt64?
        var licenceDays: UInt64?
        var deliveryDays: UInt64?
        var presenceDays: UInt64?
        var tolerancePercent: UInt64?
        var quantityPerEventMax: UInt64?
    }

    /// How long a reservation waits for a licence, in days.
    public var reservationDays: UInt64 { written.reservationDays ?? 30 }
    /// The longest licence, in days.
    public var licenceDays: UInt64 { written.licenceDays ?? 365 }
    /// After how many days in transit a delivery is overdue.
    public var deliveryDays: UInt64 { written.deliveryDays ?? 60 }
    /// After how many days without a sighting presence is overdue.
    public var presenceDays: UInt64 { written.presenceDays ?? 180 }
    /// What may be shipped beyond the licence out of the reservation, in percent of the licence.
    public var tolerancePercent: UInt64 { written.tolerancePercent ?? 0 }
    /// The most items of one claim or event, or nil.
    public var quantityPerEventMax: UInt64? { written.quantityPerEventMax }

    /// The signatures that an event needs.
    public func signatures(of event: EventKind) -> Signatures {
        signatures[event] ?? Self.standardSignatures(of: event)
    }

    /// The signatures that an event needs where a policy does not say.
    public static func standardSignatures(of event: EventKind) -> Signatures {
        switch event {
        case .consent: [[.receivingGovernment]]
        case .licence: [[.exportingGovernment, .government]]
        case .test: [[.inspector, .government]]
        case .ship, .tags, .amendUp: [[.exporter]]
        case .accept: [[.consignee, .receivingGovernment, .government]]
        case .presence: [[.consignee, .receivingGovernment, .inspector, .government]]
        case .transfer: [[.exporter, .consignee], [.receivingGovernment, .government]]
        case .turnBack: [[.exporter], [.exportingGovernment, .government]]
        case .retire:
            [[.consignee, .receivingGovernment, .government], [.inspector, .government]]
        case .lost, .found, .dispute, .disclose: [[.exporter, .consignee, .government]]
        case .amendDown: [[.exporter], [.government]]
        case .resolve, .writeOff, .correct: []
        }
    }

    /// What holds under a policy without the section.
    public static let standard = PolicyLifecycle(citation: "")

    private init(citation: String) {
        self.citation = citation
        written = Written()
        consents = []
        licenceFree = []
        signatures = [:]
    }
}

extension PolicyLifecycle {
    /// No period of a policy is longer.
    private static let daysMax: UInt64 = 36_500

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        citation = try fields.item("citation").prose()
        written = Written(
            reservationDays: try Self.days("reservationDays", &fields),
            licenceDays: try Self.days("licenceDays", &fields),
            deliveryDays: try Self.days("deliveryDays", &fields),
            presenceDays: try Self.days("presenceDays", &fields),
            tolerancePercent: try fields.optionalUnsigned("tolerancePercent", max: 100),
            quantityPerEventMax: try fields.ifPresent("quantityPerEventMax") {
                item throws(CBORFieldError) in
                let most = try item.unsigned(max: Tpp.claimBound)
                try item.require(most > 0, "nothing could be claimed")
                return most
            }
        )
        consents = try fields.listIfPresent("consent", maxCount: 16) {
            item throws(CBORFieldError) in try Consent(item)
        }
        licenceFree = try fields.identifiersIfPresent("licenceFree")
        var signatures: [EventKind: Signatures] = [:]
        if var rules = try fields.optionalFields("signatures") {
            for event in EventKind.allCases where !event.isDecided {
                signatures[event] = try rules.ifPresent(event.rawValue, Self.signatures)
            }
            try rules.finish()
        }
        self.signatures = signatures
        try fields.finish()
    }

    private static func days(
        _ name: String,
        _ fields: inout CBORFields
    ) throws(CBORFieldError) -> UInt64? {
        try fields.ifPresent(name) { item throws(CBORFieldError) in
            let days = try item.unsigned(max: daysMax)
            try item.require(days > 0, "expected at least 1 day")
            return days
        }
    }

    private static func signatures(_ item: CBORItem) throws(CBORFieldError) -> Signatures {
        let rules = try item.list(maxCount: 4) { item throws(CBORFieldError) -> [SignatureClass] in
            var classes: [SignatureClass] = []
            for name in try item.text(maxLength: 128).split(separator: "|") {
                guard let known = SignatureClass(rawValue: String(name)), !classes.contains(known)
                else {
                    let names = SignatureClass.allCases.map { "'\($0.rawValue)'" }
                    throw item.error(
                        "expected some of \(names.joined(separator: ", ")), each once, with bars"
                    )
                }
                classes.append(known)
            }
            return classes
        }
        try item.require(!rules.isEmpty, "an event needs a signature")
        return rules
    }

    var cbor: CBORValue {
        .object([
            ("citation", .text(citation)),
            ("reservationDays", written.reservationDays.map { .unsigned($0) }),
            ("licenceDays", written.licenceDays.map { .unsigned($0) }),
            ("deliveryDays", written.deliveryDays.map { .unsigned($0) }),
            ("presenceDays", written.presenceDays.map { .unsigned($0) }),
            ("tolerancePercent", written.tolerancePercent.map { .unsigned($0) }),
            ("quantityPerEventMax", written.quantityPerEventMax.map { .unsigned($0) }),
            ("licenceFree", .textsIfAny(licenceFree)),
            ("consent", .listIfAny(consents.map(\.cbor))),
            (
                "signatures",
                signatures.isEmpty
                    ? nil
                    : .object(
                        signatures.map { event, rules in
                            (
                                event.rawValue,
                                .texts(rules.map { $0.map(\.rawValue).joined(separator: "|") })
                            )
                        }
                    )
            ),
        ])
    }
}

extension PolicyLifecycle.Consent {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        tests = try fields.listIfPresent("when") { item throws(CBORFieldError) in
            try PartyTest(item)
        }
        isRequired = try fields.boolean("required")
        noAnswerDays = try fields.unsigned("noAnswerDays", max: 3_650)
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("when", .listIfAny(tests.map(\.cbor))), ("required", .boolean(isRequired)),
            ("noAnswerDays", .unsigned(noAnswerDays)), ("citation", .text(citation)),
        ])
    }
}

extension Policy {
    /// How consignments live; the defaults where the policy does not say.
    public var lifecycle: PolicyLifecycle { index.lifecycle }

    /// The first rule by which the receiving government is asked about a claim, or nil.
    public func consent(for facts: ClaimFacts, catalogue: ChipCatalogue) -> PolicyLifecycle.Consent?
    {
        guard !index.consents.isEmpty else { return nil }
        let evaluation = Evaluation(
            facts,
            policy: self,
            catalogue: catalogue,
            standing: EmptyStanding()
        )
        for (rule, tests) in zip(lifecycle.consents, index.consents)
        where tests.allSatisfy(evaluation.holds) {
            return rule
        }
        return nil
    }
}

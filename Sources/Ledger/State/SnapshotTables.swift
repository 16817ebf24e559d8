import CBOR
import HashTreeCollections
import QuotaCrypto
import QuotaRules

/// What a node keeps in memory beside the state map, while it is read back from the map.
struct SnapshotTables {
    private(set) var members: TreeDictionary<String, Member> = [:]
    private(set) var organisations: TreeDictionary<String, Organisation> = [:]
    private(set) var accounts: TreeDictionary<AccountKey, AccountTotal> = [:]
    private(set) var due = DueIndex()
    private(set) var governance = Governance()
    private var sealed: Epoch?
    private var readiness: [(index: UInt64, issuer: String, body: ReadyBody)] = []
    /// The policy in force, or the last one that was.
    private(set) var policy: Adopted<Policy>?
    private var inForce: Adoption<Policy>?
    private var last: Adoption<Policy>?
    /// The catalogue in force.
    private(set) var catalogue: Adopted<ChipCatalogue>?

    /// Takes one entry of the map; most of it is told apart by its first bytes.
    mutating func read(_ key: [UInt8], _ value: [UInt8]) throws(CBORFieldError) {
        guard !key.starts(with: Self.claimPrefix) else {
            if let day = Deadlines.first(inRecord: value) { due.add([key], on: day) }
            return
        }
        guard !Self.isPassedOver(key) else { return }
        let items = try CBORItem(try CBORValue.mapValue(key)).array(maxCount: 32)
        switch items.first?.value.textValue {
        case "account":
            accounts[try Self.account(items)] = try AccountTotal.decode(value)
        case "member":
            let (registration, body) = try Self.body(value)
            let card = try MemberCard(body)
            members[card.id] = Member(registration, card)
        case "organisation":
            let (registration, body) = try Self.body(value)
            let organisation = try OrganisationBody(body)
            organisations[organisation.id] = Organisation(
                body: organisation,
                issuer: registration.issuer ?? "",
                index: registration.index,
                usableFrom: registration.from ?? 0
            )
        case "facility":
            let (registration, body) = try Self.body(value)
            let facility = try FacilityBody(body)
            governance.facilities[facility.id] = Facility(
                body: facility,
                issuer: registration.issuer ?? "",
                index: registration.index
            )
        case "validators": sealed = try Epoch.decode(value)
        case "ready":
            let (registration, body) = try Self.body(value)
            readiness.append((registration.index, registration.issuer ?? "", try ReadyBody(body)))
        case "evidence":
            let (registration, body) = try Self.body(value)
            governance.add(Conviction(try EvidenceBody(body), index: registration.index))
        case let kind?: try readGovernance(kind, items, value)
        case nil: return
        }
    }

    /// The validators in force and to come, once everything was read.
    func epoch(first: [Validator]) -> Epoch {
        var epoch = sealed ?? .first(first)
        epoch.next = members.values.compactMap(\.validator).sorted { $0.id < $1.id }
        for (_, issuer, body) in readiness.sorted(by: { $0.index < $1.index })
        where body.epoch == epoch.number + 1 {
            epoch.ready[issuer] = body.node
        }
        return epoch
    }

    private mutating func readGovernance(
        _ kind: String,
        _ items: [CBORItem],
        _ value: [UInt8]
    ) throws(CBORFieldError) {
        switch kind {
        case "policy":
            take(
                try Adoption.decode(value) { value throws(CBORFieldError) in
                    try Policy.decode(value)
                }
            )
        case "catalogue":
            let adoption = try Adoption.decode(value) { value throws(CBORFieldError) in
                try ChipCatalogue.decode(value)
            }
            governance.set(adoption)
            if adoption.state == .inForce { catalogue = adoption.adopted }
        case "proposal":
            governance.set(try ProposalRecord.decode(value), for: try Self.ballot(items))
        case "suspension":
            governance.set(try SuspensionRecord.decode(value), for: try Self.ballot(items))
        case "decision":
            let record = try DecisionRecord.decode(value)
            guard record.state == .open, items.count == 3 else { return }
            let (issuer, id) = (try items[1].text(.member), try items[2].text(.identifier))
            governance.setWaiting(BallotSubject(.claim, issuer: issuer, id: id), true)
        case "agreement":
            governance.grants.add(
                try GrantRecord(value) { fields throws(CBORFieldError) in
                    try Agreement(&fields)
                }
            )
        case "allocation":
            governance.grants.add(
                try GrantRecord(value) { fields throws(CBORFieldError) in
                    try Allocation(&fields)
                }
            )
        default: return
        }
    }

    /// Keeps a policy: the one in force, or where there is none the last that was.
    private mutating func take(_ adoption: Adoption<Policy>) {
        governance.set(adoption)
        switch adoption.state {
        case .inForce: inForce = adoption
        case .withdrawn where adoption.since != nil:
            if last.map({ $0.precedes(adoption) }) ?? true { last = adoption }
        case .scheduled, .superseded, .withdrawn: return
        }
        policy = (inForce ?? last)?.adopted
        governance.withdrawnBy = inForce == nil ? last?.ended : nil
    }

    private static let claimPrefix: [UInt8] = [0x83, 0x65] + Array("claim".utf8)
    private static let passedOver: [[UInt8]] = [
        [0x83, 0x66] + Array("cancel".utf8), [0x83, 0x65] + Array("event".utf8),
        [0x83, 0x64] + Array("vote".utf8), [0x82, 0x63] + Array("tag".utf8),
    ]

    private static func isPassedOver(_ key: [UInt8]) -> Bool {
        passedOver.contains { key.starts(with: $0) }
    }

    /// The proposal or suspension that a key of the state map names.
    static func ballot(_ items: [CBORItem]) throws(CBORFieldError) -> BallotSubject {
        try BallotSubject(CBORItem(.array(items.map(\.value))))
    }

    /// The account that a key of the state map names.
    static func account(_ items: [CBORItem]) throws(CBORFieldError) -> AccountKey {
        guard items.count >= 3 else {
            throw CBORFieldError(path: "$", problem: "expected limit, subject and period")
        }
        var texts: [String] = []
        for item in items.dropFirst() { texts.append(try item.text(minLength: 0, maxLength: 512)) }
        return AccountKey(
            limit: texts[0],
            subject: Array(texts[1..<(texts.count - 1)]),
            period: texts[texts.count - 1]
        )
    }

    private static func body(
        _ value: [UInt8]
    ) throws(CBORFieldError) -> (Registration, CBORValue) {
        let registration = try Registration.decode(value)
        return (registration, try CBORValue.mapValue(registration.body ?? []))
    }
}

extension Adoption {
    /// Whether another document came into force after this one.
    fileprivate func precedes(_ other: Adoption) -> Bool {
        let (since, otherSince) = (since ?? 0, other.since ?? 0)
        guard since == otherSince else { return since < otherSince }
        guard let effective else { return true }
        guard let otherEffective = other.effective else { return false }
        return effective == otherEffective
            ? adopted.index < other.adopted.index : effective < otherEffective
    }
}

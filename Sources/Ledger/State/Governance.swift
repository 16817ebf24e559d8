import HashTreeCollections
import QuotaRules

/// What members decided and have still to decide, kept in memory beside the state map.
struct Governance: Equatable, Sendable {
    /// Every proposal.
    private(set) var proposals: TreeDictionary<BallotSubject, ProposalRecord> = [:]
    /// Every suspension.
    private(set) var suspensions: TreeDictionary<BallotSubject, SuspensionRecord> = [:]
    /// The suspensions of each issuer, in the order of the log.
    private var suspensionsByIssuer: TreeDictionary<String, [BallotSubject]> = [:]
    /// The suspension that holds, by member.
    private(set) var suspended: TreeDictionary<String, BallotSubject> = [:]
    /// Every policy, by the index of the statement that holds it.
    private(set) var policies: TreeDictionary<UInt64, Adoption<Policy>> = [:]
    /// Every catalogue, by the index of the statement that holds it.
    private(set) var catalogues: TreeDictionary<UInt64, Adoption<ChipCatalogue>> = [:]
    /// The versions of each policy.
    private(set) var policyVersions = AdoptedVersions()
    /// The versions of each catalogue.
    private(set) var catalogueVersions = AdoptedVersions()
    /// Every facility.
    var facilities: TreeDictionary<String, Facility> = [:]
    /// Who was convicted of contradicting votes, in the order of the log.
    private(set) var convictions: [Conviction] = []
    /// What agreements and allocations give.
    var grants = Grants()
    /// The index of the proposal that withdrew the last policy; nil while one is in force.
    var withdrawnBy: UInt64?
    /// What is open and ends by time.
    private var open: Set<BallotSubject> = []
    /// The claims that wait for a decision and have votes.
    private var waiting: Set<BallotSubject> = []
    /// The indexes of policies that are scheduled or have a withdrawal ahead.
    private var planned: Set<UInt64> = []
    /// The catalogues that are decided and not yet in force, the next one first.
    private(set) var scheduledCatalogues: [Adoption<ChipCatalogue>] = []
    /// The block time at which the next ballot runs out, POSIX seconds.
    private(set) var nextEnd: UInt64 = .max
    /// The next day on which a policy begins or ends, or a catalogue begins.
    private(set) var nextDay: CalendarDate?

    /// Whether something begins or ends by `time`.
    func isDue(at time: UInt64) -> Bool {
        if time >= nextEnd { return true }
        guard let nextDay, let today = CalendarDate(posixSeconds: time) else { return false }
        return today >= nextDay
    }

    mutating func set(_ record: ProposalRecord, for key: BallotSubject) {
        proposals[key] = record
        track(key, isOpen: record.state == .open)
    }

    mutating func set(_ record: SuspensionRecord, for key: BallotSubject) {
        if suspensions.updateValue(record, forKey: key) == nil { list(key) }
        if record.holds {
            suspended[record.member] = key
        } else if suspended[record.member] == key {
            suspended[record.member] = nil
        }
        track(key, isOpen: record.state == .open)
    }

    mutating func set(_ adoption: Adoption<Policy>) {
        let index = adoption.adopted.index
        policies[index] = adoption
        let document = adoption.adopted.document
        policyVersions.add(document.version, of: document.id, index)
        let isAhead = adoption.state == .scheduled || adoption.plannedEnd != nil
        let isChanged =
            isAhead ? planned.insert(index).inserted : planned.remove(index) != nil
        guard isChanged || isAhead else { return }
        findNextDay()
    }

    mutating func set(_ adoption: Adoption<ChipCatalogue>) {
        let index = adoption.adopted.index
        catalogues[index] = adoption
        let document = adoption.adopted.document
        catalogueVersions.add(document.version, of: document.id, index)
        scheduledCatalogues.removeAll { $0.adopted.index == index }
        if adoption.state == .scheduled {
            scheduledCatalogues.append(adoption)
            // No two have one day.
            scheduledCatalogues.sort { left, right in
                (left.effective?.dayNumber ?? 0) < (right.effective?.dayNumber ?? 0)
            }
        }
        findNextDay()
    }

    mutating func add(_ conviction: Conviction) {
        convictions.append(conviction)
        // A snapshot brings them in the order of their keys.
        convictions.sort { $0.index < $1.index }
    }

    private mutating func findNextDay() {
        let days = planned.compactMap { policies[$0]?.nextDay }
        nextDay = (days + scheduledCatalogues.compactMap(\.effective)).min()
    }

    /// The suspensions that a member made, in the order of the log.
    func suspensions(by issuer: String) -> [BallotSubject] { suspensionsByIssuer[issuer] ?? [] }

    private mutating func list(_ key: BallotSubject) {
        suspensionsByIssuer[key.issuer, default: []].append(key)
        suspensionsByIssuer[key.issuer]?.sort {
            suspensions[$0]?.index ?? 0 < suspensions[$1]?.index ?? 0
        }
    }

    /// Whether votes are taken on anything.
    var hasOpenBallots: Bool { !open.isEmpty || !waiting.isEmpty }

    /// Whether there are claims that wait and have votes.
    var hasWaitingClaims: Bool { !waiting.isEmpty }

    /// Whether a claim waits for a decision and has votes.
    func isWaiting(_ key: BallotSubject) -> Bool { waiting.contains(key) }

    mutating func setWaiting(_ key: BallotSubject, _ isWaiting: Bool) {
        if isWaiting { waiting.insert(key) } else { waiting.remove(key) }
    }

    /// The claims that wait and have votes, in the order of the state keys.
    var waitingClaims: [BallotSubject] { waiting.sorted() }

    /// What is open, in the order of the state keys.
    var openBallots: [BallotSubject] { open.sorted() }

    /// The policies that begin or end on or before `day`, in the order of their days and then of
    /// their places in the log.
    func policies(dueBy day: CalendarDate) -> [Adoption<Policy>] {
        plans.filter { $0.day <= day }.map(\.adoption)
    }

    /// What begins or ends by day, in order.
    private var plans: [(day: CalendarDate, adoption: Adoption<Policy>)] {
        planned.compactMap { index in
            policies[index].flatMap { adoption in adoption.nextDay.map { ($0, adoption) } }
        }
        .sorted { left, right in
            left.day == right.day
                ? left.adoption.adopted.index < right.adoption.adopted.index
                : left.day < right.day
        }
    }

    /// The policies that are scheduled, the next one first.
    var scheduled: [Adoption<Policy>] {
        plans.map(\.adoption).filter { $0.state == .scheduled }
    }

    /// Forgets the policies that are scheduled: for worlds that only suppose.
    mutating func dropPlans() {
        planned = []
        findNextDay()
    }

    /// Forgets the catalogues that are scheduled: for worlds that only suppose.
    mutating func dropScheduledCatalogues() {
        scheduledCatalogues = []
        findNextDay()
    }

    private mutating func track(_ key: BallotSubject, isOpen: Bool) {
        let isChanged = isOpen ? open.insert(key).inserted : open.remove(key) != nil
        guard isChanged else { return }
        nextEnd = open.map { end(of: $0) }.min() ?? .max
    }

    private func end(of key: BallotSubject) -> UInt64 {
        switch key.kind {
        case .proposal: proposals[key]?.ends ?? .max
        case .suspension: suspensions[key]?.until ?? .max
        case .claim: .max
        }
    }
}

/// That a validator signed votes which contradict each other.
public struct Conviction: Hashable, Sendable {
    /// The member id of the validator.
    public let member: String
    /// The epoch whose keys signed.
    public let epoch: UInt64
    /// The index of the evidence.
    public let index: UInt64

    init(_ body: EvidenceBody, index: UInt64) {
        member = body.member
        epoch = body.epoch
        self.index = index
    }
}

/// Which versions of each document were adopted, and by which statement: a ledger that has decided
/// often does not look through all of them.
struct AdoptedVersions: Equatable, Sendable {
    private struct Name: Hashable {
        let id: String
        let version: UInt64
    }

    private var last: TreeDictionary<String, UInt64> = [:]
    private var indexes: TreeDictionary<Name, UInt64> = [:]

    /// The newest version of a document, or nil if none was adopted.
    func newest(of id: String) -> UInt64? { last[id] }

    /// The index of the statement that holds one version, or nil.
    func index(of version: UInt64, of id: String) -> UInt64? {
        indexes[Name(id: id, version: version)]
    }

    fileprivate mutating func add(_ version: UInt64, of id: String, _ index: UInt64) {
        last[id] = max(last[id] ?? version, version)
        indexes[Name(id: id, version: version)] = index
    }
}

extension Adoption {
    /// A withdrawal that is still ahead.
    var plannedEnd: PlannedWithdrawal? { state == .inForce ? withdrawal : nil }

    /// The next day on which the document begins or ends.
    fileprivate var nextDay: CalendarDate? {
        state == .scheduled ? effective : plannedEnd?.effective
    }
}

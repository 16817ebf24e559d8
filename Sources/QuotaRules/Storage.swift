/// What the rules need to know about a declaration of where weights are kept.
public struct StorageFacts: Hashable, Sendable {
    /// Where an organisation belongs.
    public struct Seat: Hashable, Sendable {
        /// The country of its headquarters.
        public let headquarters: String
        /// The country of its ultimate parent's headquarters; its own if it has none.
        public let parentHeadquarters: String

        /// A seat.
        public init(headquarters: String, parentHeadquarters: String) {
            self.headquarters = headquarters
            self.parentHeadquarters = parentHeadquarters
        }
    }

    /// How many operations the training took.
    public let operations: OperationCount
    /// The day on which the declaration is judged.
    public let date: CalendarDate
    /// The country of the facility.
    public let location: String
    /// The owner of the facility.
    public let facilityOwner: Seat
    /// The operator of the facility.
    public let facilityOperator: Seat
    /// The owner of the weights.
    public let owner: Seat
    /// The paragraphs that the facility has attested, with the day of each.
    public let attested: [String: CalendarDate]

    /// The facts of one declaration.
    public init(
        operations: OperationCount,
        date: CalendarDate,
        location: String,
        facilityOwner: Seat,
        facilityOperator: Seat,
        owner: Seat,
        attested: [String: CalendarDate]
    ) {
        self.operations = operations
        self.date = date
        self.location = location
        self.facilityOwner = facilityOwner
        self.facilityOperator = facilityOperator
        self.owner = owner
        self.attested = attested
    }

    fileprivate func country(_ aspect: WeightsTest.Aspect) -> String {
        switch aspect {
        case .facilityLocation: location
        case .facilityOwnerHeadquarters: facilityOwner.headquarters
        case .facilityOwnerParentHeadquarters: facilityOwner.parentHeadquarters
        case .operatorHeadquarters: facilityOperator.headquarters
        case .operatorParentHeadquarters: facilityOperator.parentHeadquarters
        case .ownerHeadquarters: owner.headquarters
        case .ownerParentHeadquarters: owner.parentHeadquarters
        }
    }
}

/// What becomes of a declaration of where weights are kept.
public enum StorageDecision: Hashable, Sendable {
    /// The policy says nothing about weights.
    case notCovered
    /// The model is below the floor of the day, or the rule had not begun.
    case belowFloor(PolicyWeights.Floor?)
    /// The place is one where such weights may be kept.
    case admit(PolicyWeights.Place)
    /// It would be, if the facility had attested these paragraphs, or not so long ago.
    case evidenceMissing(PolicyWeights.Place, paragraphs: [String])
    /// Such weights may not be kept there.
    case refuse(citation: String)
}

extension Policy {
    /// Decides a declaration of where weights are kept.
    ///
    /// The first place that admits it decides; else the first that lacks nothing but attestations.
    public func judge(_ facts: StorageFacts) -> StorageDecision {
        guard let weights = document.weights else { return .notCovered }
        guard let floor = weights.floor(on: facts.date), facts.operations >= floor.operations
        else { return .belowFloor(weights.floor(on: facts.date)) }
        var lacking: StorageDecision?
        for place in weights.places
        where place.tests.allSatisfy({ holds($0, for: facts) }) {
            let missing = place.paragraphs.filter { !isAttested($0, by: facts, for: place) }
            if missing.isEmpty { return .admit(place) }
            lacking = lacking ?? .evidenceMissing(place, paragraphs: missing)
        }
        return lacking ?? .refuse(citation: weights.citation)
    }

    private func holds(_ test: WeightsTest, for facts: StorageFacts) -> Bool {
        let isIn = { (aspect: WeightsTest.Aspect) in
            test.groups.contains {
                self.isMember(facts.country(aspect), of: $0, on: facts.date)
            }
        }
        return switch test.match {
        case .any: test.aspects.contains(where: isIn)
        case .every: test.aspects.allSatisfy(isIn)
        case .none: !test.aspects.contains(where: isIn)
        }
    }

    private func isAttested(
        _ paragraph: String,
        by facts: StorageFacts,
        for place: PolicyWeights.Place
    ) -> Bool {
        guard let day = facts.attested[paragraph], day <= facts.date else { return false }
        guard let days = place.attestedWithinDays else { return true }
        return day.adding(days: Int(days)).map { facts.date <= $0 } ?? true
    }
}

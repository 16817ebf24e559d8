import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Registers a facility.
    mutating func register(_ body: FacilityBody, _ statement: Statement) throws(Refusal) {
        let issuer = statement.identity.issuer
        try checkGovernment(issuer, may: "registers facilities")
        try check(body, path: "$.payload")
        register(statement, body: statement.bodyBytes)
        governance.facilities[body.id] = Facility(body: body, issuer: issuer, index: next)
    }

    /// Refuses a facility of organisations that are not registered, or an attestation of the future.
    func check(_ body: FacilityBody, path: String) throws(Refusal) {
        for (field, id) in [("operator", body.operatorID), ("owner", body.owner)]
        where organisations[id] == nil {
            throw Refusal(
                .unknownOrganisation,
                "'\(id)' is not a registered organisation. A government member registers it first.",
                path: "\(path).\(field)"
            )
        }
        for (position, attestation) in body.security.enumerated()
        where attestation.attested > date {
            throw Refusal(
                .tooNew,
                "The attestation of paragraph \(attestation.paragraph) is dated "
                    + "\(attestation.attested), after \(date).",
                path: "\(path).security[\(position)].attested"
            )
        }
    }

    /// Registers where the weights of a model are kept, if the policy in force lets them be there.
    mutating func declare(_ body: StorageBody, _ statement: Statement) throws(Refusal) {
        try checkPolicyInForce()
        guard let facility = governance.facilities[body.facility]?.body else {
            throw Refusal(
                .unknownFacility,
                "'\(body.facility)' is not a registered facility. A government member registers it "
                    + "first.",
                path: "$.payload.facility"
            )
        }
        let facts = StorageFacts(
            operations: body.operations,
            date: date,
            location: facility.country,
            facilityOwner: try seat(of: facility.owner, path: "$.payload.facility"),
            facilityOperator: try seat(of: facility.operatorID, path: "$.payload.facility"),
            owner: try seat(of: body.owner, path: "$.payload.owner"),
            attested: Dictionary(
                uniqueKeysWithValues: facility.security.map { ($0.paragraph, $0.attested) }
            )
        )
        if let refusal = refusal(of: policy.document.judge(facts)) { throw refusal }
        register(statement, body: statement.bodyBytes)
    }

    /// Refuses goods for a facility that nobody registered, that stands in another country than the
    /// one they go to, or whose owner or operator is too new to act.
    func checkFacility(
        _ id: String?,
        in destination: String,
        path: String
    ) throws(Refusal) {
        guard let id else { return }
        guard let facility = governance.facilities[id] else {
            throw Refusal(
                .unknownFacility,
                "'\(id)' is not a registered facility. A government member registers it first.",
                path: path
            )
        }
        guard isSame(facility.body.country, destination) else {
            throw Refusal(
                .ruleRefused,
                "The facility '\(id)' stands in \(facility.body.country), and the goods go to "
                    + "\(destination).",
                path: path,
                existing: facility.index
            )
        }
        _ = try usable(facility.body.operatorID, path: path)
        _ = try usable(facility.body.owner, path: path)
    }

    private func seat(
        of organisation: String,
        path: String
    ) throws(Refusal) -> StorageFacts.Seat {
        let body = try usable(organisation, path: path).body
        return StorageFacts.Seat(
            headquarters: body.headquarters,
            parentHeadquarters: body.parent?.headquarters ?? body.headquarters
        )
    }

    /// The refusal of a declaration that the policy does not let pass.
    private func refusal(of decision: StorageDecision) -> Refusal? {
        switch decision {
        case .admit, .belowFloor: nil
        case .notCovered:
            Refusal(
                .ruleRefused,
                "The policy '\(policy.document.id)' has no section 'weights', so that nobody can "
                    + "judge the declaration. It passes under a policy that has one.",
                path: "$.payload"
            )
        case .evidenceMissing(let place, let paragraphs):
            Refusal(
                .evidenceMissing,
                "\(place.text) (\(place.citation)): the facility has not attested "
                    + "\(paragraphs.joined(separator: ", "))"
                    + (place.attestedWithinDays.map { " within \($0) days" } ?? "")
                    + ". A proposal 'facility' with the attestation passes first.",
                path: "$.payload.facility"
            )
        case .refuse(let citation):
            Refusal(
                .ruleRefused,
                "Weights of a model of this size may not be kept there by this owner (\(citation)); "
                    + "another facility may do.",
                path: "$.payload.facility"
            )
        }
    }
}

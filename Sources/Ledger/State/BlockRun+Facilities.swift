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
        throw Refusal(
            .ruleRefused,
            "The policy '\(policy.document.id)' has no section 'weights', so that nobody can judge "
                + "the declaration.",
            path: "$.payload"
        )
    }
}

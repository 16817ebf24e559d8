import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Refuses an event that those who signed may not declare together.
    ///
    /// Each signature that the policy asks for must come from another member. The exporter of a claim
    /// counts as its exporter only, whatever else it is: nobody confirms its own word.
    func checkSignatures(
        of kind: EventKind,
        on record: ClaimRecord,
        _ claim: ClaimReference,
        by statement: Statement
    ) throws(Refusal) {
        let exporter = record.exporter ?? claim.issuer
        let issuer = statement.identity.issuer
        // The second key of the issuer is no other member.
        let others = statement.approvals.map(\.approver).filter { $0 != issuer }
        let signers = [issuer] + others
        let classes = Set(signers).sorted().map { id in self.classes(of: id, exporter, record) }
        let rules = policy.document.lifecycle.signatures(of: kind)
        guard !Self.canMatch(rules[...], classes) else { return }
        let wanted = rules.map { $0.map(\.words).joined(separator: " or ") }
        let isAlone = others.isEmpty && rules.count == 1
        throw Refusal(
            isAlone ? .notAuthorised : .approvalsMissing,
            "'\(kind.rawValue)' needs the signature of \(wanted.joined(separator: ", and of ")), "
                + "each by another member; '\(signers.joined(separator: "', '"))' signed.",
            path: isAlone ? "$.protected.15.1" : "$.payload.approvals"
        )
    }

    /// What a member is to a claim.
    private func classes(
        of id: String,
        _ exporter: String,
        _ record: ClaimRecord
    ) -> Set<SignatureClass> {
        guard let card = members[id]?.card else { return [] }
        guard id != exporter else { return [.exporter] }
        var classes: Set<SignatureClass> = []
        if let organisation = card.organisation, organisation == holder(of: record) {
            classes.insert(.consignee)
        }
        switch card.role {
        case .government:
            classes.insert(.government)
            if card.country == members[exporter]?.card.country {
                classes.insert(.exportingGovernment)
            }
            if isSame(card.country, record.facts.destination) {
                classes.insert(.receivingGovernment)
            }
        case .inspector: classes.insert(.inspector)
        case .exporter, .consignee: break
        }
        return classes
    }

    /// Whether two codes stand for one country under the policy in force.
    func isSame(_ left: String, _ right: String) -> Bool {
        left == right
            || policy.document.country(left).map { $0 == policy.document.country(right) } ?? false
    }

    /// The organisation that holds what a claim brought: the party of the first role in the order of
    /// the policy that the claim fills.
    func holder(of record: ClaimRecord) -> String? {
        for role in policy.document.document.roles {
            if let party = record.facts.parties.first(where: { $0.role == role }) {
                return party.organisation
            }
        }
        return record.facts.parties.first?.organisation
    }

    /// Whether each rule can have a signer of its own.
    private static func canMatch(
        _ rules: ArraySlice<[SignatureClass]>,
        _ signers: [Set<SignatureClass>]
    ) -> Bool {
        guard let rule = rules.first else { return true }
        for (place, classes) in signers.enumerated() where !classes.isDisjoint(with: rule) {
            var others = signers
            others.remove(at: place)
            if canMatch(rules.dropFirst(), others) { return true }
        }
        return false
    }

    /// Refuses evidence of a grade that needs an inspector without one.
    func checkInspector(for grade: UInt64, by statement: Statement) throws(Refusal) {
        guard grade >= 3 else { return }
        let signers = [statement.identity.issuer] + statement.approvals.map(\.approver)
        guard signers.contains(where: { members[$0]?.card.role == .inspector }) else {
            throw Refusal(
                .approvalsMissing,
                "Evidence of grade \(grade) needs the signature of an inspector; "
                    + "grade 2 would pass without.",
                path: "$.payload.body.grade"
            )
        }
    }

    /// Refuses approvals by others than members in good standing or with the wrong key, and the lack
    /// of the issuer's second key where the policy asks for it.
    func checkApprovers(
        of statement: Statement,
        as kind: PolicyGovernance.SignedKind
    ) throws(Refusal) {
        let issuer = statement.identity.issuer
        for (position, approval) in statement.approvals.enumerated() {
            let path = "$.payload.approvals[\(position)]"
            guard let member = members[approval.approver] else {
                throw Refusal(
                    .notAuthorised,
                    "'\(approval.approver)' is not a member.",
                    path: path
                )
            }
            let isSecond = approval.approver == issuer
            guard approval.kid == (isSecond ? member.coKid : member.kid) else {
                throw Refusal(
                    .wrongKey,
                    "The kid is not the thumbprint of the \(isSecond ? "second" : "statement") key "
                        + "of '\(approval.approver)'.",
                    path: "\(path).protected.4"
                )
            }
            try checkStanding(of: member, path: path)
        }
        let hasSecond = statement.approvals.contains { $0.approver == issuer }
        try checkSecondKey(of: issuer, kind, isGiven: hasSecond)
    }
}

extension SignatureClass {
    /// The class in a sentence.
    fileprivate var words: String {
        switch self {
        case .exporter: "the exporter"
        case .consignee: "the consignee"
        case .government: "a government"
        case .exportingGovernment: "a government of the exporter's country"
        case .receivingGovernment: "a government of the country of destination"
        case .inspector: "an inspector"
        }
    }
}

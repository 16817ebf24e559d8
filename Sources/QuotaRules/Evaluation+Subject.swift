extension Evaluation {
    /// The subject of an account, or nil with a reason if a part of it cannot be said.
    func subject(
        _ limit: LimitIndex,
        product: Int?,
        country: Int?,
        into draft: inout Draft
    ) -> [String]? {
        var parts: [String] = []
        parts.reserveCapacity(limit.limit.subject.count)
        for (position, part) in limit.limit.subject.enumerated() {
            switch part {
            case .destination: parts.append(CountryIndex.code(country ?? claim.destination))
            case .product: parts.append(product.map { catalogue.items[$0].sku } ?? "")
            case .exporter:
                guard !facts.exporter.isEmpty else {
                    draft.close(missing("exporter", .missingIdentity, field: nil, limit))
                    return nil
                }
                parts.append(facts.exporter)
            case .facility:
                guard let facility = facts.facility, !facility.isEmpty else {
                    draft.close(missing("facility", .missingFacility, field: "facility", limit))
                    return nil
                }
                parts.append(facility)
            case .party(_, let field):
                guard let role = limit.subjectRoles[position],
                    let text = party(role, field, limit, into: &draft)
                else { return nil }
                parts.append(text)
            }
        }
        return parts
    }

    private func missing(
        _ what: String,
        _ code: ReasonCode,
        field: String?,
        _ limit: LimitIndex
    ) -> Reason {
        Reason(
            code,
            "\(limit.limit.title) is kept by \(what), and the claim has none.",
            citation: limit.limit.citation,
            source: limit.limit.id,
            field: field
        )
    }

    /// Something about the one party in a role.
    ///
    /// Two parties may share a role if they agree on it.
    private func party(
        _ role: Int,
        _ field: LimitSubject.PartyField,
        _ limit: LimitIndex,
        into draft: inout Draft
    ) -> String? {
        var found: String?
        for (number, party) in claim.parties.enumerated() where party.role == role {
            let text = text(of: field, party, facts.parties[number])
            guard found == nil || found == text else {
                draft.close(
                    Reason(
                        .ambiguousParty,
                        "\(limit.limit.title) is kept by '\(policy.index.roles[role])', and the "
                            + "claim names several that differ; make a claim for each.",
                        citation: limit.limit.citation,
                        source: limit.limit.id,
                        field: "parties[\(number)]"
                    )
                )
                return nil
            }
            found = text
        }
        if found == nil {
            draft.close(
                Reason(
                    .missingParty,
                    "\(limit.limit.title) is kept by '\(policy.index.roles[role])'; name one.",
                    citation: limit.limit.citation,
                    source: limit.limit.id,
                    field: "parties"
                )
            )
        }
        return found
    }

    private func text(
        of field: LimitSubject.PartyField,
        _ party: ResolvedClaim.Party,
        _ facts: PartyFacts
    ) -> String {
        switch field {
        case .id: facts.organisation
        case .parent: facts.parentID
        case .location: CountryIndex.code(party.location)
        case .headquarters: CountryIndex.code(party.headquarters)
        case .parentHeadquarters: CountryIndex.code(party.parentHeadquarters)
        }
    }
}

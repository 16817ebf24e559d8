/// A claim with its countries, roles and items looked up, or the reasons why that failed.
struct ResolvedClaim {
    /// A party with numbers in place of names.
    struct Party {
        let role: Int
        let location: Int
        let headquarters: Int
        let parentHeadquarters: Int
    }

    /// A line with the figures of its item.
    struct Line {
        /// Where the item stands in the catalogue.
        let position: Int
        let quantity: UInt64
        let tpp: UInt64
        let circuits: UInt64
        let isRegulated: Bool
    }

    private(set) var destination = 0
    private(set) var parties: [Party] = []
    private(set) var lines: [Line] = []
    /// Why the claim makes no sense under this policy and catalogue; empty if it does.
    private(set) var problems: [Reason] = []

    init(_ facts: ClaimFacts, policy: Policy, catalogue: ChipCatalogue) {
        let index = policy.index
        destination = country(facts.destination, field: "destination", in: index)
        parties.reserveCapacity(facts.parties.count)
        for position in facts.parties.indices {
            add(facts.parties[position], at: position, in: index)
        }
        lines.reserveCapacity(facts.lines.count)
        for position in facts.lines.indices {
            add(facts.lines[position], at: position, in: index, catalogue)
        }
        if facts.lines.isEmpty {
            problems.append(
                Reason(.noLines, "The claim ships nothing; add a line.", field: "lines")
            )
        }
        if let received = facts.received, received < facts.exported {
            problems.append(
                Reason(
                    .receivedBeforeExport,
                    "Received on \(received), before the export on \(facts.exported).",
                    field: "received"
                )
            )
        }
        guard !index.validity.contains(facts.exported) else { return }
        problems.append(
            Reason(
                .outsideValidity,
                "The policy '\(policy.id)' decides exports \(index.validity.words); "
                    + "this one is on \(facts.exported).",
                citation: policy.document.citation,
                field: "exported"
            )
        )
    }

    private mutating func country(_ code: String, field: String, in index: PolicyIndex) -> Int {
        if let country = index.country(code) { return country }
        problems.append(
            Reason(
                .unknownCountry,
                "'\(Self.shown(code))' is not a country code that the policy knows; "
                    + "use ISO 3166-1 alpha-2, such as KE.",
                field: field
            )
        )
        return 0
    }

    private mutating func add(_ party: PartyFacts, at position: Int, in index: PolicyIndex) {
        let field = "parties[\(position)]"
        guard let role = index.roles.firstIndex(of: party.role) else {
            problems.append(
                Reason(
                    .unknownRole,
                    "'\(Self.shown(party.role))' is not a role that the policy knows; "
                        + "use one of: \(index.roles.joined(separator: ", ")).",
                    field: "\(field).role"
                )
            )
            return
        }
        if party.organisation.isEmpty || party.parentID.isEmpty {
            problems.append(
                Reason(
                    .missingIdentity,
                    "The party or its ultimate parent has no id.",
                    field: "\(field).organisation"
                )
            )
        }
        // Fields are named only when something is wrong: this runs for every claim.
        if let location = index.country(party.location),
            let headquarters = index.country(party.headquarters),
            let parent = index.country(party.parentHeadquarters)
        {
            parties.append(
                Party(
                    role: role,
                    location: location,
                    headquarters: headquarters,
                    parentHeadquarters: parent
                )
            )
            return
        }
        _ = country(party.location, field: "\(field).location", in: index)
        _ = country(party.headquarters, field: "\(field).headquarters", in: index)
        _ = country(party.parentHeadquarters, field: "\(field).parentHeadquarters", in: index)
    }

    private mutating func add(
        _ line: ClaimLine,
        at position: Int,
        in index: PolicyIndex,
        _ catalogue: ChipCatalogue
    ) {
        guard line.quantity > 0 else {
            problems.append(
                Reason(
                    .zeroQuantity,
                    "The quantity is 0; leave the line out or name at least 1.",
                    field: "lines[\(position)].quantity"
                )
            )
            return
        }
        guard let place = catalogue.position(of: line.sku) else {
            problems.append(
                Reason(
                    .unknownItem,
                    "The catalogue '\(catalogue.id)' has no item '\(Self.shown(line.sku))'; "
                        + "use one of its ids, or have the item added by a new catalogue.",
                    field: "lines[\(position)].sku"
                )
            )
            return
        }
        let match = index.regulated.match(catalogue.items[place])
        if case .unknown(let figure) = match {
            problems.append(
                Reason(
                    .undeterminedItem,
                    "Whether '\(line.sku)' is \(index.regulated.title) depends on its "
                        + "\(figure), which the catalogue does not state.",
                    citation: index.regulated.citation,
                    source: index.regulated.id,
                    field: "lines[\(position)].sku"
                )
            )
            return
        }
        let item = catalogue.figures(at: place)
        guard line.quantity < Tpp.claimBound,
            !item.tpp.multipliedReportingOverflow(by: line.quantity).overflow,
            item.tpp * line.quantity < Tpp.claimBound,
            !item.circuits.multipliedReportingOverflow(by: line.quantity).overflow,
            item.circuits * line.quantity < Tpp.claimBound
        else {
            problems.append(
                Reason(
                    .claimTooLarge,
                    "One claim moves less than "
                        + "\(QuotaUnit.tpp.description(of: Tpp.claimBound)); split it.",
                    field: "lines[\(position)].quantity"
                )
            )
            return
        }
        lines.append(
            Line(
                position: place,
                quantity: line.quantity,
                tpp: item.tpp,
                circuits: item.circuits,
                isRegulated: match == .yes
            )
        )
    }

    /// Text of a claim as far as it is short and harmless to repeat.
    private static func shown(_ text: String) -> String {
        String(text.prefix(40).filter { $0.isLetter || $0.isNumber || "-_. ".contains($0) })
    }
}

extension Validity {
    /// `from 2025-01-13` or `from 2025-01-13 through 2027-12-31`.
    var words: String {
        "from \(from)" + (through.map { " through \($0)" } ?? "")
    }
}

import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Registers, proposals, votes, suspensions.
extension History {
    /// The most members at a time: with many governments no ballot ends any more.
    static let membersMax = 40
    static let governmentsMax = 7

    /// What a new member may be.
    private var newRoles: [MemberRole] {
        let isFull = members(.government).count >= Self.governmentsMax
        return MemberRole.allCases.filter { !isFull || $0 != .government }
    }

    /// A registered organisation.
    mutating func registered() -> OrganisationBody? {
        pick(organisationIDs).flatMap { state.organisation($0)?.body }
    }

    /// A statement of governance, by a government unless somebody else is given.
    mutating func governanceStatement(by other: String? = nil) throws -> Statement {
        let signer = other ?? member(.government)
        switch pick(0..<40) {
        case 0..<5:
            let other = otherGovernment(than: signer)
            return try sign(.organisation(organisation(name("org"))), by: signer, and: other)
        case 5:
            let body = FacilityBody(
                id: name("site"),
                country: pick(Self.countries) ?? "KE",
                operatorID: pick(organisationIDs) ?? "uni-ke",
                owner: pick(organisationIDs) ?? "uni-ke",
                address: .zero,
                security: []
            )
            return try sign(.facility(body), by: signer)
        case 6:
            let body = StorageBody(
                facility: pick(facilityIDs) ?? "none",
                owner: "uni-ke",
                operations: try #require(OperationCount("1000000")),
                model: .zero
            )
            return try sign(.storage(body), id: name("w"), by: signer)
        case 7:
            let country = state.member(signer)?.card.country ?? "KE"
            let body = InventoryBody(
                country: country,
                date: try date(-20..<1),
                lines: [ClaimLine(sku: "chip-a", quantity: pick(1..<1_000))]
            )
            return try sign(.inventory(body), by: signer, and: otherGovernment(than: signer))
        case 8:
            guard pick(0..<6) == 0 else { return try vote(by: signer) }
            return try sign(
                .suspension(SuspensionBody(member: member())),
                id: name("s"),
                by: signer
            )
        case 9..<17: return try proposal(by: signer)
        default: return try vote(by: signer)
        }
    }

    /// Another government, if there is one.
    private mutating func otherGovernment(than signer: String) -> [String] {
        pick(members(.government).filter { $0 != signer }).map { [$0] } ?? []
    }

    private mutating func organisation(_ id: String) -> OrganisationBody {
        let country = pick(Self.countries) ?? "KE"
        return OrganisationBody(
            id: id,
            location: country,
            headquarters: country,
            parent: pick(0..<2) == 0
                ? nil : .init(id: "group-\(pick(0..<12))", headquarters: country),
            name: .zero
        )
    }

    /// A double vote in this epoch or one near it, by the node at that position or another one.
    mutating func evidence() throws -> Statement {
        let accused = try #require(pick(founders))
        let issuer = try #require(pick(founders))
        let position = state.validators.firstIndex { $0.id == accused.id } ?? 0
        let epoch = state.epoch.number
        let pair = try LedgerFixture.doubleVote(
            by: accused,
            at: pick(0..<6) == 0 ? position + 1 : position,
            on: state,
            epoch: pick(0..<4) == 0 ? epoch - 1 + pick(UInt64(0)..<3) : epoch
        )
        return try LedgerFixture.evidence(pair, against: accused.id, by: issuer, at: time)
    }

    private mutating func vote(by signer: String) throws -> Statement {
        let waiting = claim().flatMap { claim, record in
            record.isWaiting ? BallotSubject(.claim, issuer: claim.issuer, id: claim.id) : nil
        }
        let open = openBallots.suffix(8) + (waiting.map { [$0] } ?? [])
        guard let subject = pick(Array(open)) else { return try proposal(by: signer) }
        return try sign(
            .vote(VoteBody(on: subject, choice: pick(0..<5) == 0 ? .reject : .approve)),
            by: signer
        )
    }

    private mutating func proposal(by signer: String) throws -> Statement {
        try sign(.proposal(ProposalBody(try action())), id: name("p"), by: signer)
    }

    private mutating func action() throws -> ProposalAction {
        if state.withdrawnBy != nil { return try succession() }
        switch pick(0..<22) {
        case 0 where members().count < Self.membersMax:
            let id = name("new")
            candidateIDs.append(id)
            return .member(try card(of: id, pick(newRoles) ?? .exporter))
        case 1: return .key(try newCard(of: member()))
        case 2: return .expel(member: pick(members().filter { $0.hasPrefix("new") }) ?? "nobody")
        case 3:
            let held = members().filter { state.suspension(of: $0) != nil }
            return .release(member: pick(held) ?? member())
        case 4, 5:
            return .organisation(organisation(pick(organisationIDs) ?? "none"))
        case 6:
            guard let body = pick(facilityIDs).flatMap({ state.facility($0)?.body }) else {
                return try succession()
            }
            return .facility(body)
        case 7: return try succession()
        case 8:
            return pick(0..<4) > 0
                ? try succession()
                : .withdraw(
                    PolicyWithdrawal(
                        policy: state.policy.document.id,
                        version: state.policy.document.version,
                        effective: try date(0..<6)
                    )
                )
        case 9:
            let last = state.catalogues.map(\.adopted.document.version).max() ?? 0
            let document = FixtureRules.catalogue.setting(
                "version",
                to: .unsigned(last + pick(0..<2))
            )
            let effective = pick(0..<2) == 0 ? nil : try date(-1..<6)
            return .catalogue(
                CatalogueSuccession(try ChipCatalogue.decode(document), effective: effective)
            )
        case 10, 11: return .allocation(try allocation())
        case 12: return .agreement(try agreement())
        case 13, 14: return .override(try permit())
        default: return .event(try decided())
        }
    }

    private mutating func succession() throws -> ProposalAction {
        let policy = HistoryRules.policy(
            version: state.policy.document.version + pick(1..<4),
            countryCap: pick(3..<20) * 50_000
        )
        return .policy(
            PolicySuccession(
                try Policy.decode(policy),
                effective: try date(0..<6),
                allowOver: pick(0..<2) == 0
            )
        )
    }

    private mutating func allocation() throws -> Allocation {
        let body = registered()
        return Allocation(
            limit: pick(0..<5) == 0 ? "country" : "granted",
            subject: [body?.parent?.id ?? body?.id ?? "uni-ke"],
            amount: pick(1..<1_200_000),
            validity: Validity(from: try date(-10..<10), through: try date(100..<400)),
            citation: "Test"
        )
    }

    private mutating func agreement() throws -> Agreement {
        Agreement(
            limit: "country",
            country: pick(Self.countries) ?? "KE",
            percent: pick(1..<60),
            validity: Validity(from: try date(-10..<10), through: try date(30..<300)),
            evidence: "letters",
            citation: "Test"
        )
    }

    /// Leave for a claim that somebody makes again later, mostly of another body.
    private mutating func permit() throws -> ClaimOverride {
        let claim = ClaimReference(issuer: member(.exporter), id: name("o"))
        let organisation = registered()
        let body = ClaimBody(
            authority: "LPP",
            destination: organisation?.location ?? "KE",
            parties: [
                .init(role: "ultimate_consignee", organisation: organisation?.id ?? "uni-ke")
            ],
            lines: [ClaimLine(sku: "chip-a", quantity: 150)],
            exported: try date(0..<30)
        )
        permits.append((claim, body))
        return ClaimOverride(claim: claim, body: SHA256.hash(body.cbor.encoded()), reason: .zero)
    }

    /// The claim of an override that passed.
    mutating func permittedClaim() throws -> Statement? {
        let place = permits.firstIndex { state.override(of: $0.0).map { $0.used == nil } ?? false }
        guard let place else { return nil }
        let (claim, body) = permits.remove(at: place)
        return try sign(.claim(body), id: claim.id, by: claim.issuer)
    }

    private mutating func decided() throws -> EventBody {
        guard let (reference, record) = claim() else {
            let nobody = ClaimReference(issuer: "chipco", id: "none")
            return EventBody(claim: nobody, event: .writeOff(quantities: [1], from: .lost))
        }
        let contestable: [Bucket] = [
            .reserved, .licensed, .inTransit, .delivered, .shortfall, .lost,
        ]
        let open = contestable.filter { record.count(in: $0) > 0 }
        let to = pick(contestable + [.returned, .retired, .expired]) ?? .delivered
        if let dispute = pick(record.disputes) {
            return EventBody(
                claim: reference,
                event: .resolve(quantities: dispute.quantities, from: dispute.from, to: to)
            )
        }
        let from = pick(Array(open)) ?? .lost
        let quantities = part(record, from) ?? record.lines.map { _ in 1 }
        guard from == .lost || from == .shortfall, pick(0..<2) == 0 else {
            let to = pick(contestable) ?? .delivered
            return EventBody(
                claim: reference,
                event: .correct(quantities: quantities, from: from, to: to)
            )
        }
        return EventBody(claim: reference, event: .writeOff(quantities: quantities, from: from))
    }

    // MARK: - Members

    private mutating func card(of id: String, _ role: MemberRole) throws -> Statement {
        let key = try key(id)
        let card = MemberCard(
            id: id,
            name: "Member \(id)",
            role: role,
            country: pick(Self.countries) ?? "KE",
            statementKey: key.publicKey,
            organisation: role == .consignee ? pick(organisationIDs) : nil,
            node: nil
        )
        return try sign(.member(card), by: id, with: key)
    }

    private mutating func newCard(of id: String) throws -> Statement {
        let key = try key(name(id))
        guard let card = state.member(id)?.card else { return try self.card(of: id, .exporter) }
        return try sign(
            .member(
                MemberCard(
                    id: id,
                    name: card.name,
                    role: card.role,
                    country: card.country,
                    statementKey: key.publicKey,
                    organisation: card.organisation,
                    node: card.node
                )
            ),
            by: id,
            with: key
        )
    }
}

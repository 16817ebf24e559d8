import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// A ledger with everybody that a consignment meets: an exporter, governments at both ends and
/// elsewhere, the consignee, an inspector.
///
/// `LICENSE` counts against `country`, which gives back on cancellation, expiry, return and
/// re-export, and against `parent-year`, which gives nothing back.
struct ConsignmentFixture {
    static let origin = LedgerFixture.origin
    static let start = LedgerFixture.start
    static let day: UInt64 = 86_400

    let exporter: Founder
    let exporting: Founder
    let receiving: Founder
    let third: Founder
    let consignee: Founder
    let inspector: Founder
    let genesis: LedgerState

    /// A ledger whose governments run nodes, or every founder.
    init(
        lifecycle: CBORValue? = nil,
        allRunNodes: Bool = false,
        patch: (CBORValue) -> CBORValue = { $0 }
    ) throws {
        exporter = try Founder("chipco", .exporter, "US")
        exporting = try Founder("us-bis", .government, "US")
        receiving = try Founder("ke-ict", .government, "KE")
        third = try Founder("nl-cdiu", .government, "NL")
        consignee = try Founder("ke-import", .consignee, "KE")
        inspector = try Founder("lab-nl", .inspector, "NL")
        var policy = patch(Self.policy)
        if let lifecycle { policy = policy.setting("lifecycle", to: lifecycle) }
        let founders = [exporter, consignee, receiving, inspector, third, exporting]
            .sorted { $0.id < $1.id }
        let cards = try founders.map { founder in
            let card = try founder.card(origin: Self.origin)
            return try StatementDraft(
                .member(
                    MemberCard(
                        id: card.id,
                        name: card.name,
                        role: card.role,
                        country: card.country,
                        statementKey: card.statementKey,
                        organisation: founder.id == "ke-import" ? "uni-ke" : nil,
                        node: allRunNodes || card.role == .government ? card.node : nil
                    )
                ),
                issuer: founder.id,
                audience: Self.origin,
                issuedAt: Self.start
            ).signed(with: founder.key).bytes
        }
        let body = GenesisBody(
            origin: Self.origin,
            time: Self.start,
            members: cards,
            policy: policy.encoded(),
            catalogue: FixtureRules.catalogue.encoded()
        )
        let statement = try LedgerFixture.genesis(body, founders: founders, signer: exporting)
        genesis = try LedgerState.genesis(statement.bytes).state
    }

    /// The policy before anybody changes it.
    static var policy: CBORValue {
        let policy = FixtureRules.policy()
        let limits = policy["limits"]?.arrayValue ?? []
        let country = limits[0].setting(
            "release",
            to: [
                "on": ["cancellation", "expiry", "return", "reexport"], "citation": "Test 5",
            ]
        )
        var route = policy["routes"]?.arrayValue ?? []
        var rules = route[0]["rules"]?.arrayValue ?? []
        rules[1] = rules[1].setting("limits", to: ["country", "parent-year"])
        route[0] = route[0].setting("rules", to: .array(rules))
        return policy.setting("limits", to: .array([country] + limits.dropFirst()))
            .setting("routes", to: .array(route))
    }

    /// The state with the organisations of the examples.
    func start() throws -> LedgerState {
        var state = genesis
        for (id, country) in [("uni-ke", "KE"), ("lab-ke", "KE"), ("uni-tz", "TZ")] {
            let body = OrganisationBody(
                id: id,
                location: country,
                headquarters: country,
                parent: nil,
                name: .zero
            )
            state = try apply([try register(body)], to: state)
        }
        return state
    }

    /// An organisation that two governments register.
    func register(_ body: OrganisationBody, at time: UInt64 = start) throws -> Statement {
        try sign(.organisation(body), by: exporting, and: [third], at: time)
    }

    /// A signed statement with the approvals of others.
    func sign(
        _ body: StatementBody,
        id: String = "",
        by signer: Founder,
        and approvers: [Founder] = [],
        at time: UInt64 = start
    ) throws -> Statement {
        var draft = StatementDraft(
            body,
            id: id,
            issuer: signer.id,
            audience: Self.origin,
            issuedAt: time
        )
        draft.approvals = approvers.map { draft.approval(by: $0.id, at: time, with: $0.key) }
        return try draft.signed(with: signer.key)
    }

    /// A signed claim of `chip-a` for the university of Kenya.
    func claim(
        _ id: String = "c-1",
        quantities: [UInt64] = [10],
        to organisation: String = "uni-ke",
        in country: String = "KE",
        source: ClaimReference? = nil,
        route: String = "LICENSE",
        at time: UInt64 = start
    ) throws -> Statement {
        let day = try #require(CalendarDate("2026-02-01"))
        let skus = ["chip-a", "chip-b"]
        return try sign(
            .claim(
                ClaimBody(
                    authority: route,
                    destination: country,
                    parties: [.init(role: "ultimate_consignee", organisation: organisation)],
                    lines: quantities.enumerated().map {
                        ClaimLine(sku: skus[$0.offset % 2], quantity: $0.element)
                    },
                    exported: day,
                    source: source
                )
            ),
            id: id,
            by: exporter,
            at: time
        )
    }

    /// An event of a claim, signed as the default of its kind asks.
    func event(
        _ event: ClaimEvent,
        id: String,
        on claim: ClaimReference = ClaimReference(issuer: "chipco", id: "c-1"),
        at time: UInt64 = start
    ) throws -> Statement {
        let signers: [Founder] =
            switch event.kind {
            case .consent: [receiving]
            case .licence: [exporting]
            case .test: [inspector]
            case .ship, .tags, .amendUp, .resolve, .writeOff, .correct: [exporter]
            case .accept, .presence: [consignee]
            case .transfer: [consignee, receiving]
            case .turnBack: [exporter, exporting]
            case .retire: [consignee, inspector]
            case .lost, .found, .dispute, .disclose: [consignee]
            case .amendDown: [exporter, third]
            }
        return try sign(
            .event(EventBody(claim: claim, event: event)),
            id: id,
            by: signers[0],
            and: Array(signers.dropFirst()),
            at: time
        )
    }

    /// A block of candidates on a state.
    func build(_ statements: [Statement], on state: LedgerState, time: UInt64? = nil) -> BlockBuild
    {
        state.build(
            statements,
            context: BlockContext(
                view: state.height + 1,
                proposer: exporting.id,
                time: time ?? state.blockTime
            )
        )
    }

    /// The state after statements that must all pass, each in a block of its own.
    func apply(
        _ statements: [Statement],
        to state: LedgerState,
        time: UInt64? = nil
    ) throws -> LedgerState {
        var state = state
        for statement in statements {
            let built = build([statement], on: state, time: time)
            if let refused = built.refused.first { throw refused.refusal }
            let result = try #require(built.result)
            #expect(try state.verify(result.block).lastHeaderHash == result.state.lastHeaderHash)
            state = result.state
        }
        return state
    }

    /// A state in which the claim `c-1` of ten pieces stands in one bucket, by the ordinary way.
    func state(_ bucket: Bucket) throws -> LedgerState {
        let claimed = try apply([try claim()], to: try start())
        return try apply(
            try way(to: bucket).enumerated().map {
                try event($0.element, id: "way-\(bucket.rawValue)-\($0.offset)")
            },
            to: bucket == .expired ? try apply([try cancel()], to: claimed) : claimed
        )
    }

    /// The exporter's withdrawal of `c-1`.
    func cancel() throws -> Statement {
        try sign(.cancel(CancelBody(claim: "c-1", reason: "not shipped")), by: exporter)
    }

    /// The events that bring ten reserved pieces to a bucket.
    private func way(to bucket: Bucket) throws -> [ClaimEvent] {
        let today = try #require(CalendarDate("2026-01-01"))
        let end = try #require(CalendarDate("2026-12-31"))
        let licence = ClaimEvent.licence(quantities: nil, expires: end, digest: nil)
        let ship = ClaimEvent.ship(quantities: [10], date: today, tags: [], digest: nil)
        let accept = ClaimEvent.accept(quantities: [10], date: today, isFinal: false)
        switch bucket {
        case .reserved, .expired: return []
        case .licensed: return [licence]
        case .inTransit: return [licence, ship]
        case .delivered: return [licence, ship, accept]
        case .shortfall:
            return [licence, ship, .accept(quantities: [0], date: today, isFinal: true)]
        case .disputed:
            return [
                licence, ship, accept, .dispute(quantities: [10], from: .delivered, digest: .zero),
            ]
        case .lost: return [licence, ship, accept, .lost(quantities: [10], from: .delivered)]
        case .returned:
            return [licence, ship, accept, .turnBack(quantities: [10], from: .delivered, tags: [])]
        case .retired:
            return [licence, ship, accept, .retire(quantities: [10], tags: [], digest: nil)]
        case .passedOn:
            return [
                licence, ship, accept,
                .transfer(organisation: "lab-ke", facility: nil, quantities: nil, tags: []),
            ]
        }
    }

    /// The record of a claim, which must be there.
    func record(_ state: LedgerState, _ id: String = "c-1") throws -> ClaimRecord {
        try #require(state.claim(issuer: "chipco", id: id))
    }

    /// What the account of a limit and its first subject holds, which must be there.
    func total(_ state: LedgerState, _ limit: String, _ subject: String) throws -> AccountTotal {
        try #require(
            state.accounts.first { $0.key.limit == limit && $0.key.subject == [subject] }?.total
        )
    }
}

extension CBORValue {
    subscript(key: String) -> CBORValue? { self[.text(key)] }
}

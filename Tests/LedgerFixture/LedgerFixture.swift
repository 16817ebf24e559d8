public import CBOR
public import Ledger
import QuotaCrypto
import QuotaRules

/// A ledger of four founders (three governments, one exporter) with ``FixtureRules``, and short ways
/// to make statements for it.
///
/// Everything follows from constants: two fixtures are the same ledger.
public struct LedgerFixture: Sendable {
    /// The origin.
    public static let origin = "quota.example/test-2026"
    /// The time of genesis: 2026-01-01T00:00:00Z.
    public static let start: UInt64 = 1_767_225_600

    /// The founders, ascending by id: `ae-mofa`, `chipco`, `nl-cdiu`, `us-bis`.
    public let founders: [Founder]
    /// The genesis statement.
    public let genesis: Statement

    /// The exporter among the founders.
    public let exporter: Founder
    /// One of the governments.
    public let government: Founder
    /// Another one.
    public var otherGovernment: Founder { founders[2] }

    /// Makes the ledger.
    ///
    /// - Throws: If one of its constants is not accepted.
    public init(policy: CBORValue = FixtureRules.policy()) throws {
        exporter = try Founder("chipco", .exporter, "US")
        government = try Founder("us-bis", .government, "US")
        founders = [
            try Founder("ae-mofa", .government, "AE"), exporter,
            try Founder("nl-cdiu", .government, "NL"), government,
        ]
        let body = GenesisBody(
            origin: Self.origin,
            time: Self.start,
            members: try founders.map { founder in
                try StatementDraft(
                    .member(try founder.card(origin: Self.origin)),
                    issuer: founder.id,
                    audience: Self.origin,
                    issuedAt: Self.start
                ).signed(with: founder.key).bytes
            },
            policy: policy.encoded(),
            catalogue: FixtureRules.catalogue.encoded()
        )
        genesis = try Self.genesis(body, founders: founders, signer: government)
    }

    /// A genesis statement with the given body that every founder signs.
    public static func genesis(
        _ body: GenesisBody,
        founders: [Founder],
        signer: Founder
    ) throws -> Statement {
        var draft = StatementDraft(
            .genesis(body),
            issuer: signer.id,
            audience: body.origin,
            issuedAt: body.time
        )
        draft.approvals = founders.filter { $0.id != signer.id }.map {
            draft.approval(by: $0.id, at: body.time, with: $0.key)
        }
        return try draft.signed(with: signer.key)
    }

    /// The state after genesis.
    public func state() throws -> LedgerState {
        try LedgerState.genesis(genesis.bytes).state
    }

    /// A statement of any kind.
    public func statement(
        _ body: StatementBody,
        id: String = "",
        by member: Founder? = nil,
        at time: UInt64 = start,
        approvers: [Founder] = []
    ) throws -> Statement {
        let signer = member ?? exporter
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

    /// An organisation in one country, registered by ``government`` and ``otherGovernment``.
    public func organisation(
        _ id: String,
        in country: String,
        parent: OrganisationBody.Parent? = nil,
        at time: UInt64 = start
    ) throws -> Statement {
        try statement(
            .organisation(
                OrganisationBody(
                    id: id,
                    location: country,
                    headquarters: country,
                    parent: parent,
                    name: SHA256.hash(Array(id.utf8))
                )
            ),
            by: government,
            at: time,
            approvers: [otherGovernment]
        )
    }

    /// A claim body for one chip type to one consignee.
    public func claimBody(
        to organisation: String,
        in country: String,
        sku: String = "chip-a",
        quantity: UInt64,
        route: String = "LICENSE",
        exported: String = "2026-02-01"
    ) throws -> ClaimBody {
        guard let day = CalendarDate(exported) else { throw NotADate(text: exported) }
        return ClaimBody(
            authority: route,
            destination: country,
            parties: [ClaimBody.Party(role: "ultimate_consignee", organisation: organisation)],
            lines: [ClaimLine(sku: sku, quantity: quantity)],
            exported: day
        )
    }

    /// A signed claim for one chip type to one consignee.
    public func claim(
        _ id: String,
        to organisation: String,
        in country: String,
        sku: String = "chip-a",
        quantity: UInt64,
        route: String = "LICENSE",
        by member: Founder? = nil,
        at time: UInt64 = start
    ) throws -> Statement {
        try statement(
            .claim(
                try claimBody(
                    to: organisation,
                    in: country,
                    sku: sku,
                    quantity: quantity,
                    route: route
                )
            ),
            id: id,
            by: member,
            at: time
        )
    }

    /// A signed cancellation of a claim.
    public func cancel(
        _ claim: String,
        reason: String = "not shipped",
        by member: Founder? = nil
    ) throws -> Statement {
        try statement(.cancel(CancelBody(claim: claim, reason: reason)), by: member)
    }

    /// The block of the given candidates on top of `state`, proposed by ``government``, in the view
    /// after as many as there are blocks if none is given.
    public func build(
        _ candidates: [Statement],
        on state: LedgerState,
        view: UInt64? = nil,
        time: UInt64 = start
    ) -> BlockBuild {
        state.build(
            candidates,
            context: BlockContext(
                view: view ?? state.height + 1,
                proposer: government.id,
                time: time
            )
        )
    }

    /// The state after a block of the given candidates, which must all pass.
    public func state(
        after candidates: [Statement],
        on state: LedgerState,
        view: UInt64? = nil,
        time: UInt64 = start
    ) throws -> LedgerState {
        let build = build(candidates, on: state, view: view, time: time)
        if let refused = build.refused.first { throw refused.refusal }
        return build.result?.state ?? state
    }

    private struct NotADate: Error {
        let text: String
    }
}

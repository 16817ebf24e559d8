public import Ledger
public import LedgerFixture
public import MerkleLog
import QuotaCrypto
import QuotaRules
public import Transparency
public import Verifier

/// The ledger that the vectors are taken from: that of ``LedgerFixture`` with a few blocks on it.
///
/// Everything follows from constants. A new kind of statement becomes a vector, and part of the
/// published example, by one line in ``statementsOfEveryKind``.
public struct VectorLedger: Sendable {
    /// The time of every signature of a node.
    public static let signed = LedgerFixture.start + 1_000

    /// Members, keys and short ways to make statements.
    public let fixture: LedgerFixture
    /// The state after each block; the first is genesis.
    public private(set) var states: [LedgerState]
    /// The blocks.
    public private(set) var blocks: [Block]

    /// The ledger with `claims` further claims in blocks of 25.
    public init(claims: Int = 0) throws {
        fixture = try LedgerFixture()
        let (state, block) = try LedgerState.genesis(fixture.genesis.bytes)
        states = [state]
        blocks = [block]
        for statements in try statementsOfEveryKind() { try add(statements) }
        for first in stride(from: 0, to: claims, by: 25) {
            try add(
                try (first..<min(first + 25, claims)).map {
                    try fixture.claim("n-\($0)", to: "lab-ke", in: "KE", quantity: 1)
                }
            )
        }
    }

    /// The statements of the blocks after genesis, a list a block.
    private func statementsOfEveryKind() throws -> [[Statement]] {
        let newcomer = try Founder("sg-customs", .government, "SG")
        return [
            [
                try fixture.organisation("lab-ke", in: "KE"),
                try fixture.organisation(
                    "lab-nl",
                    in: "NL",
                    parent: OrganisationBody.Parent(id: "group-us", headquarters: "US")
                ),
            ],
            [
                try fixture.claim("c-1", to: "lab-ke", in: "KE", quantity: 3),
                try fixture.claim("c-2", to: "lab-nl", in: "NL", quantity: 4),
                try fixture.claim("c-3", to: "lab-ke", in: "KE", quantity: 20, route: "LPP"),
            ],
            [
                try fixture.cancel("c-2"),
                try fixture.claim("c-4", to: "lab-ke", in: "KE", sku: "chip-b", quantity: 5),
            ],
            try decided("p-1", .member(try fixture.cardStatement(of: newcomer)))
                + decided("p-2", .policy(try policy()))
                + decided("p-3", .catalogue(CatalogueSuccession(try catalogue()))),
            [try fixture.suspension("s-1", of: "sg-customs"), try facility()],
        ] + (try consignment()) + [[try inventory()], [try confidentialClaim()]]
    }

    /// One claim that is licensed, shipped, and accepted with one item missing: a block each, since
    /// inside a block nobody chooses the order.
    private func consignment() throws -> [[Statement]] {
        let government = fixture.government
        return [
            [
                try event(
                    "e-licence",
                    .licence(quantities: nil, expires: day("2026-06-30"), digest: nil),
                    by: government
                )
            ],
            [
                try event(
                    "e-ship",
                    .ship(quantities: [3], date: day("2026-01-01"), tags: tags, digest: nil),
                    by: fixture.exporter
                )
            ],
            [
                try event(
                    "e-accept",
                    .accept(quantities: [2], date: day("2026-01-01"), isFinal: true),
                    by: government
                )
            ],
        ]
    }

    private func event(_ id: String, _ event: ClaimEvent, by member: Founder) throws -> Statement {
        let claim = ClaimReference(issuer: fixture.exporter.id, id: "c-1")
        return try fixture.statement(
            .event(EventBody(claim: claim, event: event)),
            id: id,
            by: member
        )
    }

    /// The tags of three chips.
    var tags: [ChipTag] { (0..<3).compactMap { ChipTag([UInt8](repeating: $0, count: 16)) } }

    private func inventory() throws -> Statement {
        try fixture.statement(
            .inventory(
                InventoryBody(
                    country: "US",
                    date: try day("2025-12-31"),
                    lines: [ClaimLine(sku: "chip-a", quantity: 100)],
                    root: SHA256.hash([1])
                )
            ),
            by: fixture.government,
            approvers: [fixture.founders[2]]
        )
    }

    /// What the claim `c-5` hides behind salted digests.
    public static let openings = [
        ("licence", "L-77"), ("site", "Hall 4, \u{201c}Nairobi\u{201d} <KE>"),
    ]
    .enumerated().map { place, pair in
        Opening(
            salt: [UInt8](repeating: UInt8(place), count: Opening.saltByteCount),
            field: pair.0,
            value: pair.1
        )
    }

    private func confidentialClaim() throws -> Statement {
        let body = ClaimBody(
            authority: "LICENSE",
            destination: "KE",
            parties: [ClaimBody.Party(role: "ultimate_consignee", organisation: "lab-ke")],
            lines: [ClaimLine(sku: "chip-a", quantity: 2)],
            exported: try day("2026-02-01"),
            details: Self.openings.map { ClaimBody.Detail(field: $0.field, digest: $0.digest) }
        )
        return try fixture.statement(.claim(body), id: "c-5")
    }

    /// A proposal and the vote that makes it pass.
    private func decided(_ id: String, _ action: ProposalAction) throws -> [Statement] {
        [
            try fixture.proposal(id, action),
            try fixture.vote(on: id, by: fixture.founders[2]),
        ]
    }

    private func policy() throws -> PolicySuccession {
        PolicySuccession(
            try Policy.decode(FixtureRules.policy(id: "test-policy-2")),
            effective: try day("2026-01-01")
        )
    }

    private func catalogue() throws -> ChipCatalogue {
        try ChipCatalogue.decode(FixtureRules.catalogue(id: "test-chips-2"))
    }

    private func facility() throws -> Statement {
        try fixture.statement(
            .facility(
                FacilityBody(
                    id: "hall-1",
                    country: "NL",
                    operatorID: "lab-nl",
                    owner: "lab-nl",
                    address: SHA256.hash([3]),
                    security: [
                        FacilityBody.Attestation(
                            paragraph: "14",
                            attested: try day("2025-12-01"),
                            digest: SHA256.hash([4])
                        )
                    ]
                )
            ),
            by: fixture.government
        )
    }

    /// A day of the calendar.
    func day(_ text: String) throws -> CalendarDate {
        guard let day = CalendarDate(text) else { throw MissingPart("the day \(text)") }
        return day
    }

    private mutating func add(_ statements: [Statement]) throws {
        let build = fixture.build(
            statements,
            on: last,
            view: UInt64(states.count),
            time: LedgerFixture.start + 10 * UInt64(states.count)
        )
        if let refused = build.refused.first { throw refused.refusal }
        guard let result = build.result else { return }
        states.append(result.state)
        blocks.append(result.block)
    }

    /// The state after the last block.
    public var last: LedgerState { states[states.count - 1] }

    /// Every leaf.
    public var leaves: [[UInt8]] { blocks.flatMap(\.leaves) }

    /// The tree of all leaves.
    public var tree: MemoryTree { MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) }) }

    /// The statements in the order of the log, genesis first.
    public var statements: [Statement] { blocks.flatMap(\.statements) }

    /// The checkpoint after a block, signed by the nodes of all founders or of the given ones.
    public func note(height: Int, by founders: [Founder]? = nil) throws -> SignedNote {
        let tree = states[height].tree
        let checkpoint = Checkpoint(
            origin: LedgerFixture.origin,
            size: tree.size,
            root: tree.root
        )
        return try SignedNote(
            text: checkpoint.text,
            signatures: try (founders ?? fixture.founders).flatMap {
                try $0.signatures(of: checkpoint, at: Self.signed)
            }
        )
    }

    /// A statement with the receipts of all founders' nodes at the last checkpoint.
    public func transparent(_ statement: Statement) throws -> TransparentStatement {
        let proof = try InclusionProof(index: index(of: statement), size: last.size, from: tree)
        return TransparentStatement(
            statement,
            receipts: try fixture.founders.map {
                try $0.receipt(for: statement, proof: proof, at: Self.signed).bytes
            }
        )
    }

    /// The place of a statement in the log.
    public func index(of statement: Statement) throws -> UInt64 {
        guard let index = leaves.firstIndex(of: statement.bytes) else { throw NotThere() }
        return UInt64(index)
    }

    /// The proof of what the state map holds under a key after a block.
    public func total(_ key: [UInt8], height: Int) throws -> TlogProof {
        let state = states[height]
        let path = try InclusionProof(index: state.size - 1, size: state.size, from: tree).path
        return state.totalProof(for: key, path: path, note: try note(height: height))
    }

    private struct NotThere: Error {}
}

import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import TestSupport
import Testing

/// A ledger on which statements of every kind are drawn from a seed, about a third of them wrong on
/// purpose.
///
/// What is drawn looks at the state, so that most of the rest passes: an event fits where its claim
/// stands, a vote goes to something open.
struct History {
    static let day: UInt64 = 86_400
    static let candidatesMax = 20
    static let permitsMax = 40
    static let countries = ["KE", "MY", "NL", "SG", "TZ"]

    var random: SplitMix64
    private(set) var state: LedgerState
    private(set) var time: UInt64
    /// Who can sign with which key, old keys too.
    private var keys: [Ed25519.PublicKey: Ed25519.PrivateKey] = [:]
    /// The keys that members had at first.
    private(set) var firstKeys: [String: Ed25519.PrivateKey] = [:]
    /// Those who run nodes, as long as they do.
    private(set) var founders: [Founder] = []
    /// The claims, in the order of their admission.
    private(set) var claims: [ClaimReference] = []
    /// The tags that were live in a claim when it was last looked at.
    var tags: [ClaimReference: [ChipTag]] = [:]
    /// Claims that a proposal would let beyond caps, the latest ones.
    var permits: [(ClaimReference, ClaimBody)] = []
    /// The organisations and facilities that were ever registered. The tables of the state are sorted
    ///
    /// when they are asked for, which a long history cannot do at every draw.
    private(set) var organisationIDs: [String] = []
    private(set) var facilityIDs: [String] = []
    /// Who is a member, and who may become one.
    private var memberIDs: [String] = []
    var candidateIDs: [String] = []
    /// What was proposed and may still be open.
    private(set) var openBallots: [BallotSubject] = []
    private var earlier: [Statement] = []
    private var serial = 0
    /// What was admitted, by kind and event.
    private(set) var admitted: [String: Int] = [:]
    /// Why statements were refused.
    private(set) var refused: [RefusalCode: Int] = [:]
    private(set) var drawn = 0

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        let fixture = try ConsignmentFixture(
            allRunNodes: true,
            patch: { _ in HistoryRules.policy() }
        )
        state = try fixture.start()
        time = state.blockTime
        for founder in [
            fixture.exporter, fixture.exporting, fixture.receiving, fixture.third,
            fixture.consignee, fixture.inspector,
        ] {
            keys[founder.key.publicKey] = founder.key
            firstKeys[founder.id] = founder.key
            founders.append(founder)
        }
        organisationIDs = state.organisations.map(\.body.id)
        memberIDs = state.members.map(\.card.id)
    }

    // MARK: - Blocks

    /// Draws a block, applies it, and gives the states around it; nil if nothing passed.
    mutating func step() throws -> (before: LedgerState, block: Block, after: LedgerState)? {
        time += pick(0..<10) == 0 ? pick(0..<(4 * Self.day)) : pick(0..<(Self.day / 3))
        let candidates = try (0..<pick(10..<31)).map { _ in try statement() }
        drawn += candidates.count
        let before = state
        let build = before.build(
            candidates,
            context: BlockContext(
                view: before.height + 1,
                proposer: before.validators[pick(0..<before.validators.count)].id,
                time: time
            )
        )
        for refusal in build.refused { refused[refusal.refusal.code, default: 0] += 1 }
        guard let result = build.result else { return nil }
        let verified = try before.verify(try Block.decode(result.block.encoded()))
        #expect(verified.lastHeaderHash == result.state.lastHeaderHash)
        #expect(verified.checkpointText == result.block.checkpointText)
        for statement in result.block.statements { note(statement) }
        state = verified
        follow()
        return (before, result.block, verified)
    }

    private mutating func note(_ statement: Statement) {
        let identity = statement.identity
        var name = identity.kind.rawValue
        switch statement.body {
        case .claim: claims.append(.init(issuer: identity.issuer, id: identity.subject))
        case .event(let body):
            name += " \(body.event.kind.rawValue)"
            if case .transfer = body.event {
                claims.append(.init(issuer: identity.issuer, id: identity.subject))
            }
        case .proposal(let body):
            name += " \(body.action.matter.rawValue)"
            openBallots.append(.init(.proposal, issuer: identity.issuer, id: identity.subject))
        case .suspension:
            openBallots.append(.init(.suspension, issuer: identity.issuer, id: identity.subject))
        case .organisation(let body): organisationIDs.append(body.id)
        case .facility(let body): facilityIDs.append(body.id)
        case .vote(let body): name += " \(body.on.kind.rawValue)"
        default: break
        }
        admitted[name, default: 0] += 1
    }

    /// Forgets what is closed, and who left or never came.
    private mutating func follow() {
        openBallots = openBallots.filter { isOpen($0) }
        memberIDs += candidateIDs.filter { state.member($0) != nil }
        candidateIDs = candidateIDs.suffix(Self.candidatesMax).filter { state.member($0) == nil }
        memberIDs.removeAll { state.member($0).map { $0.ended != nil } ?? true }
        permits = permits.suffix(Self.permitsMax)
    }

    private func isOpen(_ ballot: BallotSubject) -> Bool {
        switch ballot.kind {
        case .proposal: state.proposal(issuer: ballot.issuer, id: ballot.id)?.state == .open
        case .suspension: state.suspension(issuer: ballot.issuer, id: ballot.id)?.state == .open
        case .claim: false
        }
    }

    // MARK: - Draws

    mutating func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func pick(_ range: Range<UInt64>) -> UInt64 {
        UInt64.random(in: range, using: &random)
    }

    mutating func pick<Item>(_ items: [Item]) -> Item? { items.randomElement(using: &random) }

    /// A name that was not used before.
    mutating func name(_ prefix: String) -> String {
        serial += 1
        return "\(prefix)-\(serial)"
    }

    /// A day near the block time.
    mutating func date(_ days: Range<Int>) throws -> CalendarDate {
        let today = try #require(CalendarDate(posixSeconds: time))
        return try #require(today.adding(days: pick(days)))
    }

    /// A claim, mostly a late one, with its record.
    mutating func claim() -> (ClaimReference, ClaimRecord)? {
        let from = pick(0..<8) == 0 ? 0 : max(0, claims.count - 150)
        guard from < claims.count else { return nil }
        let claim = claims[pick(from..<claims.count)]
        return state.claim(issuer: claim.issuer, id: claim.id).map { (claim, $0) }
    }

    /// The ids of the members with a role that were not expelled.
    func members(_ role: MemberRole? = nil) -> [String] {
        memberIDs.filter { role == nil || state.member($0)?.card.role == role }
    }

    mutating func member(_ role: MemberRole? = nil) -> String {
        pick(members(role)) ?? "us-bis"
    }

    // MARK: - Signing

    /// A key that follows from a name, known from now on.
    mutating func key(_ name: String) throws -> Ed25519.PrivateKey {
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("history \(name)".utf8)).bytes)
        keys[key.publicKey] = key
        return key
    }

    private func key(of member: String) -> Ed25519.PrivateKey? {
        state.member(member).flatMap { keys[$0.card.statementKey] } ?? firstKeys[member]
    }

    /// A statement that members sign with the keys that they have.
    func sign(
        _ body: StatementBody,
        id: String = "",
        by signer: String,
        and approvers: [String] = [],
        at time: UInt64? = nil,
        with other: Ed25519.PrivateKey? = nil
    ) throws -> Statement {
        let time = time ?? self.time
        var draft = StatementDraft(
            body,
            id: id,
            issuer: signer,
            audience: state.origin,
            issuedAt: time
        )
        draft.approvals = try approvers.map {
            draft.approval(by: $0, at: time, with: try #require(key(of: $0)))
        }
        return try draft.signed(with: try #require(other ?? key(of: signer)))
    }

    /// A statement of any kind.
    mutating func statement() throws -> Statement {
        if pick(0..<40) == 0, let again = pick(earlier) { return again }
        let statement = try pick(0..<3) == 0 ? wrongStatement() : rightStatement()
        if earlier.count < 200 {
            earlier.append(statement)
        } else {
            earlier[pick(0..<earlier.count)] = statement
        }
        return statement
    }

    /// A statement that has a good chance to pass.
    private mutating func rightStatement() throws -> Statement {
        switch pick(0..<100) {
        case 0: return try permittedClaim() ?? claimStatement()
        case 1: return try evidence()
        case 2..<34: return try claimStatement()
        case 34..<75: return try eventStatement()
        case 75..<79: return try cancelStatement()
        default: return try governanceStatement()
        }
    }

    /// A statement that most likely fails, each for one reason.
    private mutating func wrongStatement() throws -> Statement {
        switch pick(0..<9) {
        case 0: return try eventStatement(by: [member()])
        case 1: return try eventStatement(by: [member(), member()])
        case 2: return try eventStatement(beyond: pick(1..<1_000))
        case 3: return try claimStatement(quantity: pick(1..<(1 << 34)))
        case 4: return try claimStatement(to: "org-\(pick(0..<50))")
        case 5:
            let signer = member()
            return try sign(
                .cancel(CancelBody(claim: claims.last?.id ?? "none", reason: "wrong")),
                by: signer,
                with: firstKeys[member()]
            )
        case 6: return try claimStatement(at: time + pick(500..<100_000))
        case 7: return try claimStatement(at: time - min(time, pick(300..<900) * Self.day))
        default: return try governanceStatement(by: member())
        }
    }
}

import Ledger
import LedgerFixture
import QuotaCrypto
import StateMap
import Testing

/// Validators that join, leave and change keys, and the block that seals an epoch.
struct EpochTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let newcomer: Founder

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state()
        newcomer = try Founder("gpuco", .exporter, "US")
    }

    /// The node card of `member` with keys that follow from `seed`.
    private func node(_ member: Founder, seed: String? = nil, peer: String = "127.0.0.1:7001")
        throws -> NodeCard
    {
        let other = try seed.map { try SecretSeed(SHA256.hash(Array($0.utf8)).bytes) }
        return try NodeCard(
            seed: other ?? member.seed,
            member: member.id,
            origin: LedgerFixture.origin,
            peer: peer,
            api: "http://127.0.0.1:8001"
        )
    }

    private func card(_ member: Founder, _ node: NodeCard?) throws -> Statement {
        try fixture.cardStatement(of: member, node: node)
    }

    /// What the node of `member` signs when it holds the log up to `size`.
    private func ready(
        _ member: Founder,
        _ node: NodeCard,
        epoch: UInt64 = 2,
        size: UInt64,
        seed: SecretSeed? = nil
    ) throws -> Statement {
        try StatementDraft(
            .ready(ReadyBody(epoch: epoch, node: node.digest, size: size)),
            issuer: member.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        ).signed(with: (seed ?? member.seed).key(for: .log))
    }

    private func joining() throws -> LedgerState {
        try fixture.state(
            deciding: "join",
            .member(try card(newcomer, try node(newcomer))),
            on: base
        )
    }

    private func refusal(_ action: ProposalAction, on state: LedgerState? = nil) throws -> Refusal?
    {
        (state ?? base).refusal(of: try fixture.proposal("p-x", action))
    }

    private func checkSame(_ state: LedgerState) throws {
        let restored = try state.restored()
        #expect(restored.epoch == state.epoch)
        #expect(restored.map.root == state.map.root)
    }

    @Test func `a voted node waits until it says that it is ready, and that seals the epoch`()
        throws
    {
        let pending = try joining()
        #expect(pending.epoch.number == 1)
        #expect(pending.validators.count == 4)
        #expect(pending.lastHeader.validators == base.lastHeader.validators)
        #expect(pending.epoch.awaited.map(\.id) == ["gpuco"])
        try checkSame(pending)
        let word = try ready(newcomer, try node(newcomer), size: pending.size)
        try pending.checkSignature(word)
        let build = fixture.build([word], on: pending)
        let (block, sealed) = try #require(build.result)
        #expect(sealed.epoch.number == 2)
        #expect(sealed.epoch.sealHeight == block.header.height)
        #expect(sealed.validators.map(\.id) == ["ae-mofa", "chipco", "gpuco", "nl-cdiu", "us-bis"])
        #expect(block.header.validators == Validator.digest(of: sealed.validators))
        #expect(!sealed.epoch.isChanging)
        #expect(try pending.verify(block).epoch == sealed.epoch)
        #expect(sealed.map[StateKey.validators] != nil)
        try checkSame(sealed)
    }

    @Test func `views grow within an epoch, and begin again with the next`() throws {
        let pending = try joining()
        let word = try ready(newcomer, try node(newcomer), size: pending.size)
        let sealed = try fixture.state(after: [word], on: pending, view: 90)
        func field(_ state: LedgerState, _ first: UInt64, _ view: UInt64) throws -> String? {
            let claim = try fixture.claim("c-9", to: "lab-ke", in: "KE", quantity: 1)
            let start = try fixture.state(
                after: [try fixture.organisation("lab-ke", in: "KE")],
                on: state,
                view: first
            )
            let block = try #require(fixture.build([claim], on: start, view: view).result).block
            do throws(LedgerError) {
                _ = try start.verify(block)
            } catch {
                guard case .header(let field, _, _) = error else { throw error }
                return field
            }
            return nil
        }
        #expect(try field(pending, 91, 92) == nil)
        #expect(try field(pending, 91, 91) == "view")
        #expect(try field(pending, 91, 90) == "view")
        #expect(try field(sealed, 1, 2) == nil)
        #expect(try field(sealed, 1, 1) == "view")
        let first = try #require(
            fixture.build([try fixture.organisation("o", in: "KE")], on: sealed, view: 0).result
        )
        #expect(throws: LedgerError.self) { try sealed.verify(first.block) }
    }

    @Test
    func `readiness is signed by the new log key, for this card, this epoch and what it names`()
        throws
    {
        let pending = try joining()
        let card = try node(newcomer)
        let size = pending.size
        let cases: [(Statement, RefusalCode)] = [
            (try ready(newcomer, card, size: size, seed: fixture.exporter.seed), .wrongKey),
            (try ready(newcomer, card, epoch: 3, size: size), .notOpen),
            (try ready(newcomer, try node(newcomer, seed: "x"), size: size), .validatorChange),
            (try ready(newcomer, card, size: 1), .malformed),
            (try ready(newcomer, card, size: size + 1), .malformed),
            (try ready(fixture.exporter, try node(fixture.exporter), size: size), .notOpen),
        ]
        for (statement, code) in cases {
            #expect(pending.refusal(of: statement)?.code == code)
        }
        #expect(pending.refusal(of: try ready(newcomer, card, size: size)) == nil)
        #expect(base.refusal(of: try ready(newcomer, card, size: 2))?.code == .unknownIssuer)
    }

    @Test func `no more than f validators change at one seal`() throws {
        let pending = try joining()
        let second = try Founder("labco", .exporter, "US")
        let path = "$.payload.body.action.card.payload.body.node"
        let refused = try refusal(.member(try card(second, try node(second))), on: pending)
        #expect(refused?.code == .validatorChange)
        #expect(refused?.path == path)
        let leave = try refusal(.key(try card(fixture.exporter, nil)), on: pending)
        #expect(leave?.code == .validatorChange)
        // What waits can be taken back, and something else decided.
        let undone = try fixture.state(
            deciding: "undo",
            .key(try card(newcomer, nil)),
            on: pending
        )
        #expect(!undone.epoch.isChanging)
        #expect(try refusal(.member(try card(second, try node(second))), on: undone) == nil)
    }

    @Test func `four validators are the fewest`() throws {
        let path = "$.payload.body.action.card.payload.body.node"
        let refused = try refusal(.key(try card(fixture.exporter, nil)))
        #expect(refused?.code == .validatorChange)
        #expect(refused?.path == path)
        let expelled = try refusal(.expel(member: "chipco"))
        #expect(expelled?.code == .validatorChange)
        #expect(expelled?.path == "$.payload.body.action.member")
    }

    @Test func `a validator leaves by votes, and the block that decides it seals`() throws {
        var state = try joining()
        let word = try ready(newcomer, try node(newcomer), size: state.size)
        state = try fixture.state(after: [word], on: state)
        let left = try fixture.state(deciding: "out", .expel(member: "chipco"), on: state)
        #expect(left.epoch.number == 3)
        #expect(left.validators.map(\.id) == ["ae-mofa", "gpuco", "nl-cdiu", "us-bis"])
        try checkSame(left)
        let stopped = try fixture.state(
            deciding: "stop",
            .key(try card(fixture.exporter, nil)),
            on: state
        )
        #expect(stopped.epoch.number == 3)
        #expect(stopped.member("chipco")?.ended == nil)
        // Its statement key is the same, so it need not cool off.
        #expect(stopped.member("chipco")?.usableFrom == 0)
    }

    @Test func `a rotation replaces all four keys, each proven, at the seal and not before`() throws
    {
        let chipco = fixture.exporter
        let fresh = try node(chipco, seed: "new seed")
        let pending = try fixture.state(deciding: "rotate", .key(try card(chipco, fresh)), on: base)
        #expect(pending.validators == base.validators)
        let seed = try SecretSeed(SHA256.hash(Array("new seed".utf8)).bytes)
        let word = try ready(chipco, fresh, size: pending.size, seed: seed)
        let sealed = try fixture.state(after: [word], on: pending)
        #expect(sealed.validators.first { $0.id == "chipco" }?.node == fresh)
        #expect(sealed.epoch.number == 2)
        try checkSame(sealed)
    }

    @Test func `keys without proof, of another, or half new are refused with their path`() throws {
        let path = "$.payload.body.action.card.payload.body.node"
        let fresh = try node(newcomer)
        let other = try node(fixture.exporter)
        let unproven = NodeCard(
            vote: fresh.vote,
            log: fresh.log,
            cosigner: fresh.cosigner,
            transport: fresh.transport,
            peer: fresh.peer,
            api: fresh.api,
            proofs: other.proofs
        )
        let refused = try refusal(.member(try card(newcomer, unproven)))
        #expect(refused?.code == .badSignature)
        #expect(refused?.path == "\(path).proofs.vote")
        let elsewhere = try NodeCard(
            seed: newcomer.seed,
            member: newcomer.id,
            origin: "quota.example/other",
            peer: "h:1",
            api: "http://h"
        )
        #expect(try refusal(.member(try card(newcomer, elsewhere)))?.code == .badSignature)
        let stolen = try NodeCard(
            seed: fixture.exporter.seed,
            member: newcomer.id,
            origin: LedgerFixture.origin,
            peer: "h:1",
            api: "http://h"
        )
        #expect(try refusal(.member(try card(newcomer, stolen)))?.code == .conflict)
    }

    @Test func `a new address changes nobody's keys, and needs no readiness`() throws {
        let chipco = fixture.exporter
        let moved = try node(chipco, peer: "chipco.example:7002")
        let state = try fixture.state(deciding: "move", .key(try card(chipco, moved)), on: base)
        #expect(state.epoch.number == 2)
        #expect(state.lastHeader.validators == base.lastHeader.validators)
        #expect(state.validators.first { $0.id == "chipco" }?.node.peer == "chipco.example:7002")
    }

    @Test func `the invariants hold over seals and notice a set that nobody sealed`() throws {
        let pending = try joining()
        let word = try ready(newcomer, try node(newcomer), size: pending.size)
        let (block, sealed) = try #require(fixture.build([word], on: pending).result)
        #expect(LedgerInvariants.check(before: pending, block: block, after: sealed).isEmpty)
        #expect(!LedgerInvariants.check(before: sealed, block: block, after: sealed).isEmpty)
    }
}

import CBOR
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import Testing

/// How a ledger starts.
struct GenesisTests {
    let fixture: LedgerFixture

    init() throws {
        fixture = try LedgerFixture()
    }

    private func body() throws -> GenesisBody {
        guard case .genesis(let body) = fixture.genesis.body else { throw NotGenesis() }
        return body
    }

    private struct NotGenesis: Error {}

    private func signed(
        members: [[UInt8]]? = nil,
        policy: [UInt8]? = nil,
        organisations: [[UInt8]] = [],
        founders: [Founder]? = nil,
        signer: Founder? = nil
    ) throws -> [UInt8] {
        let old = try body()
        let body = GenesisBody(
            origin: old.origin,
            time: old.time,
            members: members ?? old.members,
            policy: policy ?? old.policy,
            catalogue: old.catalogue,
            organisations: organisations
        )
        return try LedgerFixture.genesis(
            body,
            founders: founders ?? fixture.founders,
            signer: signer ?? fixture.government
        ).bytes
    }

    @Test func `a genesis statement and its header are the first two leaves`() throws {
        let (state, block) = try LedgerState.genesis(fixture.genesis.bytes)
        #expect(state.size == 2)
        #expect(block.header.index == 1)
        #expect(block.header.height == 0)
        #expect(block.header.previousHash == fixture.genesis.leafHash)
        #expect(block.leaves == [fixture.genesis.bytes, block.headerBytes])
        #expect(state.tree.root == TreeHash.node(block.leafHashes[0], block.leafHashes[1]))
        #expect(state.chainID == SHA256.hash(fixture.genesis.bytes))
        #expect(block.header.mapRoot == state.map.root)
        #expect(block.checkpointText == state.checkpointText)
        #expect(state.validators.map(\.id) == ["ae-mofa", "chipco", "nl-cdiu", "us-bis"])
        #expect(block.header.validators == Validator.digest(of: state.validators))
        #expect(try Statement.decode(fixture.genesis.bytes).body == fixture.genesis.body)
    }

    @Test func `two nodes that read the same genesis have the same state`() throws {
        let first = try fixture.state()
        let second = try LedgerFixture().state()
        #expect(first.lastHeaderHash == second.lastHeaderHash)
        #expect(first.tree == second.tree)
    }

    @Test func `every founder must sign`() throws {
        let three = fixture.founders.filter { $0.id != "ae-mofa" }
        let refusal = try #require(genesisRefusal(try signed(founders: three)))
        #expect(refusal.code == .approvalsMissing)
        #expect(refusal.message.contains("ae-mofa"))
    }

    @Test func `only a founder may sign`() throws {
        let stranger = try Founder("stranger", .government, "FR")
        let refusal = try #require(genesisRefusal(try signed(signer: stranger)))
        #expect(refusal.code == .unknownIssuer)
    }

    @Test func `members stand in order, once`() throws {
        let members = try body().members
        for wrong in [Array(members.reversed()), members + [members[3]]] {
            let refusal = try #require(genesisRefusal(try signed(members: wrong)))
            #expect(refusal.code == .malformed)
            #expect(refusal.path?.hasPrefix("$.payload.body.members[") == true)
        }
    }

    @Test func `a card for another ledger is refused`() throws {
        let founder = fixture.founders[0]
        let card = try StatementDraft(
            .member(try founder.card(origin: "quota.example/other")),
            issuer: founder.id,
            audience: "quota.example/other",
            issuedAt: LedgerFixture.start
        ).signed(with: founder.key)
        let members = [card.bytes] + (try body().members.dropFirst())
        let refusal = try #require(genesisRefusal(try signed(members: members)))
        #expect(refusal.code == .wrongOrigin)
        #expect(refusal.path == "$.payload.body.members[0].protected.15.3")
    }

    @Test func `a card that was signed long before is refused by its place`() throws {
        let founder = fixture.founders[0]
        let card = try fixture.statement(
            .member(try founder.card(origin: LedgerFixture.origin)),
            by: founder,
            at: LedgerFixture.start - StatementTime.behindMax - 1
        )
        let members = [card.bytes] + (try body().members.dropFirst())
        let refusal = try #require(genesisRefusal(try signed(members: members)))
        #expect(refusal.code == .tooOld)
        #expect(refusal.path == "$.payload.body.members[0].protected.15.6")
    }

    @Test func `a key that its member cannot prove to hold is refused`() throws {
        let founder = fixture.founders[0]
        let card = try founder.card(origin: LedgerFixture.origin)
        let node = try #require(card.node)
        let proofs = KeyProofs(
            vote: node.proofs.vote,
            log: node.proofs.log,
            cosigner: node.proofs.transport,
            transport: node.proofs.transport
        )
        let wrong = MemberCard(
            id: card.id,
            name: card.name,
            role: card.role,
            country: card.country,
            statementKey: card.statementKey,
            node: NodeCard(
                vote: node.vote,
                log: node.log,
                cosigner: node.cosigner,
                transport: node.transport,
                peer: node.peer,
                api: node.api,
                proofs: proofs
            )
        )
        let statement = try fixture.statement(.member(wrong), by: founder)
        let members = [statement.bytes] + (try body().members.dropFirst())
        let refusal = try #require(genesisRefusal(try signed(members: members)))
        #expect(refusal.code == .badSignature)
        #expect(refusal.path == "$.payload.body.members[0].payload.body.node.proofs.cosigner")
    }

    @Test func `one key serves one member and one purpose`() throws {
        let (first, second) = (fixture.founders[0], fixture.founders[1])
        let own = try second.card(origin: LedgerFixture.origin)
        let card = MemberCard(
            id: own.id,
            name: own.name,
            role: own.role,
            country: own.country,
            statementKey: own.statementKey,
            node: try NodeCard(
                seed: first.seed,
                member: own.id,
                origin: LedgerFixture.origin,
                peer: "127.0.0.1:1",
                api: "http://127.0.0.1:2"
            )
        )
        var members = try body().members
        members[1] = try fixture.statement(.member(card), by: second).bytes
        let refusal = try #require(genesisRefusal(try signed(members: members)))
        #expect(refusal.path == "$.payload.body.members[1]")
        #expect(refusal.message.contains("another member"))
    }

    @Test func `a founder's second key agrees to its card, and is nobody else's`() throws {
        let (first, second) = (fixture.founders[0], fixture.founders[1])
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("second".utf8)).bytes)
        let node = try second.card(origin: LedgerFixture.origin).node
        var members = try body().members
        members[1] = try fixture.cardStatement(of: second, coKey: key, node: node).bytes
        let state = try LedgerState.genesis(try signed(members: members)).state
        #expect(state.member(second.id)?.card.coKey == key.publicKey)
        let signed = try Statement.decode(members[1])
        var draft = StatementDraft(
            signed.body,
            issuer: second.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        members[1] = try draft.signed(with: second.key).bytes
        let silent = try #require(genesisRefusal(try self.signed(members: members)))
        #expect(silent.code == .secondKeyMissing)
        #expect(silent.path == "$.payload.body.members[1].payload.approvals")
        let proof = draft.approval(by: second.id, at: LedgerFixture.start + 1, with: key).bytes
        let damaged = proof.dropLast() + [proof[proof.count - 1] ^ 1]
        draft.approvals = [try Approval.decode(Array(damaged), kind: .member)]
        members[1] = try draft.signed(with: second.key).bytes
        let forged = try #require(genesisRefusal(try self.signed(members: members)))
        #expect(forged.code == .badSignature)
        members[1] = try fixture.cardStatement(of: second, coKey: first.key, node: node).bytes
        let taken = try #require(genesisRefusal(try self.signed(members: members)))
        #expect(taken.message.contains("another member"))
    }

    @Test func `a policy that cannot be read is named by its field`() throws {
        let refusal = try #require(genesisRefusal(try signed(policy: CBORValue.map([]).encoded())))
        #expect(refusal.code == .malformed)
        #expect(refusal.path == "$.payload.body.policy.format")
    }

    @Test func `founding governments may bring organisations`() throws {
        let approved = try fixture.organisation("uni-ke", in: "KE")
        let refusal = try #require(
            genesisRefusal(try signed(organisations: [approved.bytes]))
        )
        #expect(refusal.path == "$.payload.body.organisations[0].payload.approvals")
        let organisation = try fixture.statement(approved.body, by: fixture.government)
        let state = try LedgerState.genesis(
            try signed(organisations: [organisation.bytes])
        ).state
        #expect(state.organisation("uni-ke")?.issuer == "us-bis")
        guard case .duplicate(0) = state.admit(organisation) else {
            Issue.record("expected a duplicate of leaf 0")
            return
        }
    }

    @Test func `anything but a genesis statement is refused`() throws {
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        #expect(genesisRefusal(claim.bytes)?.code == .notAuthorised)
        #expect(genesisRefusal([])?.code == .malformed)
        #expect(genesisRefusal(Array(fixture.genesis.bytes.dropLast()))?.code == .malformed)
    }
}

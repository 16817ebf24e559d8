import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import StateMap
import TestSupport
import Testing

/// Blocks: made by one, checked by all.
struct BlockTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let claims: [Statement]
    let block: Block

    init() throws {
        let fixture = try LedgerFixture()
        self.fixture = fixture
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
        claims = try (0..<12).map {
            try fixture.claim("c-\($0)", to: "uni-ke", in: "KE", quantity: 1)
        }
        block = try #require(fixture.build(claims, on: base).result).block
    }

    private func error(_ block: Block, expecting context: BlockContext? = nil) -> LedgerError? {
        do throws(LedgerError) {
            _ = try base.verify(block, expecting: context)
            return nil
        } catch {
            return error
        }
    }

    private func field(_ block: Block) -> String? {
        guard case .header(let field, _, _)? = error(block) else { return nil }
        return field
    }

    /// The block with one field of its header replaced.
    private func block(_ field: String, _ value: CBORValue) throws -> Block {
        let header = try CBORValue.decode(block.headerBytes)
        let entries = try #require(header.mapValue).filter { $0.key != .text(field) }
        let changed = CBORValue.sortedMap(entries + [CBORMapEntry(.text(field), value)])
        return try Block(
            statements: block.statements,
            headerBytes: changed.encoded(),
            checkpointText: block.checkpointText
        )
    }

    @Test func `a block that one node builds is the block that another verifies`() throws {
        let decoded = try Block.decode(block.encoded())
        #expect(decoded == block)
        #expect(decoded.digest == block.digest)
        #expect(decoded.leafHashes == block.leafHashes)
        let state = try base.verify(decoded)
        #expect(state.checkpointText == block.checkpointText)
        #expect(state.size == base.size + 13)
        #expect(state.lastHeader.index == state.size - 1)
        #expect(state.lastHeader.previousHash == base.lastHeaderHash)
    }

    @Test func `the order of arrival changes nothing`() throws {
        for seed in UInt64(0)..<8 {
            var random = SplitMix64(seed: seed)
            let shuffled = claims.shuffled(using: &random)
            #expect(fixture.build(shuffled, on: base).result?.block == block)
        }
    }

    @Test func `the order differs from block to block, so that no id is lucky`() throws {
        let other = try fixture.state(
            after: [try fixture.claim("x", to: "uni-ke", in: "KE", quantity: 1)],
            on: base
        )
        #expect(other.canonicalOrder(of: claims) != base.canonicalOrder(of: claims))
        #expect(Set(other.canonicalOrder(of: claims)) == Set(claims))
    }

    static let mutations: [(String, CBORValue)] = [
        ("height", CBORValue.unsigned(7)), ("previousIndex", .unsigned(1)),
        ("previousHash", .bytes(Digest.zero.bytes)), ("first", .unsigned(3)),
        ("count", .unsigned(11)), ("mapRoot", .bytes(Digest.zero.bytes)),
        ("policyIndex", .unsigned(1)), ("validators", .bytes(Digest.zero.bytes)),
        ("view", .unsigned(1)), ("proposer", .text("stranger")),
        ("time", .unsigned(LedgerFixture.start - 1)),
    ]

    @Test(arguments: mutations)
    func `each field of the header is checked`(name: String, value: CBORValue) throws {
        #expect(field(try block(name, value)) == name)
    }

    @Test func `view, proposer and time are those of the engine`() throws {
        let header = block.header
        func field(_ view: UInt64, _ proposer: String, _ time: UInt64) -> String? {
            let context = BlockContext(view: view, proposer: proposer, time: time)
            guard case .header(let field, _, _)? = error(block, expecting: context) else {
                return nil
            }
            return field
        }
        #expect(field(header.view, header.proposer, header.time) == nil)
        #expect(field(header.view + 1, header.proposer, header.time) == "view")
        #expect(field(header.view, "nl-cdiu", header.time) == "proposer")
        #expect(field(header.view, header.proposer, header.time + 1) == "time")
        #expect(self.field(try self.block("view", .unsigned(9))) == nil)
    }

    @Test func `the checkpoint text is checked`() throws {
        let wrong = try Block(
            statements: block.statements,
            headerBytes: block.headerBytes,
            checkpointText: base.checkpointText
        )
        guard case .checkpoint? = error(wrong) else {
            Issue.record("expected a checkpoint error")
            return
        }
        #expect(wrong.digest != block.digest)
    }

    @Test func `statements out of order, missing, added or exchanged are found`() throws {
        func error(_ statements: [Statement]) throws -> LedgerError? {
            self.error(
                try Block(
                    statements: statements,
                    headerBytes: block.headerBytes,
                    checkpointText: block.checkpointText
                )
            )
        }
        var swapped = block.statements
        swapped.swapAt(3, 4)
        #expect(try error(swapped) == .order(position: 4))
        #expect(try error([]) == .size(statements: 0, bytes: 0))
        guard case .header("count", _, _)? = try error(Array(block.statements.dropLast())) else {
            Issue.record("expected a count error")
            return
        }
        var twice = block.statements
        twice.insert(twice[0], at: 0)
        guard case .statement(1, _, let refusal)? = try error(twice) else {
            Issue.record("expected the duplicate to be named")
            return
        }
        #expect(refusal.code == .duplicate)
    }

    @Test func `a failing statement rejects the block and is named`() throws {
        let nobody = try fixture.claim("c-x", to: "nobody", in: "KE", quantity: 1)
        let statements = base.canonicalOrder(of: block.statements + [nobody])
        let position = try #require(statements.firstIndex(of: nobody))
        let wrong = try Block(
            statements: statements,
            headerBytes: block.headerBytes,
            checkpointText: block.checkpointText
        )
        guard case .statement(position, nobody.leafHash, let refusal)? = error(wrong) else {
            Issue.record("expected the statement to be named")
            return
        }
        #expect(refusal.code == .unknownOrganisation)
    }

    @Test func `a block takes no more than its bounds`() throws {
        let statement = claims[0]
        let many = Array(repeating: statement, count: BlockLimits.statementCountMax + 1)
        let wrong = try Block(
            statements: many,
            headerBytes: block.headerBytes,
            checkpointText: block.checkpointText
        )
        guard case .size(BlockLimits.statementCountMax + 1, _)? = error(wrong) else {
            Issue.record("expected a size error")
            return
        }
        #expect(throws: StatementError.self) { try Block.decode(wrong.encoded()) }
        let build = fixture.build(many, on: base)
        #expect(build.result?.block.statements.count == 1)
        #expect(build.refused.count == BlockLimits.statementCountMax - 1)
    }

    @Test func `bytes bound a block too`() throws {
        let long = String(repeating: "x", count: 500)
        let filler = ClaimBody.Detail(field: "site", digest: .zero)
        let parties = Array(
            repeating: ClaimBody.Party(role: "end_user", organisation: "uni-ke"),
            count: 60
        )
        let body = ClaimBody(
            authority: "LICENSE",
            reference: long,
            destination: "KE",
            parties: parties,
            lines: [.init(sku: "chip-b", quantity: 1)],
            exported: try fixture.claimBody(to: "x", in: "KE", quantity: 1).exported,
            details: [filler]
        )
        let sample = try fixture.statement(.claim(body), id: "sample")
        let fitting = BlockLimits.statementBytesMax / sample.bytes.count
        let count = fitting + 5
        try #require(count < BlockLimits.statementCountMax)
        let statements = try (0..<count).map {
            try fixture.statement(.claim(body), id: "f-\(1_000 + $0)")
        }
        let build = fixture.build(statements, on: base)
        let taken = (build.result?.block.statements.count ?? 0) + build.refused.count
        #expect(taken <= fitting)
        #expect(taken >= fitting - 1)
    }

    @Test func `time never moves back`() throws {
        let later = try #require(
            fixture.build(Array(claims[0..<1]), on: base, time: LedgerFixture.start + 100).result
        ).state
        let next = try #require(
            fixture.build(Array(claims[1..<2]), on: later, time: LedgerFixture.start).result
        )
        #expect(next.block.header.time == LedgerFixture.start + 100)
    }

    @Test func `unfinished blocks live side by side and can be thrown away`() throws {
        let left = try #require(fixture.build(Array(claims[0..<4]), on: base).result)
        let right = try #require(fixture.build(Array(claims[2..<9]), on: base, view: 9).result)
        let leftNext = try #require(fixture.build(Array(claims[4..<12]), on: left.state).result)
        let before = base.map.root
        #expect(try base.verify(left.block).map.root == left.state.map.root)
        #expect(try base.verify(right.block).map.root == right.state.map.root)
        #expect(try left.state.verify(leftNext.block).tree == leftNext.state.tree)
        #expect(throws: LedgerError.self) { try right.state.verify(leftNext.block) }
        #expect(base.map.root == before)
        #expect(base.accounts.isEmpty)
        #expect(leftNext.state.map.root != right.state.map.root)
    }

    @Test func `the changes of a block lead from one map to the next`() throws {
        let state = try base.verify(block)
        var map = base.map
        map.update(state.lastChanges.map { ($0.key, $0.value) })
        #expect(map.root == state.map.root)
        #expect(state.lastChanges.count == 13)
        #expect(Set(state.lastChanges.map(\.key)).count == 13)
    }

    @Test func `a known statement is not decoded again`() throws {
        var asked = 0
        let decoded = try Block.decode(block.encoded()) { hash in
            asked += 1
            return claims.first { $0.leafHash == hash }
        }
        #expect(asked == 12)
        #expect(decoded == block)
    }
}

import CBOR
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import TestSupport
import Testing

/// Damaged bytes give errors, never crashes, and never pass for what they were.
struct FuzzTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
    }

    /// `bytes` with one to three random damages: a bit, a byte, a cut, a repeat.
    private func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 4))
            case 3: bytes.insert(contentsOf: random.bytes(3), at: place)
            default: bytes = Array(bytes.prefix(place))
            }
        }
        return bytes
    }

    private func seeds() throws -> [Statement] {
        var draft = StatementDraft(
            .cancel(CancelBody(claim: "c-1", reason: "error")),
            issuer: "chipco",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        draft.approvals = []
        return [
            try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 3),
            try fixture.organisation("lab-fr", in: "FR"),
            try draft.signed(with: fixture.exporter.key), fixture.genesis,
        ]
    }

    @Test(arguments: UInt64(0)..<8)
    func `a damaged statement is refused, or its signature does not hold`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for statement in try seeds() {
            let rounds = statement.bytes.count > 2_000 ? 60 : 400
            for _ in 0..<rounds {
                let bytes = damaged(statement.bytes, &random)
                guard bytes != statement.bytes, let read = try? Statement.decode(bytes) else {
                    continue
                }
                #expect(read.bytes == bytes)
                #expect(throws: Refusal.self) { try base.checkSignature(read) }
                _ = base.admit(read, time: LedgerFixture.start)
            }
        }
    }

    @Test(arguments: UInt64(0)..<4)
    func `a damaged genesis starts no ledger`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<60 {
            let bytes = damaged(fixture.genesis.bytes, &random)
            guard bytes != fixture.genesis.bytes else { continue }
            #expect(genesisRefusal(bytes) != nil)
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `a damaged block is refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let claims = try (0..<3).map {
            try fixture.claim("c-\($0)", to: "uni-ke", in: "KE", quantity: 1)
        }
        let block = try #require(fixture.build(claims, on: base).result).block
        let context = BlockContext(
            view: block.header.view,
            proposer: block.header.proposer,
            time: block.header.time
        )
        for _ in 0..<300 {
            let bytes = damaged(block.encoded(), &random)
            guard bytes != block.encoded(), let read = try? Block.decode(bytes) else { continue }
            #expect(throws: LedgerError.self) { try base.verify(read, expecting: context) }
        }
    }

    @Test(arguments: UInt64(0)..<4)
    func `damaged proofs and map values are refused or say what they say`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        let state = try fixture.state(after: [claim], on: base)
        let key = try fixture.government.seed.key(for: .log)
        let receipt = try Receipt.make(
            for: claim,
            proof: InclusionProof(index: 0, size: 2, path: [.zero]),
            origin: state.origin,
            issuer: "https://a.example",
            at: 1,
            with: key
        )
        let transparent = TransparentStatement(claim, receipts: [receipt.bytes])
        let total = TotalProof(
            header: state.lastHeader.encoded(),
            mapProof: state.map.proof(for: claim.stateKey)
        )
        let record = try #require(state.claim(issuer: "chipco", id: "c-1"))
        for _ in 0..<300 {
            let damagedReceipt = damaged(receipt.bytes, &random)
            if damagedReceipt != receipt.bytes,
                let read = try? Receipt.decode(damagedReceipt)
            {
                #expect(throws: (any Error).self) {
                    try read.verify(leafHash: claim.leafHash, with: key.publicKey)
                }
            }
            let statement = damaged(transparent.encoded(), &random)
            if let read = try? TransparentStatement.decode(statement) {
                #expect(read.encoded() == statement)
            }
            let proof = damaged(total.encoded(), &random)
            if let read = try? TotalProof.decode(proof) { #expect(read.encoded() == proof) }
            let value = damaged(record.encoded(), &random)
            if let read = try? ClaimRecord.decode(value) { #expect(read.encoded() == value) }
            let header = damaged(state.lastHeader.encoded(), &random)
            if let read = try? BlockHeader.decode(header) { #expect(read.encoded() == header) }
            let account = damaged(state.accounts[0].total.encoded(), &random)
            if let read = try? AccountTotal.decode(account) { #expect(read.encoded() == account) }
        }
    }
}

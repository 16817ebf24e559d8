import CBOR
import COSE
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import Transparency

/// A ledger of four validators in memory: genesis and three blocks, with whatever it can prove.
///
/// Validators are counted from 0 in the order of `LedgerFixture.founders`.
struct SmallLedger: Sendable {
    /// The time of every signature.
    static let signed = LedgerFixture.start + 1_000

    let fixture: LedgerFixture
    /// The state after each block; the first is genesis.
    private(set) var states: [LedgerState]
    /// Every leaf.
    private(set) var leaves: [[UInt8]]

    /// A ledger whose last claim is of `quantity` pieces, followed by `more` blocks of one claim each.
    ///
    /// Another quantity makes a fork after block 2.
    init(quantity: UInt64 = 5, more: Int = 0) throws {
        fixture = try LedgerFixture()
        let (state, block) = try LedgerState.genesis(fixture.genesis.bytes)
        states = [state]
        leaves = block.leaves
        try add([
            try fixture.organisation("lab-ke", in: "KE"),
            try fixture.organisation("lab-nl", in: "NL"),
        ])
        try add([
            try fixture.claim("c-1", to: "lab-ke", in: "KE", quantity: 3),
            try fixture.claim("c-2", to: "lab-nl", in: "NL", quantity: 4),
            try fixture.claim("c-3", to: "lab-ke", in: "KE", quantity: 20, route: "LPP"),
        ])
        try add([try fixture.claim("c-4", to: "lab-ke", in: "KE", quantity: quantity)])
        for number in 0..<more {
            try add([try fixture.claim("m-\(number)", to: "lab-nl", in: "NL", quantity: 1)])
        }
    }

    mutating func add(_ statements: [Statement]) throws {
        let build = fixture.build(statements, on: last)
        if let refused = build.refused.first { throw refused.refusal }
        guard let result = build.result else { return }
        states.append(result.state)
        leaves += result.block.leaves
    }

    var last: LedgerState { states[states.count - 1] }

    var tree: MemoryTree { MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) }) }

    func policy() throws -> TrustPolicy { try last.trustPolicy() }

    /// A policy that trusts the first `count` validators only.
    func policy(trusting count: Int) throws -> TrustPolicy {
        let full = try policy()
        return try TrustPolicy(
            logs: Array(full.logs.prefix(count)),
            witnesses: Array(full.witnesses.prefix(count)),
            groups: [
                TrustPolicy.Group(
                    name: "some",
                    threshold: .all,
                    members: full.witnesses.prefix(count).map(\.name)
                )
            ],
            quorum: "some"
        )
    }

    /// A checkpoint signed by the given validators, with a log line and a cosignature each.
    func note(
        _ checkpoint: Checkpoint,
        by validators: [Int] = [0, 1, 2, 3],
        at time: UInt64 = signed
    ) throws -> SignedNote {
        let signatures = try validators.map { fixture.founders[$0] }
            .flatMap { try $0.signatures(of: checkpoint, at: time) }
        return try SignedNote(text: checkpoint.text, signatures: signatures)
    }

    /// The checkpoint after block `height`.
    func checkpoint(_ height: Int) -> Checkpoint {
        let tree = states[height].tree
        return Checkpoint(origin: LedgerFixture.origin, size: tree.size, root: tree.root)
    }

    /// The Transparent Statement of the leaf at `index`, with receipts by the given validators.
    func transparentStatement(
        _ index: UInt64,
        size: UInt64? = nil,
        by validators: [Int] = [0, 1, 2, 3]
    ) throws -> TransparentStatement {
        let statement = try Statement.decode(leaves[Int(index)])
        let proof = try InclusionProof(index: index, size: size ?? last.size, from: tree)
        return TransparentStatement(
            statement,
            receipts: try validators.map {
                try receipt(statement, proof, by: $0)
            }
        )
    }

    func receipt(
        _ statement: Statement,
        _ proof: InclusionProof,
        origin: String = LedgerFixture.origin,
        by validator: Int
    ) throws -> [UInt8] {
        try fixture.founders[validator].receipt(
            for: statement,
            proof: proof,
            origin: origin,
            at: Self.signed + UInt64(validator)
        ).bytes
    }

    /// The proof of what any key of the state map holds at the end, or that it holds nothing.
    func entry(_ key: [String]) throws -> TlogProof {
        let inclusion = try InclusionProof(index: last.size - 1, size: last.size, from: tree)
        return last.totalProof(
            for: CBORValue.array(key.map { .text($0) }).encoded(),
            path: inclusion.path,
            note: try note(checkpoint(states.count - 1))
        )
    }

    /// The index of the leaf that holds the claim with this id.
    func claimIndex(_ id: String) throws -> UInt64 {
        let record = last.claim(issuer: fixture.exporter.id, id: id)
        guard let record else { throw NoSuchClaim() }
        return record.index
    }

    /// The proof of one account after block `height`.
    func total(
        _ account: (limit: String, subject: String, period: String),
        at height: Int? = nil,
        by validators: [Int] = [0, 1, 2, 3]
    ) throws -> TlogProof {
        let height = height ?? states.count - 1
        let state = states[height]
        let key = CBORValue.array([
            "account", .text(account.limit), .text(account.subject), .text(account.period),
        ]).encoded()
        let inclusion = try InclusionProof(index: state.size - 1, size: state.size, from: tree)
        return state.totalProof(
            for: key,
            path: inclusion.path,
            note: try note(checkpoint(height), by: validators)
        )
    }

    private struct NoSuchClaim: Error {}
}

import APIModel
import COSE
import Foundation
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency

@testable import NodeService

/// Four nodes over real sockets and files.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ClusterTests {
    @Test func `four nodes agree, one leaves and catches up, all come back from disk`() async throws
    {
        let cluster = try Cluster()
        defer { cluster.remove() }
        var nodes = try await cluster.startAll()

        // Every node takes claims, and all end at one root.
        try await expectFinal([try cluster.organisation("org", in: "KE")], at: nodes[0])
        for (position, node) in nodes.enumerated() {
            try await eventually("the organisation at node \(position)") {
                try await node.api.status().checkpoint.size >= 4
            }
            let claims = try (0..<5).map { try cluster.claim("first-\(position)-\($0)") }
            try await expectFinal(claims, at: node)
        }
        let first = try await commonCheckpoint(of: nodes)

        // One is stopped; three go on; it catches up.
        try await nodes[3].stop()
        for round in 0..<3 {
            let claims = try (0..<5).map { try cluster.claim("second-\(round)-\($0)") }
            try await expectFinal(claims, at: nodes[round])
        }
        nodes[3] = try cluster.start(3)
        let second = try await commonCheckpoint(of: nodes, above: first.size)

        // All are stopped, and continue from their directories.
        let before = try await facts(of: nodes[0])
        for node in nodes { try await node.stop() }
        nodes = try await cluster.startAll()
        #expect(try await commonCheckpoint(of: nodes) == second)
        for node in nodes { #expect(try await facts(of: node) == before) }
        let third = try cluster.claim("third")
        let again = try await nodes[1].api.submit([third, third])
        for outcome in again { #expect(isFinal(outcome)) }
        _ = try await commonCheckpoint(of: nodes, above: second.size)
        for node in nodes { try await node.stop() }
    }

    @Test func `refusals say why, replays get their receipt, and nothing else is stored`()
        async throws
    {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let nodes = try await cluster.startAll()
        let api = nodes[0].api
        let organisation = try cluster.organisation("org", in: "KE")
        try await expectFinal([organisation], at: nodes[0])
        let claim = try cluster.claim("a", quantity: 900)
        try await expectFinal([claim], at: nodes[0])

        let other = try cluster.claim("a", quantity: 901)
        let tooMuch = try cluster.claim("b", quantity: 101)
        let unknown = try cluster.claim("c", to: "nobody")
        var forged = try cluster.claim("d").bytes
        forged[forged.count - 1] ^= 1
        let outcomes = try await api.submit([
            claim, other, tooMuch, unknown, try Statement.decode(forged),
        ])
        guard case .final(let replay) = outcomes[0] else {
            Issue.record("the replay: \(outcomes[0])")
            return
        }
        #expect(replay.isDuplicate)
        #expect(replay.receipt != nil)
        let codes = outcomes.dropFirst().map { outcome -> String in
            guard case .refused(let refusal) = outcome else { return "\(outcome)" }
            return refusal.code
        }
        #expect(
            codes == ["conflict", "limit-exceeded", "unknown-organisation", "bad-signature"]
        )
        let published = try await commonCheckpoint(of: nodes)
        #expect(published.size == 6, "genesis, organisation, claim, a header each")

        // Two that fit alone and not together: one is admitted, one refused, wherever they meet.
        let pair = try ["left", "right"].map { try cluster.claim($0, quantity: 60) }
        async let left = nodes[1].api.submit([pair[0]])
        async let right = nodes[2].api.submit([pair[1]])
        let results = try await left + right
        #expect(results.count(where: isFinal) == 1, "\(results)")
        #expect(results.count { if case .refused = $0 { true } else { false } } == 1, "\(results)")
        for node in nodes { try await node.stop() }
    }

    @Test func `a transparent statement carries a valid receipt of every validator`() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let nodes = try await cluster.startAll()
        let organisation = try cluster.organisation("org", in: "KE")
        try await expectFinal([organisation], at: nodes[2])
        _ = try await commonCheckpoint(of: nodes, above: 2)
        let answer = try await nodes[2].api.get(
            "/entries/\(organisation.leafHash)",
            accept: "application/scitt-statement+cose"
        )
        #expect(answer.status == 200)
        let transparent = try TransparentStatement.decode(answer.bytes)
        #expect(transparent.statement == organisation)
        let logs = try LedgerState.genesis(cluster.genesis.bytes).state.validators.map(\.node.log)
        let signers = try transparent.receipts.map { bytes -> Digest in
            let receipt = try Receipt.decode(bytes)
            let key = try #require(logs.first { COSEKey.thumbprint($0) == receipt.kid })
            _ = try receipt.verify(leafHash: organisation.leafHash, with: key)
            return receipt.kid
        }
        #expect(Set(signers).count == 4)
        for node in nodes { try await node.stop() }
    }

    @Test func `with two of four stopped nothing becomes final, and a third is enough again`()
        async throws
    {
        let cluster = try Cluster()
        defer { cluster.remove() }
        var nodes = try await cluster.startAll()
        try await nodes[2].stop()
        try await nodes[3].stop()
        let first = nodes[0].api
        try await eventually("node 0 misses its peers") {
            try await first.get("/health/ready").status != 200
        }
        let statement = try cluster.organisation("org", in: "KE")
        for node in nodes.prefix(2) {
            let answer = try await node.api.post(
                "/v1/submit?receipts=1",
                APICalls.batch([statement]),
                type: "application/cbor"
            )
            let outcome = try #require(try answer.json([SubmissionOutcome].self).first)
            guard case .pending(let entry) = outcome else {
                Issue.record("expected pending: \(outcome)")
                return
            }
            #expect(entry.notice != nil, "the client is told why it takes long")
            #expect(entry.entry == "\(statement.leafHash)")
            let intake = try IntakeReceipt(try #require(entry.intake))
            #expect(intake.entry == statement.leafHash)
            let genesis = try LedgerState.genesis(cluster.genesis.bytes).state
            #expect(intake.head == IntakeReceipt.Head(genesis))
            let own = try #require(genesis.validators.first { $0.id == intake.node })
            try intake.verify(with: own.node.log)
            // Nobody has led since.
            #expect(try await node.api.status().pool.overdueIntakes == 0)
        }
        let unasked = try await first.post(
            "/v1/submit",
            APICalls.batch([statement]),
            type: "application/cbor"
        )
        guard case .pending(let plain) = try unasked.json([SubmissionOutcome].self).first else {
            Issue.record("expected pending: \(unasked.text)")
            return
        }
        #expect(plain.intake == nil)
        nodes[2] = try cluster.start(2)
        let api = nodes[2].api
        try await eventually("the statement becomes final") {
            (try? await api.get("/v1/statements/\(statement.leafHash)"))?.status == 200
        }
        for node in nodes.prefix(3) { try await node.stop() }
    }

    @Test func `hostile questions are answered, and the node lives on`() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let nodes = try await cluster.startAll()
        let api = nodes[0].api
        let paths = [
            "/v1/statements/18446744073709551615", "/v1/statements/9223372036854775808",
            "/v1/statements/-1", "/entries/00", "/tile/0/x999/x999/x999/x999/x999/x999/999",
            "/tile/63/000", "/tile/64/000", "/tile/entries/x999/x999/x999/x999/x999/x999/x999/000",
            "/v1/proof/consistency?old=0&new=18446744073709551615",
            "/v1/proof/consistency?old=2&new=1", "/v1/proof/consistency?old=3&new=99",
            "/v1/claims?after=18446744073709551615", "/v1/claims?limit=0",
            "/v1/room?country=KE&sku=nothing", "/v1/room?country=KE&authority=nothing",
            "/v1/room?country=KE&date=2026-02-30", "/v1/proof/total?country=KE&limit=nothing",
            "/v1/proof/total?country=KE&period=nothing",
        ]
        for path in paths {
            let answer = try await api.get(path)
            #expect(answer.status < 500, "\(path): \(answer.status) \(answer.text)")
        }
        for body in [[], [0x80], [0x81, 0x40], [0x81, 0x41, 0x00], [0xFF], [0x9F, 0xFF]]
            as [[UInt8]]
        {
            let answer = try await api.post("/v1/submit", body, type: "application/cbor")
            #expect(answer.status < 500, "\(body): \(answer.status) \(answer.text)")
        }
        #expect(try await api.status().checkpoint.size == 2)
        for node in nodes { try await node.stop() }
    }

    // MARK: What is expected of nodes

    private func expectFinal(
        _ statements: [Statement],
        at node: RunningNode,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let outcomes = try await node.api.submit(statements)
        for (statement, outcome) in zip(statements, outcomes) {
            guard case .final(let entry) = outcome, let bytes = entry.receipt else {
                Issue.record("not final: \(outcome)", sourceLocation: sourceLocation)
                continue
            }
            let receipt = try Receipt.decode(bytes)
            #expect(receipt.proof.index == entry.index, sourceLocation: sourceLocation)
            #expect(entry.entry == "\(statement.leafHash)", sourceLocation: sourceLocation)
        }
    }

    private func isFinal(_ outcome: SubmissionOutcome) -> Bool {
        if case .final = outcome { true } else { false }
    }

    /// The checkpoint that all nodes have published and stand at.
    private func commonCheckpoint(
        of nodes: [RunningNode],
        above size: UInt64 = 0
    ) async throws -> Checkpoint {
        try await eventually("one checkpoint above \(size)") {
            var seen: Set<String> = []
            for node in nodes {
                guard let checkpoint = try? await node.api.checkpoint(), checkpoint.size > size,
                    try await node.api.status().checkpoint.size == checkpoint.size
                else { return false }
                seen.insert(checkpoint.text)
            }
            return seen.count == 1
        }
        return try #require(try await nodes[0].api.checkpoint())
    }

    /// What readers see of the state, and must see again after a restart.
    private func facts(of node: RunningNode) async throws -> [String] {
        var facts: [String] = []
        for path in ["/v1/accounts", "/v1/claims?limit=100", "/v1/members", "/v1/trust-policy"] {
            facts.append(try await node.api.get(path).text)
        }
        let status = try await node.api.status()
        return facts + [status.checkpoint.root, "\(status.height)", status.policy]
    }
}

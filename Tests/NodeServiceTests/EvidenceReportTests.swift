import APIModel
import Consensus
import Ledger
import LedgerFixture
import LedgerStore
import Testing
import Votes

@testable import NodeService

/// What nodes do with contradicting votes that they hold.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EvidenceReportTests {
    @Test func `what two nodes hold is on the ledger once after a restart, and nothing waits`()
        async throws
    {
        let cluster = try Cluster()
        defer { cluster.remove() }
        var nodes = try await cluster.startAll()
        let state = try LedgerState.genesis(cluster.genesis.bytes).state
        let accused = cluster.fixture.founders[0]
        let pair = try LedgerFixture.doubleVote(by: accused, at: 0, on: state)
        for position in 2...3 {
            try await nodes[position].stop()
            let store = try LedgerStore(
                directory: cluster.home(position).path,
                chainID: state.chainID
            )
            var batch = StoreBatch()
            batch.consensus = [(key: DurableKey.evidence(pair), value: pair.encoded())]
            try store.writeDurably(batch)
        }
        for position in 2...3 { nodes[position] = try cluster.start(position) }
        for (position, node) in nodes.enumerated() {
            try await eventually("the conviction at node \(position)") {
                let answer = try? await node.api.get("/v1/members")
                let members = try answer?.json(MembersDocument.self).members ?? []
                return members.filter { $0.convictedIn != nil }.map(\.id) == [accused.id]
            }
        }
        for node in nodes {
            let status = try await node.api.status()
            #expect(status.pool.statements == 0)
            #expect(status.checkpoint.size == state.size + 2)
        }
        for node in nodes { try await node.stop() }
    }
}

import Foundation
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency

@testable import NodeService

/// Nodes as witnesses of their own ledger, and the signatures that an idle ledger renews.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WitnessTests {
    /// The latest time of each cosignature on the published note.
    private func times(_ node: RunningNode) async throws -> [UInt64] {
        let note = try SignedNote(try await node.api.get("/checkpoint").bytes)
        return note.signatures.compactMap(\.timestamp)
    }

    private func ask(
        _ node: RunningNode,
        _ request: WitnessRequest
    ) async throws -> APICalls.Answer {
        try await node.api.post("/add-checkpoint", Array(request.text.utf8), type: "text/plain")
    }

    @Test func `an idle ledger is signed again, and each node cosigns what it has itself`()
        async throws
    {
        var cluster = try Cluster()
        cluster.renewalSeconds = 1
        defer { cluster.remove() }
        let nodes = try await cluster.startAll()
        try await eventually("a checkpoint with all cosignatures") {
            try await times(nodes[0]).count == nodes.count
        }
        let first = try #require(try await nodes[0].api.checkpoint())
        let before = try await times(nodes[0])
        try await eventually("later cosignatures of all") {
            let now = try await times(nodes[0])
            return now.count == before.count && zip(before, now).allSatisfy { $0 < $1 }
        }
        #expect(try await nodes[0].api.checkpoint() == first)

        let note = try SignedNote(try await nodes[1].api.get("/checkpoint").bytes)
        let unknown = WitnessRequest(oldSize: 0, hashes: [], note: note)
        let told = try await ask(nodes[0], unknown)
        #expect(told.status == 409)
        #expect(told.text == "\(first.size)\n")
        let right = WitnessRequest(oldSize: first.size, hashes: [], note: note)
        let cosigned = try await ask(nodes[0], right)
        #expect(cosigned.status == 200)
        let own = try NodeKeys(
            seed: cluster.fixture.founders[0].seed,
            member: cluster.fixture.founders[0].id,
            origin: LedgerFixture.origin
        ).cosigner.key
        let line = try SignedNote(note.text + "\n" + cosigned.text)
        #expect(try line.verify(keys: [own]).count == 1)

        let padded = WitnessRequest(oldSize: first.size, hashes: [.zero], note: note)
        #expect(try await ask(nodes[0], padded).status == 422)
        let unsigned = try SignedNote(
            text: note.text,
            signatures: note.signatures.filter { $0.name != LedgerFixture.origin }
        )
        let refused = WitnessRequest(oldSize: first.size, hashes: [], note: unsigned)
        #expect(try await ask(nodes[0], refused).status == 403)
        let other = Checkpoint(origin: "other.example/log", size: 1, root: .zero)
        let foreign = WitnessRequest(
            oldSize: 0,
            hashes: [],
            note: try SignedNote(text: other.text, signatures: note.signatures)
        )
        #expect(try await ask(nodes[0], foreign).status == 404)

        let hash = SHA256.hash(Array(LedgerFixture.origin.utf8))
        let latest = try await nodes[2].api.get("/\(hash)/checkpoint")
        #expect(try SignedNote(latest.bytes).text == note.text)
        for node in nodes { try await node.stop() }
    }
}

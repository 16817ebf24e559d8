import QuotaCrypto
import Testing
import Transparency

struct EvaluationTests {
    private static let origin = "quota.example/a"
    private let checkpoint = Checkpoint(origin: origin, size: 3, root: .zero)
    private let logs: [NoteSigner]
    private let cosigners: [Cosigner]
    private let policy: TrustPolicy

    /// Two log keys, three governments of which two are needed, and one exporter.
    init() throws {
        logs = try [1, 2].map { try Signers.log(Self.origin, $0) }
        cosigners = try (11...14).map { try Signers.cosigner("w\($0).example", $0) }
        policy = try TrustPolicy(
            logs: logs.map { .init(key: $0.key) },
            witnesses: zip(["nl", "jp", "us", "exporter"], cosigners).map {
                .init(name: $0, key: $1.key)
            },
            groups: [
                .init(name: "allies", threshold: .count(2), members: ["nl", "jp", "us"]),
                .init(name: "both", threshold: .all, members: ["allies", "exporter"]),
            ],
            quorum: "both"
        )
    }

    private func note(logs: [Int], witnesses: [(Int, UInt64)]) throws -> SignedNote {
        var note = try checkpoint.signed(by: logs.map { self.logs[$0] })
        note.merge(witnesses.map { cosigners[$0.0].cosign(checkpoint, timestamp: $0.1) })
        return note
    }

    @Test func `the verdict says who signed, when, and whether it is enough`() throws {
        let full = try policy.evaluate(
            note(logs: [1], witnesses: [(0, 50), (1, 40), (2, 30), (3, 45)])
        )
        #expect(full.checkpoint == checkpoint)
        #expect(full.logs == [logs[1].key])
        #expect(full.witnesses.map(\.name) == ["nl", "jp", "us", "exporter"])
        #expect(full.witnesses.map(\.timestamp) == [50, 40, 30, 45])
        #expect(full.isQuorumMet)
        #expect(full.quorumTime == 40)
        let short = try policy.evaluate(note(logs: [0, 1], witnesses: [(0, 50), (3, 45)]))
        #expect(short.logs.count == 2)
        #expect(!short.isQuorumMet)
        #expect(short.quorumTime == nil)
    }

    @Test func `a checkpoint without a listed log key is refused`() throws {
        #expect(throws: CheckpointRefusal.noLogSignature) {
            try policy.evaluate(note(logs: [], witnesses: [(0, 1), (1, 1), (3, 1)]))
        }
        let stranger = try Signers.log(Self.origin, 99)
        #expect(throws: CheckpointRefusal.note(.noKnownSignature)) {
            try policy.evaluate(checkpoint.signed(by: [stranger]))
        }
    }

    @Test func `another origin is refused even under a listed key`() throws {
        let other = Checkpoint(origin: "quota.example/b", size: 3, root: .zero)
        let signed = try other.signed(by: logs)
        #expect(throws: CheckpointRefusal.unknownOrigin("quota.example/b")) {
            try policy.evaluate(signed)
        }
    }

    @Test func `a wrong signature of a listed key refuses the whole note`() throws {
        var signed = try note(logs: [0], witnesses: [(0, 1), (1, 1), (2, 1)])
        let other = Checkpoint(origin: Self.origin, size: 4, root: .zero)
        signed.merge([cosigners[3].cosign(other, timestamp: 1)])
        #expect(throws: CheckpointRefusal.note(.badSignature(keyName: "w14.example"))) {
            try policy.evaluate(signed)
        }
    }

    @Test func `a note that is no checkpoint is refused`() throws {
        let text = "quota.example/a\nnot a size\n"
        let signed = try SignedNote(text: text, signatures: [logs[0].sign(text)])
        #expect(throws: CheckpointRefusal.checkpoint(.tooFewLines)) {
            try policy.evaluate(signed)
        }
    }
}

import Foundation
import HTTPAPI
import MerkleLog
import QuotaCrypto
import Testing
import Transparency

@testable import NodeService

/// The witness of a log that is not this node's.
@Suite struct ForeignWitnessTests {
    private static let origin = "allies.example/compute-2026"
    private let folder: String
    private let log: NoteSigner
    private let cosigner: Cosigner
    private let leaves: [Digest]

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/foreign-\(UUID().uuidString)"
        log = try NoteSigner(name: Self.origin, privateKey: try Self.key("log"))
        cosigner = try Cosigner(name: "us-bis.quota.example", privateKey: try Self.key("us-bis"))
        leaves = (0..<20).map { TreeHash.leaf([UInt8($0)]) }
    }

    private static func key(_ name: String) throws -> Ed25519.PrivateKey {
        try Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)
    }

    private func witness() throws -> ForeignWitness {
        try ForeignWitness(keys: [log.key], folder: folder)
    }

    private func tree(_ size: UInt64) -> MemoryTree {
        MemoryTree(leafHashes: Array(leaves.prefix(Int(size))))
    }

    private func checkpoint(_ size: UInt64, root: Digest? = nil) -> Checkpoint {
        Checkpoint(origin: Self.origin, size: size, root: root ?? tree(size).root)
    }

    /// Asks for the tree's first `size` leaves after `old`.
    private func ask(
        _ witness: ForeignWitness,
        _ size: UInt64,
        after old: UInt64,
        root: Digest? = nil,
        proof: [Digest]? = nil,
        signer: NoteSigner? = nil
    ) throws -> WitnessAnswer {
        let checkpoint = checkpoint(size, root: root)
        let path =
            old == 0 || old > size
            ? [] : try ConsistencyProof(oldSize: old, newSize: size, from: tree(size)).path
        let note = try SignedNote(
            text: checkpoint.text,
            signatures: [(signer ?? log).sign(checkpoint.text)]
        )
        let request = WitnessRequest(oldSize: old, hashes: proof ?? path, note: note)
        return try witness.add(request, checkpoint, by: cosigner, at: 7)
    }

    private func isCosigned(_ answer: WitnessAnswer) -> Bool {
        guard case .cosigned = answer else { return false }
        return true
    }

    private func isInconsistent(_ answer: WitnessAnswer) -> Bool {
        guard case .inconsistent = answer else { return false }
        return true
    }

    @Test func `a log that grows is cosigned step by step, also after a restart`() throws {
        var witness = try witness()
        var old: UInt64 = 0
        for size in [UInt64(1), 7, 8, 8, 20] {
            let answer = try ask(witness, size, after: old)
            guard case .cosigned(let line) = answer else {
                Issue.record("size \(size): \(answer)")
                return
            }
            let note = try SignedNote(checkpoint(size).text + "\n" + line)
            #expect(try note.verify(keys: [cosigner.key]).map(\.timestamp) == [7])
            old = size
            witness = try self.witness()
        }
        let shown = try #require(witness.note(of: SHA256.hash(Array(Self.origin.utf8))))
        #expect(shown.text == checkpoint(20).text)
        #expect(try shown.verify(keys: [log.key, cosigner.key]).count == 2)
        #expect(witness.note(of: .zero) == nil)
    }

    @Test func `a client that does not know the size is told`() throws {
        let witness = try witness()
        #expect(try ask(witness, 7, after: 3) == .otherSize(0))
        #expect(isCosigned(try ask(witness, 7, after: 0)))
        #expect(try ask(witness, 9, after: 0) == .otherSize(7))
        #expect(try ask(witness, 9, after: 8) == .otherSize(7))
        #expect(isCosigned(try ask(witness, 9, after: 7)))
    }

    @Test func `a fork, a wrong proof and a proof too many are refused, and change nothing`() throws
    {
        let witness = try witness()
        #expect(isInconsistent(try ask(witness, 7, after: 0, proof: [.zero])))
        #expect(isInconsistent(try ask(witness, 0, after: 0, root: .zero)))
        #expect(isCosigned(try ask(witness, 7, after: 0)))
        let other = SHA256.hash([1])
        #expect(isInconsistent(try ask(witness, 7, after: 7, root: other)))
        #expect(isInconsistent(try ask(witness, 9, after: 7, root: other)))
        #expect(isInconsistent(try ask(witness, 9, after: 7, proof: [])))
        #expect(isInconsistent(try ask(witness, 7, after: 7, proof: [other])))
        #expect(isCosigned(try ask(witness, 9, after: 7)))
    }

    @Test func `logs and keys that the operator did not name are unknown and untrusted`() throws {
        let witness = try witness()
        let stranger = try NoteSigner(name: Self.origin, privateKey: try Self.key("stranger"))
        guard case .untrusted = try ask(witness, 7, after: 0, signer: stranger) else {
            Issue.record("a stranger's signature was taken")
            return
        }
        let nobody = try ForeignWitness(keys: [], folder: folder)
        #expect(try ask(nobody, 7, after: 0) == .unknownOrigin)
    }

    @Test func `a damaged memory stops the node, since a fork could follow`() throws {
        let witness = try witness()
        #expect(isCosigned(try ask(witness, 7, after: 0)))
        let file = "\(folder)/\(SHA256.hash(Array(Self.origin.utf8))).note"
        try Data("x".utf8).write(to: URL(filePath: file))
        #expect(throws: NodeError.self) { try self.witness() }
    }
}

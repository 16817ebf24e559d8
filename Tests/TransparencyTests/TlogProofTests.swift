import MerkleLog
import QuotaCrypto
import Testing
import Transparency

struct TlogProofTests {
    private let leaf = TreeHash.leaf([5])
    private let policy: TrustPolicy
    private let proof: TlogProof

    /// Leaf 5 of 11 under a checkpoint of one log and one witness.
    init() throws {
        let tree = MemoryTree(leafHashes: (0..<11).map { TreeHash.leaf([$0]) })
        let signer = try Signers.log("quota.example/a")
        let cosigner = try Signers.cosigner("w.example", 1)
        let checkpoint = Checkpoint(origin: "quota.example/a", size: 11, root: tree.root)
        var note = try checkpoint.signed(by: [signer])
        note.merge([cosigner.cosign(checkpoint, timestamp: 77)])
        let path = try InclusionProof(index: 5, size: 11, from: tree).path
        proof = TlogProof(extra: [1, 2, 3], index: 5, path: path, note: note)
        policy = try TrustPolicy(
            logs: [.init(key: signer.key)],
            witnesses: [.init(name: "w", key: cosigner.key)],
            groups: [],
            quorum: "w"
        )
    }

    @Test func `a proof comes back from its text and verifies`() throws {
        let text = proof.text
        #expect(text.hasPrefix("c2sp.org/tlog-proof@v1\nextra AQID\nindex 5\n"))
        let parsed = try TlogProof(Array(text.utf8))
        #expect(parsed == proof)
        #expect(parsed.text == text)
        let verdict = try parsed.verify(leaf: leaf, policy: policy)
        #expect(verdict.quorumTime == 77)
        let bare = TlogProof(extra: nil, index: 5, path: proof.path, note: proof.note)
        #expect(try TlogProof(Array(bare.text.utf8)) == bare)
        let empty = TlogProof(extra: [], index: 5, path: [], note: proof.note)
        #expect(try TlogProof(Array(empty.text.utf8)) == empty)
    }

    @Test func `every changed bit outside the extra data is refused`() throws {
        let bytes = Array(proof.text.utf8)
        let extra =
            "c2sp.org/tlog-proof@v1\nextra ".utf8
            .count..<"c2sp.org/tlog-proof@v1\nextra AQID".utf8.count
        for place in bytes.indices where !extra.contains(place) {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                // A changed name or key ID of the log line leaves a line of an unknown key.
                #expect(throws: TlogProofError.self, "byte \(place), bit \(bit)") {
                    try TlogProof(changed).verify(leaf: leaf, policy: policy)
                }
            }
        }
        for count in bytes.indices {
            #expect(throws: TlogProofError.self) {
                try TlogProof(Array(bytes[..<count])).verify(leaf: leaf, policy: policy)
            }
        }
    }

    @Test func `the extra data is not authenticated`() throws {
        let other = TlogProof(extra: [9], index: 5, path: proof.path, note: proof.note)
        _ = try other.verify(leaf: leaf, policy: policy)
    }

    @Test func `another leaf, another policy or a missing witness is refused`() throws {
        #expect(throws: TlogProofError.inclusion(.rootMismatch)) {
            try proof.verify(leaf: TreeHash.leaf([6]), policy: policy)
        }
        let stranger = try Signers.log("quota.example/a", 3)
        let otherPolicy = try TrustPolicy(
            logs: [.init(key: stranger.key)],
            witnesses: [],
            groups: [],
            quorum: nil
        )
        #expect(throws: TlogProofError.checkpoint(.note(.noKnownSignature))) {
            try proof.verify(leaf: leaf, policy: otherPolicy)
        }
        let lone = try SignedNote(
            text: proof.note.text,
            signatures: Array(proof.note.signatures.prefix(1))
        )
        let unwitnessed = TlogProof(extra: nil, index: 5, path: proof.path, note: lone)
        #expect(throws: TlogProofError.quorumNotMet) {
            try unwitnessed.verify(leaf: leaf, policy: policy)
        }
    }

    @Test(arguments: [
        ("c2sp.org/tlog-proof@v2\nindex 0\n\n", 1), ("c2sp.org/tlog-proof@v1\n", 2),
        ("c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\n", 2),
        ("c2sp.org/tlog-proof@v1\nextra AQID\nextra AQID\nindex 0\n\n", 3),
        ("c2sp.org/tlog-proof@v1\nindex 00\n\n", 2), ("c2sp.org/tlog-proof@v1\nindex\n\n", 2),
        ("c2sp.org/tlog-proof@v1\nindex  1\n\n", 2), ("c2sp.org/tlog-proof@v1\nindex 0\nAA==\n", 3),
        ("c2sp.org/tlog-proof@v1\nindex 0\n", 3),
    ])
    func `a malformed file is refused by line`(text: String, line: Int) {
        #expect {
            try TlogProof(Array(text.utf8))
        } throws: { error in
            guard case .line(line, _)? = error as? TlogProofError else { return false }
            return true
        }
    }

    @Test func `a path that no tree has is cut off`() {
        let hash = Base64.encode(Digest.zero.bytes) + "\n"
        let text = "c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: hash, count: 65)
        #expect(throws: TlogProofError.line(67, "the path is too long")) {
            try TlogProof(Array(text.utf8))
        }
    }
}

import MerkleLog
import QuotaCrypto
import TestSupport
import Testing
import Transparency

struct WitnessRequestTests {
    private let tree = MemoryTree(leafHashes: (0..<11).map { TreeHash.leaf([UInt8($0)]) })

    private func checkpoint(_ size: UInt64) throws -> Checkpoint {
        Checkpoint(origin: "log.example", size: size, root: try tree.root(size: size))
    }

    private func request(_ old: UInt64, _ new: UInt64) throws -> WitnessRequest {
        let key = try Ed25519.PrivateKey(seed: [UInt8](repeating: 3, count: 32))
        let signer = try NoteSigner(name: "log.example", privateKey: key)
        return WitnessRequest(
            oldSize: old,
            hashes: try ConsistencyProof(oldSize: old, newSize: new, from: tree).path,
            note: try checkpoint(new).signed(by: [signer])
        )
    }

    @Test func `a request is written and read, and its proof holds`() throws {
        for old in UInt64(0)...11 {
            for new in old...11 {
                let request = try request(old, new)
                let read = try WitnessRequest(Array(request.text.utf8))
                #expect(read == request)
                #expect(read.isConsistent(with: try checkpoint(old), new: try checkpoint(new)))
                let other = Checkpoint(origin: "log.example", size: old, root: .zero)
                #expect(!read.isConsistent(with: other, new: try checkpoint(new)))
            }
        }
    }

    @Test func `what is no request is refused with its line`() throws {
        let text = try request(3, 11).text
        let hash = Base64.encode(Digest.zero.bytes)
        let bad = [
            ("", "line 1"), ("old 3", "line 1"), ("old 03\n\n", "line 1"), ("old 3\n", "line 2"),
            ("old 3\nAA\n\n", "line 2"), ("old 3\n\n", "checkpoint"),
            ("old 0\n" + String(repeating: hash + "\n", count: 64) + "\n", "line 65"),
            (text + "x", "checkpoint"),
        ]
        for (body, place) in bad {
            let error = #expect(throws: WitnessRequestError.self) {
                try WitnessRequest(Array(body.utf8))
            }
            #expect(error?.description.contains(place) == true, "\(body.prefix(20))")
        }
        #expect(throws: WitnessRequestError.self) { try WitnessRequest([0xFF, 0x0A]) }
    }
}
